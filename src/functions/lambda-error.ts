// Lambda's errors, with their statuses.
import { AwsError } from '../wire/aws-error.js';

export function notFound(arn: string): AwsError {
  return lambdaError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
}

export function invalidValue(message: string, { cause }: { cause?: unknown } = {}): AwsError {
  const members = { Type: 'User' };
  return new AwsError('InvalidParameterValueException', message, { statusCode: 400, members, cause });
}

/** For members of Lambda's model that cannot be carried out here. */
export function notSupported(what: string, instead: string): AwsError {
  return invalidValue(`${what} is not supported here; ${instead}.`);
}

/** `Type` tells the SDKs whose fault it was. */
export function lambdaError(
  name: string,
  statusCode: number,
  message: string,
  members: Record<string, unknown> = {},
): AwsError {
  return new AwsError(name, message, { statusCode, members: { Type: 'User', ...members } });
}
