// Names of documents: paths that are the same on every disk and in S3.
import { GluepotError } from '../../base/errors.js';

const SEGMENT = /^[A-Za-z0-9_=@+-][A-Za-z0-9._=@+-]*$/;
const LENGTH_MAX = 512;

/**
 * A folder has no room for `a` beside `a/b`, so no name may be the beginning of another's path.
 * @throws GluepotError `usage` unless `name` is segments of A-Z a-z 0-9 . _ = @ + - with / between, none
 * beginning with a dot
 */
export function checkDocumentName(name: string): void {
  if (name.length <= LENGTH_MAX && name.split('/').every((segment) => SEGMENT.test(segment))) return;
  throw new GluepotError(
    'usage',
    `${JSON.stringify(name)} names no document. Letters, digits and . _ = @ + - can, with / between parts that do not ` +
      `begin with a dot, ${LENGTH_MAX} characters at most.`,
  );
}

/** What every store throws when a condition does not hold. */
export function conflict(location: string, name: string, why: string, cause?: unknown): GluepotError {
  return new GluepotError('conflict', `${location}/${name} was not written: ${why}.`, { cause });
}
