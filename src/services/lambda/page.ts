// Pages of Lambda's lists, by markers that say nothing to a caller.
import { invalidValue } from '../../functions/lambda-error.js';

// AWS docs: ListFunctions, MaxItems: "returns a maximum of 50 items in each response, even if you set the number higher".
const PAGE_MAX = 50;

/** `read` gives at most `count` items after a position; `positionOfItem` tells an item's own. */
export function pageOf<T>(
  { Marker, MaxItems = PAGE_MAX }: { Marker?: string | undefined; MaxItems?: number | undefined },
  read: (options: { after?: string; count: number }) => T[],
  positionOfItem: (item: T) => string,
): { items: T[]; NextMarker?: string } {
  const count = Math.min(MaxItems, PAGE_MAX);
  const found = read({
    count: count + 1,
    ...(Marker === undefined || Marker === '' ? {} : { after: positionOf(Marker) }),
  });
  const items = found.slice(0, count);
  const last = items.at(-1);
  return {
    items,
    ...(found.length > count && last !== undefined
      ? { NextMarker: Buffer.from(`after:${positionOfItem(last)}`).toString('base64url') }
      : {}),
  };
}

/** For a list that is there as a whole. */
export function pageOfList<T>(
  page: { Marker?: string | undefined; MaxItems?: number | undefined },
  list: readonly T[],
): { items: T[]; NextMarker?: string } {
  const numbered = list.map((item, index) => ({ item, index }));
  const { items, ...next } = pageOf(
    page,
    ({ after = '-1', count }) => numbered.slice(Number(after) + 1, Number(after) + 1 + count),
    ({ index }) => String(index),
  );
  return { items: items.map(({ item }) => item), ...next };
}

function positionOf(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw invalidValue(`The marker '${marker}' is not valid. Use the NextMarker of the page before, as it is.`);
}
