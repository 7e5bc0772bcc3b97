// What a failure of the file system means to the caller.
import { messageOf, systemErrorCode } from '../base/errors.js';
import { AwsError } from '../wire/aws-error.js';

/**
 * The error to answer when `what`, e.g. "s3://lake/k was not stored", because the file system refused; anything else is
 * handed back as it is.
 */
export function storageFailure(error: unknown, what: string): unknown {
  const answer = (name: string, statusCode: number, why: string) =>
    new AwsError(name, `${what}: ${why}`, { statusCode, cause: error });
  const reason = messageOf(error);
  // 507 is retried by no SDK.
  if (isDiskFull(error)) {
    return answer(
      'InsufficientStorage',
      507,
      `the disk is full (${reason}). What was there before is unchanged. Free some space and try again.`,
    );
  }
  switch (systemErrorCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return answer(
        'AccessDenied',
        403,
        `the operating system does not allow it (${reason}). Give the user who runs gluepot the right to it.`,
      );
    // 503 is retried by every SDK.
    case 'EMFILE':
    case 'ENFILE':
      return answer('SlowDown', 503, `too many files are open (${reason}). Reduce your request rate.`);
    case 'EXDEV':
      return answer(
        'InternalError',
        500,
        "its bucket's folder lies on another disk than the folder of all buckets. " +
          'Keep both on one disk, so that a write can be complete or absent.',
      );
    default:
      return error;
  }
}

/** Does what a caller asked for, and fails as storageFailure() says. */
export function answering<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw storageFailure(error, what);
  }
}

export function isDiskFull(error: unknown): boolean {
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
