// Decide: what has to be looked at again after objects came or went, given the tables that earlier crawls wrote.
import { normalLocation } from '../decide/merge-table.js';

/** A table of the crawler's own. */
export interface OwnTable {
  name: string;
  /** URL without a slash at its end. */
  location: string;
  keyCount: number;
}

export interface TouchedPlaces {
  /** Folders of partitions, by table: keys with a slash at their end. */
  partitions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folders to be listed as a whole. */
  folders: readonly string[];
}

/**
 * A folder as deep as a table's partitions is looked at alone. Anything else in a table has its whole table looked at; what
 * lies in none, the highest folder around it that holds no table.
 * @param root key of the include path: '' or with a slash at its end
 * @param keys of objects below it
 */
export function touchedPlaces(
  bucket: string,
  root: string,
  keys: Iterable<string>,
  tables: readonly OwnTable[],
): TouchedPlaces {
  const partitions = new Map<string, Set<string>>();
  const folders = new Set<string>();
  const prefixOf = ({ location }: OwnTable) => `${location.slice(`s3://${bucket}/`.length)}/`;
  const places = tables
    .filter(({ location }) => normalLocation(location).startsWith(`s3://${bucket}/`))
    .map((table) => ({ table, prefix: prefixOf(table) }));
  const isTableOfBucket = tables.find(({ location }) => location === `s3://${bucket}`);
  if (isTableOfBucket) places.push({ table: isTableOfBucket, prefix: '' });

  for (const key of keys) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const around = places
      // A table of one object has that object's key for its place.
      .filter(({ prefix }) => folder.startsWith(prefix) || `${key}/` === prefix)
      .sort((one, other) => other.prefix.length - one.prefix.length)[0];
    if (!around) {
      folders.add(
        freeFolder(
          root,
          folder,
          places.map(({ prefix }) => prefix),
        ),
      );
      continue;
    }
    const { table, prefix } = around;
    const depth = folder.slice(prefix.length).split('/').length - 1;
    if (table.keyCount > 0 && depth === table.keyCount) {
      partitions.set(table.name, (partitions.get(table.name) ?? new Set()).add(folder));
    } else folders.add(prefix.length <= root.length ? root : prefix === `${key}/` ? folder : prefix);
  }
  const isCovered = (folder: string) =>
    [...folders].some((other) => other !== folder && folder.startsWith(other));
  const whole = [...folders].filter((folder) => !isCovered(folder)).sort();
  for (const { table, prefix } of places) {
    if (whole.some((folder) => prefix.startsWith(folder))) partitions.delete(table.name);
  }
  return { partitions, folders: whole };
}

function freeFolder(root: string, folder: string, taken: readonly string[]): string {
  let free = folder;
  for (;;) {
    if (free.length <= root.length) return root;
    const parent = free.slice(0, free.slice(0, -1).lastIndexOf('/') + 1);
    if (parent.length < root.length || taken.some((prefix) => prefix.startsWith(parent))) return free;
    free = parent;
  }
}
