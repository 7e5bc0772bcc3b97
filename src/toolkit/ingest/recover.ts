// Where a table stands: the last committed generation, shown to readers, whatever became of the run that made it.
import { GluepotError } from '../../base/errors.js';
import { isPublished, publish, type OutputTable } from './publish.js';
import { lastManifest, readManifest, readTracker, type TrackerState } from './tracker.js';

export interface Recovered extends TrackerState {
  /** A run that was cut short behind its commit, and was finished now. */
  finished: string | undefined;
}

/**
 * A manifest that is one ahead of the tracker is a run that was cut short behind its commit: it is finished. What was cut
 * short before has left files that nobody is pointed at.
 * @throws GluepotError `failed` when the tracker is gone or behind
 */
export async function recoverTable(output: OutputTable, table: string): Promise<Recovered> {
  const tracker = await readTracker(output.store, table);
  const sequence = tracker.generation?.sequence ?? 0;
  const next = await readManifest(output.store, table, sequence + 1);
  if (next) {
    await requireNoLater(output, table, sequence + 1);
    await publish(output, next, tracker);
    return { ...(await readTracker(output.store, table)), finished: next.runId };
  }
  await requireNoLater(output, table, sequence);
  const { generation } = tracker;
  if (!generation || (await isPublished(output, generation))) return { ...tracker, finished: undefined };
  await publish(output, generation, tracker);
  return { ...tracker, finished: generation.runId };
}

async function requireNoLater(output: OutputTable, table: string, sequence: number): Promise<void> {
  const last = await lastManifest(output.store, table);
  if (last <= sequence) return;
  // Another run may have gone on since the tracker was read.
  const now = (await readTracker(output.store, table)).generation?.sequence ?? 0;
  if (last <= now + 1 && now > sequence) {
    throw new GluepotError('conflict', `Another run is ingesting ${table}. Run it again when that is done.`);
  }
  throw new GluepotError(
    'failed',
    `${table} has manifests up to ${last} in ${output.store.location}, and its tracker is ${now === 0 ? 'gone' : `at ${now}`}. ` +
      `Put the tracker back, or make it anew from the last manifest: gluepot ingest reset ${table} --rebuild`,
  );
}
