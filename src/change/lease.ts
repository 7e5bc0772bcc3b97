// Leases: who is at work, since when and until when, as a document written on conditions. One whose holder died ends by itself.
import { hostname } from 'node:os';
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { randomIds } from '../base/ids.js';
import type { DocumentStore } from './document-store.js';

export interface LeaseHolder {
  /** Of the work: who goes on with it may take its lease over. */
  id: string;
  /** The work, for people. */
  what: string;
  /** The process that is at it, for people. */
  who: string;
  /** Of this one taking of it: nobody else's document bears it, not even of the same process at the same moment. */
  taking: string;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601. From then on anybody may take the lease. */
  until: string;
}

export interface LeaseAsked extends Pick<LeaseHolder, 'id' | 'what'> {
  /** It is renewed whenever a third of this is over, for as long as the process lives. */
  termMs: number;
  /** Whether it is taken over from a holder with the same `id`. */
  takesOver?: boolean;
}

export interface Lease {
  /** @throws GluepotError `conflict` when somebody else has taken it, and what kept it from being renewed in time */
  hold(): Promise<void>;
  /** @throws when the store fails or somebody else has taken it: then it ends by itself */
  release(): Promise<void>;
}

/** So often it may change hands between a look at it and the attempt to take it. */
const ROUNDS_MAX = 10;

/**
 * @returns who has it when it cannot be had
 * @throws GluepotError `conflict` when others keep taking it and letting it go
 */
export async function takeLease(
  store: DocumentStore,
  name: string,
  { id, what, termMs, takesOver = false }: LeaseAsked,
  clock: Clock,
): Promise<{ lease: Lease } | { holder: LeaseHolder }> {
  const startedAt = clock.now().toISOString();
  const who = `process ${process.pid} on ${hostname()}`;
  const taking = randomIds.hex(8);
  const write = async (condition: { ifAbsent: true } | { ifMatch: string }) => {
    const until = new Date(clock.now().getTime() + termMs).toISOString();
    const bytes = Buffer.from(
      JSON.stringify({ id, what, who, taking, startedAt, until } satisfies LeaseHolder),
    );
    return (await store.put(name, bytes, condition)).ETag;
  };
  let found: Awaited<ReturnType<DocumentStore['get']>>;
  for (let rounds = 1; ; rounds++) {
    try {
      const ETag = await write(found ? { ifMatch: found.ETag } : { ifAbsent: true });
      return { lease: keepRenewing({ store, name, taking, termMs, clock, write }, ETag) };
    } catch (error) {
      // Somebody has it, or took it or let it go since it was looked at.
      if (!isConflict(error) || rounds === ROUNDS_MAX) throw error;
    }
    found = await store.get(name);
    const holder = found && holderInTime(found.bytes, clock);
    if (holder && !(takesOver && holder.id === id)) return { holder };
  }
}

/** Undefined while nobody has it. */
export async function leaseHolder(
  store: DocumentStore,
  name: string,
  clock: Clock,
): Promise<LeaseHolder | undefined> {
  const found = await store.get(name);
  return found && holderInTime(found.bytes, clock);
}

interface Renewal {
  store: DocumentStore;
  name: string;
  taking: string;
  termMs: number;
  clock: Clock;
  write(condition: { ifMatch: string }): Promise<string>;
}

function keepRenewing({ store, name, taking, termMs, clock, write }: Renewal, ETag: string): Lease {
  const nowMs = () => clock.now().getTime();
  let writtenMs = nowMs();
  let lost: GluepotError | undefined;
  let renewing: Promise<void> | undefined;
  let isReleased = false;

  /** Also when its time is over: it is this one's for as long as nobody else has written it. */
  const whileOwn = async <T>(act: (condition: { ifMatch: string }) => Promise<T>): Promise<T> => {
    try {
      return await act({ ifMatch: ETag });
    } catch (error) {
      if (!isConflict(error)) throw error;
      // What stands in the way may be a renewal of its own that was kept, and whose answer was lost.
      const found = await store.get(name);
      if (!found || holderIn(found.bytes)?.taking !== taking) throw (lost = takenOver(store, name, error));
      ETag = found.ETag;
      return act({ ifMatch: ETag });
    }
  };
  const renew = async () => {
    const atMs = nowMs();
    try {
      ETag = await whileOwn(write);
      writtenMs = atMs;
    } finally {
      renewing = undefined;
    }
  };
  const hold = async () => {
    if (lost) throw lost;
    if (nowMs() - writtenMs >= termMs / 3) await (renewing ??= renew());
  };
  const arm = () =>
    setAlarm(clock, new Date(nowMs() + termMs / 3), () => {
      // Who needs it next hears of what fails here.
      void hold()
        .catch(() => {})
        .finally(() => {
          if (!isReleased) forget = arm();
        });
    });
  let forget = arm();

  return {
    hold,
    async release() {
      isReleased = true;
      forget();
      await renewing?.catch(() => {});
      if (!lost) await whileOwn((condition) => store.delete(name, condition));
    },
  };
}

/** Undefined when its time is over. */
function holderInTime(bytes: Uint8Array, clock: Clock): LeaseHolder | undefined {
  const holder = holderIn(bytes);
  return holder && Date.parse(holder.until) > clock.now().getTime() ? holder : undefined;
}

/** What cannot be read is nobody's: who is at work did not write it. */
function holderIn(bytes: Uint8Array): LeaseHolder | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as LeaseHolder;
  } catch {
    return undefined;
  }
}

function takenOver({ location }: DocumentStore, name: string, cause: unknown): GluepotError {
  const message = `This was given up for dead, and somebody else has been at work since: see ${location}/${name}.`;
  return new GluepotError('conflict', message, { cause });
}

function isConflict(error: unknown): boolean {
  return error instanceof GluepotError && error.kind === 'conflict';
}
