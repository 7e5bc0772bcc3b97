// Keeps snapshots that are being written and the removal of garbage apart, for each relies on what the other changes.
import type { Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import { leaseHolder, takeLease, type LeaseHolder } from '../lease.js';

/*
 * A writer says so, then looks for a prune; a prune says so, then looks for writers. Whoever comes second sees the other:
 * a writer waits for the prune, a prune leaves all objects. So an object that a writer found in the store stays in it.
 */
const WRITING = 'writing/';
const PRUNING = 'pruning.json';

/** A writer that takes longer gives up: beyond WRITER_ABANDONED_MS a prune no longer minds it. */
const WRITER_MAX_MS = 12 * 3600_000;
const WRITER_ABANDONED_MS = 24 * 3600_000;

/** A prune that takes longer stops removing: beyond PRUNE_ABANDONED_MS writers no longer mind it. */
const PRUNE_MAX_MS = 10 * 60_000;
const PRUNE_ABANDONED_MS = 20 * 60_000;

const WAIT_MAX_MS = 60_000;
const PAUSE_MS = 500;

interface Marker {
  id: string;
  startedAt: string;
}

export interface Writer {
  /** @throws GluepotError `timed-out` when it has taken so long that garbage may have been removed under it */
  requireInTime(): void;
  done(): Promise<void>;
}

/** @throws GluepotError `conflict` when a prune does not end within a minute */
export async function beginWriting(
  store: DocumentStore,
  id: string,
  { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined },
): Promise<Writer> {
  const name = `${WRITING}${id}.json`;
  const startedAt = clock.now();
  try {
    await store.put(name, markerBytes({ id, startedAt: startedAt.toISOString() }), { ifAbsent: true });
    for (;;) {
      const prune = await leaseHolder(store, PRUNING, clock);
      if (!prune) break;
      if (elapsedMs(clock, startedAt) > WAIT_MAX_MS) throw pruneAtWork(store, prune);
      await clock.sleep(PAUSE_MS, signal);
    }
  } catch (error) {
    await quietly(store.delete(name));
    throw error;
  }
  return {
    requireInTime() {
      if (elapsedMs(clock, startedAt) <= WRITER_MAX_MS) return;
      throw new GluepotError(
        'timed-out',
        `Snapshot ${id} took more than ${WRITER_MAX_MS / 3600_000} hours; what it relies on may be gone. Narrow its scope.`,
      );
    },
    done: () => store.delete(name),
  };
}

/** Acts, and takes the mark away, come what may. */
export async function marked<T>({ done }: Pick<Writer, 'done'>, act: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await act();
  } catch (error) {
    await quietly(done());
    throw error;
  }
  await done();
  return result;
}

/** For a mark that goes because something failed: that is what people are to hear of, and a mark that stays is abandoned some day. */
function quietly(removal: Promise<void>): Promise<void> {
  return removal.catch(() => {});
}

function pruneAtWork({ location }: DocumentStore, { until }: LeaseHolder): GluepotError {
  return new GluepotError(
    'conflict',
    `A prune of ${location} is at work. Try again when it is done, or, should it have been killed, after ${until}.`,
  );
}

export interface Pruning {
  /** Snapshots that are being written; while there are any, no object may go. */
  writers: readonly string[];
  /** False once it has taken so long that writers no longer wait for it. */
  isInTime(): boolean;
  done(): Promise<void>;
}

/** @throws GluepotError `conflict` while another prune is at work */
export async function beginPruning(store: DocumentStore, id: string, clock: Clock): Promise<Pruning> {
  const startedAt = clock.now();
  const asked = { id, what: 'a prune', termMs: PRUNE_ABANDONED_MS };
  const taken = await takeLease(store, PRUNING, asked, clock);
  if ('holder' in taken) throw pruneAtWork(store, taken.holder);
  const done = () => taken.lease.release();
  try {
    const writers = await writersAtWork(store, clock);
    return { writers, isInTime: () => elapsedMs(clock, startedAt) < PRUNE_MAX_MS, done };
  } catch (error) {
    await quietly(done());
    throw error;
  }
}

/** Ids of snapshots that are being written; what abandoned ones left is cleared away. */
async function writersAtWork(store: DocumentStore, clock: Clock): Promise<string[]> {
  const writers: string[] = [];
  for await (const { name } of store.list(WRITING)) {
    const marker = await store.get(name);
    if (!marker) continue;
    if (elapsedMs(clock, startOf(marker.bytes)) < WRITER_ABANDONED_MS) {
      writers.push(name.slice(WRITING.length, -'.json'.length));
    } else await store.delete(name, { ifMatch: marker.ETag });
  }
  return writers;
}

function markerBytes(marker: Marker): Uint8Array {
  return Buffer.from(JSON.stringify(marker));
}

/** What cannot be read counts as abandoned: nobody who is at work wrote it. */
function startOf(bytes: Uint8Array): Date {
  try {
    const { startedAt } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Marker;
    const startMs = Date.parse(startedAt);
    return new Date(Number.isNaN(startMs) ? 0 : startMs);
  } catch {
    return new Date(0);
  }
}

function elapsedMs(clock: Clock, since: Date): number {
  return clock.now().getTime() - since.getTime();
}
