// Pages of a list: one more row than asked for tells whether there is a next page.
import type { Page, PageOptions } from './catalog.js';

/**
 * A page of `read`'s rows, which must be in order of `positionOf`; `read` gets the position to start after and how
 * many rows to return at most (-1: all).
 */
export function pageOf<Row, Item>(
  { after, count }: PageOptions,
  read: (after: string | undefined, limit: number) => Row[],
  positionOf: (row: Row) => string,
  itemOf: (row: Row) => Item,
): Page<Item> {
  const rows = read(after, count === undefined ? -1 : count + 1);
  const isLast = count === undefined || rows.length <= count;
  const kept = isLast ? rows : rows.slice(0, count);
  const last = kept.at(-1);
  return { items: kept.map(itemOf), ...(isLast || !last ? {} : { next: positionOf(last) }) };
}

/** Every item of a paged list, a page at a time. */
export function* everyItem<T>(list: (options: PageOptions) => Page<T>, count = 1000): Generator<T> {
  let after: string | undefined;
  do {
    const page = list({ count, ...(after === undefined ? {} : { after }) });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

export function mapPage<A, B>(page: Page<A>, map: (item: A) => B): Page<B> {
  return { ...page, items: page.items.map(map) };
}
