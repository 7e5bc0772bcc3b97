// The error for an event pattern that cannot be one.
import { AwsError } from '../../wire/aws-error.js';

export function invalidPattern(reason: string, cause?: unknown): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`, {
    cause,
  });
}
