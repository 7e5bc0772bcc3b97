// A whole listing, a page at a time.
import type { Listing, ObjectStorage } from './object-storage.js';

/**
 * Pages of at most `count` entries and common prefixes, all in one when not given. Each is read when it is asked for, so
 * that others get their turn, and signals are looked at, in between. @throws AwsError NoSuchBucket
 */
export function* listPages(
  storage: Pick<ObjectStorage, 'list'>,
  bucket: string,
  options: { prefix: string; delimiter?: string; count?: number },
): Generator<Listing> {
  let after: string | undefined;
  do {
    const page = storage.list(bucket, { ...options, ...(after === undefined ? {} : { after }) });
    yield page;
    after = page.next;
  } while (after !== undefined);
}
