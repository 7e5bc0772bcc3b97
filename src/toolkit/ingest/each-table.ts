// What is done to tables one after the other that are there already: compact, verify, reset.
import { compactTable, type CompactReport } from './compact-table.js';
import { withIngestScope, type IngestClients, type IngestOptions, type IngestScope } from './ingest-scope.js';
import { rebuildTracker, resetTable, type ResetReport } from './reset-table.js';
import { chooseTables } from './run-ingest.js';
import type { IngestSpec } from './spec.js';
import { verifyTable, type VerifyReport } from './verify-table.js';

type EachOptions = IngestOptions & { only?: readonly string[]; onProgress?: (table: string) => void };

async function eachTable<T>(
  spec: IngestSpec,
  clients: IngestClients,
  options: EachOptions,
  act: (scope: IngestScope, table: string) => Promise<T>,
): Promise<T[]> {
  const tables = await chooseTables(spec, clients, options.only);
  return withIngestScope(spec, clients, options, async (scope) => {
    const results: T[] = [];
    for (const { Name = '', TableType } of tables) {
      if (TableType === 'VIRTUAL_VIEW') continue;
      options.onProgress?.(Name);
      results.push(await act(scope, Name));
    }
    return results;
  });
}

export function compactTables(
  spec: IngestSpec,
  clients: IngestClients,
  options: EachOptions = {},
): Promise<CompactReport[]> {
  return eachTable(spec, clients, options, compactTable);
}

export function verifyTables(
  spec: IngestSpec,
  clients: IngestClients,
  options: EachOptions = {},
): Promise<VerifyReport[]> {
  return eachTable(spec, clients, options, verifyTable);
}

/** @param to the position, or `rebuild` for a tracker from the last manifest */
export function resetTables(
  spec: IngestSpec,
  clients: IngestClients,
  to: { to: string } | 'rebuild',
  options: EachOptions = {},
): Promise<ResetReport[]> {
  return eachTable(spec, clients, options, (scope, table) =>
    to === 'rebuild' ? rebuildTracker(scope, table) : resetTable(scope, table, to.to),
  );
}
