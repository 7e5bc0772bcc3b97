// Several calls at a time, never all at once.

/**
 * `act` on every item, at most `limit` at a time; results in the order of the items. The first failure ends it. An item is
 * taken from `items` when its turn comes, so that these may be made as they are needed.
 */
export async function mapConcurrently<T, R>(
  items: Iterable<T>,
  limit: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items[Symbol.iterator]();
  let taken = 0;
  const work = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      const index = taken++;
      results[index] = await act(next.value);
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
