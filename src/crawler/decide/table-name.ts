// The name of a crawled table: from its location, and with a hash where that name is taken.
import { createHash } from 'node:crypto';

/** Longest name a crawler gives, in characters. Source: AWS docs, "Parameters set on Data Catalog tables by crawler". */
const NAME_LENGTH_MAX = 128;

/**
 * The prefix and the last segment of the location (the bucket's name for a bucket), lower-cased, every other character
 * than a-z, 0-9 and _ of the segment replaced by _ one for one.
 * @param location `s3://bucket/folder/`, or `s3://bucket/folder/object.csv` for a table of one file
 */
export function tableName(prefix: string, location: string): string {
  return (prefix.toLowerCase() + sanitise(lastSegment(location))).slice(0, NAME_LENGTH_MAX);
}

/**
 * The name for a table whose plain name belongs to another location: `_` and the MD5 of the location without `s3://`.
 * Seen in three catalogs of two accounts. How AWS cuts a long name here is a guess: the hash is kept whole.
 */
export function clashingTableName(prefix: string, location: string): string {
  const hash = createHash('md5').update(withoutScheme(location)).digest('hex');
  return `${tableName(prefix, location).slice(0, NAME_LENGTH_MAX - hash.length - 1)}_${hash}`;
}

function lastSegment(location: string): string {
  const segments = withoutScheme(location).split('/');
  return segments.findLast((segment) => segment !== '') ?? '';
}

function withoutScheme(location: string): string {
  return location.replace(/^s3[an]?:\/\//, '');
}

function sanitise(segment: string): string {
  return segment.toLowerCase().replace(/[^a-z0-9_]/gu, '_');
}
