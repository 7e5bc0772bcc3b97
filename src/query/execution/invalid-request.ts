// Athena's one error for what a request should not say.
import { AwsError } from '../../wire/aws-error.js';

export function invalidRequest(
  message: string,
  athenaErrorCode = 'INVALID_INPUT',
  cause?: unknown,
): AwsError {
  return new AwsError('InvalidRequestException', message, {
    members: { AthenaErrorCode: athenaErrorCode },
    cause,
  });
}
