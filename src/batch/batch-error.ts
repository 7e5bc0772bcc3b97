// Batch's one error for what a caller did wrong.
import { AwsError } from '../wire/aws-error.js';

export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message);
}

/** For members of Batch's model that cannot be carried out here. */
export function notSupported(what: string, instead: string): AwsError {
  return clientError(`${what} is not supported here; ${instead}.`);
}
