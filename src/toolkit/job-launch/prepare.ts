// What a launch does before it starts the job: builds tables aside, clears prefixes into the trash, puts the tables in place.
import { listCleared, moveToTrash, restoreFromTrash, type Restored } from './clear-prefixes.js';
import type { LaunchRecords, Lease } from './launch-records.js';
import type { LaunchScope } from './launch-scope.js';
import type { PlaceholderValues } from './placeholders.js';
import type { LaunchSpec } from './spec.js';
import { buildNames, buildTables, removeTables, type TableSwap } from './tables/build-tables.js';
import { planSwaps, swapBack, swapTables, type SwappedBack } from './tables/swap-tables.js';

export interface Prepared {
  clearedCount: number;
  /** Tables that were redefined, as `database.table`. */
  tables: string[];
}

export interface Preparation {
  spec: LaunchSpec['prepare'];
  records: LaunchRecords;
  values: PlaceholderValues;
  /** Renews the lease, in a new phase if one is given; when it throws, nothing more is done. */
  keepLease(phase?: Lease['phase']): Promise<void>;
}

/**
 * All that can fail for what the spec or the tables say fails before anything is cleared. What is about to be done is written
 * down first, for `undoPreparation`.
 */
export async function prepare(
  scope: LaunchScope,
  { spec, records, values, keepLease }: Preparation,
): Promise<Prepared> {
  const { runKey } = values;
  const built = buildNames(spec, runKey);
  let swaps: TableSwap[] = [];
  if (built.length > 0) {
    await records.putTables(runKey, { built, swaps });
    await keepLease('preparing');
    swaps = await buildTables(scope, spec, values, keepLease);
  }
  const plan = swaps.length > 0 ? await planSwaps(scope, runKey, swaps) : undefined;
  const cleared = await listCleared(scope, spec, runKey);
  if (plan) await records.putTables(runKey, { built, swaps });
  if (cleared.length > 0) await records.putManifest(runKey, cleared);
  if (plan || cleared.length > 0) await keepLease('clearing');
  if (cleared.length > 0) await moveToTrash(scope, cleared, keepLease);
  if (plan) await swapTables(scope, plan);
  return {
    clearedCount: cleared.length,
    tables: swaps.map(({ DatabaseName, TableName }) => `${DatabaseName}.${TableName}`),
  };
}

export type Undone = Restored & SwappedBack;

/** Puts back what a launch has cleared and redefined, never over anything newer. Undefined when it has done neither. */
export async function undoPreparation(
  given: LaunchScope,
  records: LaunchRecords,
  runKey: string,
): Promise<Undone | undefined> {
  // Not ended by the signal: what is half put back is worse than either.
  const scope = { ...given, signal: undefined };
  const tables = await records.tables(runKey);
  const objects = await records.manifest(runKey);
  if (!tables && !objects) return undefined;
  const swapped = await swapBack(scope, runKey, tables?.swaps ?? []);
  if (tables) await removeTables(scope, tables.built);
  return { ...(await restoreFromTrash(scope, objects ?? [])), ...swapped };
}
