// Key ↔ file path. An ordinary key is the path of its file inside the bucket's folder; a key that no file there can be
// named after is escaped: its file lies outside the bucket folders under a digest, and the state remembers its key.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../wire/aws-error.js';

/** Longest key in UTF-8 bytes. AWS docs: "Naming Amazon S3 objects". */
export const KEY_BYTES_MAX = 1024;

/** Longest file name in UTF-8 bytes on the usual file systems. */
const NAME_BYTES_MAX = 255;

/** Longest path in bytes that the operating system takes. */
const PATH_BYTES_MAX = { linux: 4095, darwin: 1023, win32: 259 }[process.platform as string] ?? 1023;

/** File names that Windows reads differently, among them those with a second path separator. */
const WINDOWS_HAZARD = /[<>:"\\|?*\p{Cc}]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** @throws AwsError KeyTooLongError, InvalidArgument (empty, NUL, or not Unicode) */
export function requireLegalKey(key: string): void {
  const byteCount = utf8Length(key);
  if (byteCount > KEY_BYTES_MAX) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', {
      members: { Size: String(byteCount), MaxSizeAllowed: String(KEY_BYTES_MAX) },
    });
  }
  const fault =
    key === ''
      ? 'is empty; it needs at least one character'
      : key.includes('\0')
        ? 'has a NUL character, which no object can be named with'
        : LONE_SURROGATE.test(key)
          ? 'is not valid Unicode; keys are UTF-8 text'
          : undefined;
  if (fault) throw new AwsError('InvalidArgument', `The key ${JSON.stringify(key)} ${fault}.`);
}

/** Bytes that `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

export interface KeyPaths {
  /** Absolute path of the bucket's folder. */
  bucketFolder(bucket: string): string;
  /**
   * Path of the file that is named like the key; undefined when there can be none: an empty, `.` or `..` segment
   * (`x//y`, `/x`, `x/`), a name over 255 bytes, a path too long for the operating system.
   */
  plain(bucket: string, key: string): string | undefined;
  /** Folder of the bucket's escaped keys. */
  escapedFolder(bucket: string): string;
  /** Folder of the parts of the bucket's multipart uploads. */
  uploadFolder(bucket: string): string;
  /** Path of the key's file when it is escaped. */
  escaped(bucket: string, key: string): string;
}

/** `root` must be absolute and free of symbolic links. Bucket names are taken as legal. */
export function keyPaths(root: string): KeyPaths {
  const bucketFolder = (bucket: string) => join(root, bucket);
  // These begin with a dot, as no bucket may.
  const escapedFolder = (bucket: string) => join(root, '.escaped', bucket);
  return {
    bucketFolder,
    plain(bucket, key) {
      if (!key.split('/').every(isPlainName)) return undefined;
      const path = join(root, bucket, key);
      return utf8Length(path) > PATH_BYTES_MAX ? undefined : path;
    },
    escapedFolder,
    uploadFolder: (bucket) => join(root, '.uploads', bucket),
    escaped: (bucket, key) => join(escapedFolder(bucket), createHash('sha256').update(key).digest('hex')),
  };
}

function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  if (name.length * 3 > NAME_BYTES_MAX && utf8Length(name) > NAME_BYTES_MAX) return false;
  return process.platform !== 'win32' || !WINDOWS_HAZARD.test(name);
}
