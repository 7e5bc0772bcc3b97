// Decide: which name each found table has, given who has which name already.
import { normalLocation } from './merge-table.js';
import { clashingTableName, tableName } from './table-name.js';

/** Where a found table lies; named after the location unless something else is given. */
export interface FoundPlace {
  location: string;
  namedAfter?: string;
}

/**
 * A name for each table found, in the order given: that of the table which is catalogued for the location, else the plain
 * name while it is free, else the one with the hash.
 * @param locationOf where the table of that name lies: undefined when there is none, '' when it has no location
 */
export function assignTableNames(
  places: readonly FoundPlace[],
  prefix: string,
  locationOf: (name: string) => string | undefined,
): string[] {
  const taken = new Set<string>();
  return places.map(({ location, namedAfter = location }) => {
    const plain = tableName(prefix, namedAfter);
    const hashed = clashingTableName(prefix, namedAfter);
    const isCatalogued = (name: string) => {
      const known = locationOf(name);
      return !taken.has(name) && known !== undefined && normalLocation(known) === normalLocation(location);
    };
    const isFree = !taken.has(plain) && locationOf(plain) === undefined;
    const name = isCatalogued(plain) ? plain : isCatalogued(hashed) ? hashed : isFree ? plain : hashed;
    taken.add(name);
    return name;
  });
}
