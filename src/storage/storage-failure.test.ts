// What failures of the file system are to callers.
import { describe, expect, it } from 'vitest';
import { AwsError } from '../wire/aws-error.js';
import { answering, storageFailure } from './storage-failure.js';

const systemError = (code: string) => Object.assign(new Error(`${code}: open '/data/s3/lake/k'`), { code });
const WHAT = 's3://lake/k was not stored';

describe('a failure of the file system', () => {
  it.each([
    ['no room', 'ENOSPC', 'InsufficientStorage', 507],
    ['a quota', 'EDQUOT', 'InsufficientStorage', 507],
    ['a limit of file sizes', 'EFBIG', 'InsufficientStorage', 507],
    ['no permission', 'EACCES', 'AccessDenied', 403],
    ['a file that may not be changed', 'EPERM', 'AccessDenied', 403],
    ['a read-only disk', 'EROFS', 'AccessDenied', 403],
    ['too many open files', 'EMFILE', 'SlowDown', 503],
    ['too many open files of all processes', 'ENFILE', 'SlowDown', 503],
    ['a bucket on another disk', 'EXDEV', 'InternalError', 500],
  ])('for %s says what was not done and why', (_case, code, name, statusCode) => {
    const cause = systemError(code);
    const failure = storageFailure(cause, WHAT);
    expect(failure).toBeInstanceOf(AwsError);
    expect(failure).toMatchObject({ name, statusCode, cause });
    expect((failure as Error).message).toMatch(/^s3:\/\/lake\/k was not stored: .+\.$/);
  });

  it.each([new AwsError('BadDigest', 'no'), systemError('EIO'), new Error('a defect')])(
    'of any other kind stays what it is: %s',
    (error) => {
      expect(storageFailure(error, WHAT)).toBe(error);
      expect(() =>
        answering(WHAT, () => {
          throw error;
        }),
      ).toThrow(error);
    },
  );
});
