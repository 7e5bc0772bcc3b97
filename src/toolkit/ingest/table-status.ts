// How far every table of a database got.
import { watermarkOf } from './ingest-table.js';
import { storeOf, type IngestClients, type IngestOptions } from './ingest-scope.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { chooseTables } from './run-ingest.js';
import type { IngestSpec } from './spec.js';
import { readTracker, type Generation } from './tracker.js';

export interface TableStatus {
  table: string;
  /** Undefined for a table that was never ingested. */
  last?: Pick<Generation, 'runId' | 'committedAt' | 'load' | 'disposition' | 'sequence' | 'counts'> & {
    watermark?: string;
    rows: number;
    bytes: number;
    files: number;
    location: string;
  };
}

const TRACKERS_AT_ONCE = 8;

/** @throws GluepotError `failed` for a tracker that cannot be read */
export async function ingestStatus(
  spec: IngestSpec,
  clients: IngestClients,
  options: IngestOptions & { only?: readonly string[] } = {},
): Promise<TableStatus[]> {
  const tables = await chooseTables(spec, clients, options.only);
  const store = storeOf(spec, clients, options);
  return mapConcurrently(tables, TRACKERS_AT_ONCE, async ({ Name = '' }) => {
    const { generation } = await readTracker(store, Name);
    if (!generation) return { table: Name };
    const { runId, committedAt, load, disposition, sequence, counts, location, files } = generation;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const last = {
      runId,
      committedAt,
      load,
      disposition,
      sequence,
      counts,
      location,
      rows,
      bytes,
      files: files.length,
    };
    return { table: Name, last: { ...last, ...watermarkOf(generation) } };
  });
}
