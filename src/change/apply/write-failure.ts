// Failed writes: which of them may be tried again after a look at what is there now.
import type { ErrorDetail } from '@aws-sdk/client-glue';
import { messageOf, systemErrorCode } from '../../base/errors.js';

export interface WriteFailure {
  message: string;
  /** The write may have landed, or may succeed later. */
  isWorthAnotherLook: boolean;
}

/** Worth a look also where the state of the object stood in the way: an answer may have been lost, and the write done. */
const LOOK_AGAIN = new Set([
  'AlreadyExistsException',
  'ConcurrentModificationException',
  'ConflictException',
  'EntityNotFoundException',
  'InternalFailure',
  'InternalServiceException',
  'NetworkingError',
  'OperationTimeoutException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ResourceNotReadyException',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
]);

/** What a call threw. */
export function thrownFailure(error: unknown): WriteFailure {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const isServerSide = ($metadata?.httpStatusCode ?? 0) >= 500;
  return {
    message: `${name}: ${messageOf(error)}`,
    isWorthAnotherLook: LOOK_AGAIN.has(name) || isServerSide || systemErrorCode(error) !== undefined,
  };
}

/** What a batch answered for one of its items. */
export function itemFailure({
  ErrorCode = 'UnknownError',
  ErrorMessage = '',
}: ErrorDetail = {}): WriteFailure {
  return { message: `${ErrorCode}: ${ErrorMessage}`, isWorthAnotherLook: LOOK_AGAIN.has(ErrorCode) };
}
