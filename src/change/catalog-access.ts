// How a catalog is reached, and what it means that something is not there.
import type { GlueClient } from '@aws-sdk/client-glue';
import { isAwsError } from '../aws/aws-failure.js';
import type { Clock } from '../base/clock.js';

export interface CatalogAccess {
  glue: GlueClient;
  /** Another account's catalog; the caller's own when not given. */
  CatalogId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** For pauses between retries; the system's when not given. */
  clock?: Clock | undefined;
}

/** What was asked for, undefined when AWS says that it, its table or its database is not there. */
export async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return undefined;
    throw error;
  }
}

/** Pages until the end, or until what they are of is gone; none when it was never there. */
export async function* pagesUnlessAbsent<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[],
): AsyncGenerator<Item[]> {
  try {
    for await (const page of pages) yield itemsOf(page);
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
  }
}
