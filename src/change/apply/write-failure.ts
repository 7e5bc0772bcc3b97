// Failed writes: which of them may be tried again after a look at what is there now.
import type { ErrorDetail } from '@aws-sdk/client-glue';
import { messageOf, systemErrorCode } from '../../base/errors.js';

export interface WriteFailure {
  message: string;
  /** How often at most to look what is there now, and to try again: the write may have landed, or may succeed later. 0 when it is in vain. */
  looksMax: number;
  /** AWS did not take the request: nothing was changed by it. False where nobody knows. */
  isRefused: boolean;
  /** Somebody else removed what it is to be made in, or made the like of it under another name: an index of the same keys. */
  isOthersDoing: boolean;
}

export const LOOKS_MAX = 8;

/** Writes without a condition are refused this often, each after a look, where the SDK would send others once more by itself. */
const THROTTLED_LOOKS_MAX = 24;

const THROTTLED = new Set([
  'RequestLimitExceeded',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** Words for requests that were not carried out; others may have been, in part or later than AWS waits. */
const REFUSED = new Set([
  ...THROTTLED,
  'AccessDeniedException',
  'AlreadyExistsException',
  'ConcurrentModificationException',
  'EntityNotFoundException',
  'InvalidInputException',
  'ResourceNumberLimitExceededException',
  'ValidationException',
]);

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
  'TimeoutError',
]);

/** However often one looks: what is to be made is not there, and cannot be made. */
const OTHERS_DOING = new Set(['AlreadyExistsException', 'EntityNotFoundException']);

/** What a call threw. */
export function thrownFailure(error: unknown): WriteFailure {
  const { name = '', $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  const isServerSide = ($metadata?.httpStatusCode ?? 0) >= 500;
  const mayPass = isServerSide || systemErrorCode(error) !== undefined;
  // Of an attempt of the SDK's before this one the answer may have been lost.
  const isOnlyAttempt = ($metadata?.attempts ?? 1) === 1;
  return {
    message: `${name}: ${messageOf(error)}`,
    looksMax: looksMaxOf(name) || (mayPass ? LOOKS_MAX : 0),
    isRefused: isOnlyAttempt && REFUSED.has(name),
    isOthersDoing: OTHERS_DOING.has(name),
  };
}

/** What a batch answered for one of its items. */
export function itemFailure({
  ErrorCode = 'UnknownError',
  ErrorMessage = '',
}: ErrorDetail = {}): WriteFailure {
  return {
    message: `${ErrorCode}: ${ErrorMessage}`,
    looksMax: looksMaxOf(ErrorCode),
    isRefused: REFUSED.has(ErrorCode),
    isOthersDoing: OTHERS_DOING.has(ErrorCode),
  };
}

function looksMaxOf(code: string): number {
  if (THROTTLED.has(code)) return THROTTLED_LOOKS_MAX;
  return LOOK_AGAIN.has(code) ? LOOKS_MAX : 0;
}
