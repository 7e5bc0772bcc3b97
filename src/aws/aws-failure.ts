// Errors that AWS answers, told apart by name, and what they mean to the toolkit.
import { GluepotError, messageOf, systemErrorCode } from '../base/errors.js';

/** True when `error` came from AWS under one of `names`. */
export function isAwsError(error: unknown, ...names: string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError']);

const NOT_PERMITTED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'AuthFailure',
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
  if (error instanceof Error && NO_CREDENTIALS.has(error.name)) {
    return new GluepotError(
      'not-permitted',
      `There are no AWS credentials that can be used: ${error.message.replace(/\.$/, '')}. ` +
        'Give a profile that has some, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      { cause: error },
    );
  }
  const unreached = placeNotReached(error);
  if (unreached !== undefined) {
    return new GluepotError(
      'failed',
      `Nothing answers at ${unreached} (${systemErrorCode(error)}). Look whether region and endpoint are right, and at the network.`,
      { cause: error },
    );
  }
  if (isForeignAnswer(error)) {
    return new GluepotError(
      'failed',
      `The endpoint answered ${statusOf(error)}and not in AWS's words: it does not have the operation that was asked for, or it is not AWS.`,
      { cause: error },
    );
  }
  // The SDK's name for all that its request handler waited for in vain, and for connections that are lost.
  if (isAwsError(error, 'TimeoutError')) return unanswered(error);
  const isFromAws = error instanceof Error && '$metadata' in error;
  return new GluepotError('failed', isFromAws ? `${error.name}: ${error.message}` : messageOf(error), {
    cause: error,
  });
}

/** Whether an answer could not be read, for it is not of AWS's protocol (seen in the SDK's deserialization). */
export function isForeignAnswer(error: unknown): error is SyntaxError {
  return error instanceof SyntaxError && '$response' in error;
}

function statusOf(error: Error): string {
  const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return httpStatusCode === undefined ? '' : `HTTP ${httpStatusCode}, `;
}

function unanswered(error: Error): GluepotError {
  const { attempts = 1 } = (error as { $metadata?: { attempts?: number } }).$metadata ?? {};
  const tries = `${attempts} attempt${attempts === 1 ? '' : 's'}`;
  const advice = 'It may be done all the same. Look at the network and at the endpoint, and try again.';
  const code = systemErrorCode(error);
  return code === undefined
    ? new GluepotError('timed-out', `No answer came in time (${tries}). ${advice}`, { cause: error })
    : new GluepotError('failed', `The connection broke off (${code}, ${tries}). ${advice}`, { cause: error });
}

const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** The host or address that a system error of the network says it did not reach. */
function placeNotReached(error: unknown): string | undefined {
  if (!NOT_REACHED.has(systemErrorCode(error) ?? '')) return undefined;
  const { hostname, address, port } = error as { hostname?: string; address?: string; port?: number };
  if (hostname !== undefined) return hostname;
  return address === undefined ? undefined : `${address}${port === undefined ? '' : ` port ${port}`}`;
}
