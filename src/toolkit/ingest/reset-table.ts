// Setting a table's high-water mark, and making a lost tracker anew from the last manifest. No file is touched.
import { GluepotError } from '../../base/errors.js';
import { parseCursor } from './cursor.js';
import { makeRunId, outputTableOf, type IngestScope } from './ingest-scope.js';
import { watermarkOf } from './ingest-table.js';
import { publish } from './publish.js';
import { recoverTable } from './recover.js';
import { advanceTracker, lastManifest, readManifest, readTracker, writeManifest } from './tracker.js';

export interface ResetReport {
  table: string;
  from?: string | undefined;
  to?: string | undefined;
}

/** The next run goes on from `to`. @throws GluepotError `usage` when it has no cursor, or `to` is no position of it */
export async function resetTable(scope: IngestScope, table: string, to: string): Promise<ResetReport> {
  const output = outputTableOf(scope, table);
  const tracker = await recoverTable(output, table);
  const base = tracker.generation;
  if (!base?.cursor) {
    throw new GluepotError(
      'usage',
      `${table} has no high-water mark to set: it ${base ? 'has no cursor' : 'was never ingested'}.`,
    );
  }
  const now = scope.clock.now();
  const generation = {
    ...base,
    sequence: base.sequence + 1,
    runId: makeRunId(now),
    startedAt: now.toISOString(),
    committedAt: now.toISOString(),
    load: 'reset' as const,
    cursor: { ...base.cursor, watermark: String(parseCursor(base.cursor.kind, to)) },
    counts: { read: 0, added: 0, updated: 0, deleted: 0, unchanged: 0, ties: 0 },
    copies: [],
  };
  delete generation.range;
  await writeManifest(scope.store, generation);
  await publish(output, generation, tracker);
  return { table, from: watermarkOf(base).watermark, to: watermarkOf(generation).watermark };
}

/** @throws GluepotError `usage` when there is nothing to make it from, `conflict` when the tracker is there */
export async function rebuildTracker(scope: IngestScope, table: string): Promise<ResetReport> {
  const { store } = scope;
  const { ETag } = await readTracker(store, table);
  if (ETag !== undefined) {
    throw new GluepotError(
      'conflict',
      `${table} has a tracker, so none is made from its manifests. Remove it first if it is wrong.`,
    );
  }
  const last = await readManifest(store, table, await lastManifest(store, table));
  if (!last)
    throw new GluepotError('usage', `${table} has no manifest in ${store.location} to make a tracker from.`);
  await advanceTracker(store, last, undefined);
  return { table, to: watermarkOf(last).watermark };
}
