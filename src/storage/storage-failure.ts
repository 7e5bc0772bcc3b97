// What a failed write means to the caller: a full disk has a clear answer.
import { messageOf, systemErrorCode } from '../base/errors.js';
import { AwsError } from '../wire/aws-error.js';

/**
 * The error to answer when writing to storage failed: InsufficientStorage (507, which no SDK retries) for a full disk,
 * InternalError for a bucket folder that lies on another disk; anything else is handed back as it is.
 */
export function storageFailure(error: unknown, what: string): unknown {
  if (isDiskFull(error)) {
    return new AwsError(
      'InsufficientStorage',
      `${what} was not stored: the disk is full (${messageOf(error)}). What was there before is unchanged. ` +
        'Free some space and try again.',
      { statusCode: 507, cause: error },
    );
  }
  if (systemErrorCode(error) === 'EXDEV') {
    return new AwsError(
      'InternalError',
      `${what} was not stored: its bucket's folder lies on another disk than the folder of all buckets. ` +
        'Keep both on one disk, so that a write can be complete or absent.',
      { statusCode: 500, cause: error },
    );
  }
  return error;
}

function isDiskFull(error: unknown): boolean {
  return (
    ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemErrorCode(error) ?? '') ||
    /disk is full/i.test(messageOf(error))
  );
}

/**
 * Drops what the state remembers of a file that is gone. Where the disk is full even that can fail, but must not keep
 * anyone from deleting objects: a record without its file has no effect.
 */
export function forgetIfRoom(drop: () => void): void {
  try {
    drop();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}
