// Which files of an Iceberg table an increment need not read, by the bounds that its manifests have of the cursor.
import type { IcebergFile } from '../../../tabular/iceberg/read-iceberg-files.js';
import type { IcebergField } from '../../../tabular/iceberg/iceberg-schema.js';
import type { WantedRows } from './source-kind.js';

/** The types whose numbers are a cursor's own positions. */
const COMPARABLE: Readonly<Partial<Record<WantedRows['kind'], RegExp>>> = {
  timestamp: /^timestamp(tz)?$/,
  date: /^date$/,
  integer: /^(int|long)$/,
};

/** The files in which a wanted row can be. */
export function wantedFiles<T extends Pick<IcebergFile, 'upperBounds' | 'nullCounts'>>(
  files: readonly T[],
  cursor: Pick<IcebergField, 'id' | 'type'>,
  wanted: WantedRows,
): readonly T[] {
  // Of a backfill all files are read from its range on, and what is older says nothing about rows within.
  const isOlderWanted = wanted.wholeKey !== undefined && wanted.withNulls;
  if (isOlderWanted && files.some(({ nullCounts }) => nullCounts.get(cursor.id) !== 0)) return files;
  return files.filter((file) => mayHoldWanted(file, cursor, wanted));
}

/** False only where the manifest says that no row of the file can be wanted. */
function mayHoldWanted(
  { upperBounds, nullCounts }: Pick<IcebergFile, 'upperBounds' | 'nullCounts'>,
  { id, type }: Pick<IcebergField, 'id' | 'type'>,
  { kind, lower, withNulls }: Pick<WantedRows, 'kind' | 'lower' | 'withNulls'>,
): boolean {
  const bound = upperBounds.get(id);
  if (!bound || typeof type !== 'string' || !COMPARABLE[kind]?.test(type)) return true;
  if (withNulls && nullCounts.get(id) !== 0) return true;
  // A file from before a column became a long has four bytes.
  const greatest = bound.length === 4 ? BigInt(bound.readInt32LE()) : bound.readBigInt64LE();
  return greatest >= lower;
}
