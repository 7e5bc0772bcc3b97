// What SQS says is wrong.
import { AwsError } from '../wire/aws-error.js';

export function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** @param reason the bounds, as SQS's messages end */
export function invalidParameter(name: string, value: unknown, reason: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}

/** An integer of a request that must lie within bounds. @throws AwsError InvalidParameterValue */
export function requireWithin(name: string, value: number, least: number, greatest: number): void {
  if (Number.isInteger(value) && value >= least && value <= greatest) return;
  throw invalidParameter(name, value, `Must be >= ${least} and <= ${greatest}, if provided.`);
}
