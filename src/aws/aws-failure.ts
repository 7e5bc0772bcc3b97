// Errors that AWS answers, told apart by name, and what they mean to the toolkit.
import { GluepotError, messageOf } from '../base/errors.js';

/** True when `error` came from AWS under one of `names`. */
export function isAwsError(error: unknown, ...names: string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

const NOT_PERMITTED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'Forbidden',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);

/** `error` as a GluepotError: `not-permitted` for missing rights and credentials, otherwise `failed`. */
export function asGluepotError(error: unknown): GluepotError {
  if (error instanceof GluepotError) return error;
  if (error instanceof Error && NOT_PERMITTED.has(error.name)) {
    return new GluepotError('not-permitted', `AWS does not permit this (${error.name}): ${error.message}`, {
      cause: error,
    });
  }
  const isFromAws = error instanceof Error && '$metadata' in error;
  return new GluepotError('failed', isFromAws ? `${error.name}: ${error.message}` : messageOf(error), {
    cause: error,
  });
}
