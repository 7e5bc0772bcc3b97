// One apply at a time of a database: two at once would each write down only a part of what became of it.
import { poll } from '../../aws/poll.js';
import { systemClock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { randomIds } from '../../base/ids.js';
import { sha256 } from '../canonical-definition.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { DocumentStore } from '../document-store.js';
import { newJournalId } from '../journal/journal-names.js';
import { takeLease, type Lease, type LeaseHolder } from '../lease.js';
import { databasesOf } from '../plan/build-plan.js';
import type { Plan } from '../plan.js';
import type { ApplyOptions } from './apply-options.js';

const APPLYING = 'applying/';
/** What a killed apply leaves blocks others for no longer. */
export const DATABASE_LEASE_MS = 2 * 60_000;

/** The work that is done under leases. */
export interface LeasedWork {
  access: CatalogAccess;
  store: DocumentStore;
  plan: Plan;
  /** Of the journal that it goes on with, and takes over the leases of who died at it; a new one is begun when not given. */
  journalId?: string;
  options: ApplyOptions;
}

export interface HeldLeases {
  journalId: string;
  /** @throws GluepotError `conflict` when somebody else has taken one */
  hold: Lease['hold'];
  release(): Promise<void>;
}

/**
 * Does `act` under a lease of each database that the plan changes. It is to hold them before each write.
 * @throws GluepotError `guard-refused` when somebody else has one of them: `act` is not begun
 */
export async function withDatabaseLeases<T>(
  work: LeasedWork,
  act: (held: HeldLeases) => Promise<T>,
): Promise<T> {
  const { clock = systemClock, signal = new AbortController().signal, waitMs = 0, onWait } = work.options;
  // In one order for all: of two that want the same ones, one gets them.
  const databases = databasesOf(work.plan).sort();
  const what = `another change of ${databases.join(', ')}`;
  const waiting = { what, timeoutMs: waitMs, ...(onWait ? { onState: onWait } : {}) };
  const held = await poll<HeldLeases>({ clock, signal }, waiting, async () => {
    const taken = await takeAll(work, databases);
    if ('hold' in taken) return { done: taken };
    if (waitMs === 0) throw refused(work.store, taken.DatabaseName, taken.holder);
    return { state: described(taken.holder) };
  });
  try {
    return await act(held);
  } finally {
    await held.release();
  }
}

/** All of them or none: who has one of the others that cannot be had. */
async function takeAll(
  { access, store, plan, journalId: known, options: { clock = systemClock, ids = randomIds } }: LeasedWork,
  databases: readonly string[],
): Promise<HeldLeases | { DatabaseName: string; holder: LeaseHolder }> {
  // At each attempt: ids of new journals are to be in the order in which they change a database.
  const journalId = known ?? (await newJournalId(store, clock, ids));
  const asked = {
    id: journalId,
    what: `${plan.subject.operation} with journal ${journalId}`,
    termMs: DATABASE_LEASE_MS,
    takesOver: known !== undefined,
  };
  const leases: Lease[] = [];
  const held = {
    journalId,
    async hold() {
      for (const lease of leases) await lease.hold();
    },
    async release() {
      // What stays ends by itself, and what was done is what people are to hear of.
      for (const lease of leases) await lease.release().catch(() => {});
    },
  };
  let isHeld = false;
  try {
    for (const DatabaseName of databases) {
      const taken = await takeLease(store, leaseName(access, plan, DatabaseName), asked, clock);
      if ('holder' in taken) return { DatabaseName, holder: taken.holder };
      leases.push(taken.lease);
    }
    isHeld = true;
    return held;
  } finally {
    if (!isHeld) await held.release();
  }
}

function leaseName({ CatalogId }: CatalogAccess, { accountId, region }: Plan, DatabaseName: string): string {
  const database = JSON.stringify([CatalogId ?? accountId, region, DatabaseName.toLowerCase()]);
  return `${APPLYING}${sha256(database).slice(0, 16)}.json`;
}

function described({ what, who, startedAt }: LeaseHolder): string {
  return `${what}, by ${who} since ${startedAt}`;
}

function refused({ location }: DocumentStore, DatabaseName: string, holder: LeaseHolder): GluepotError {
  return new GluepotError(
    'guard-refused',
    `Nothing was done: ${DatabaseName} is being changed with the store ${location}: ${described(holder)}. Wait for the end, or say ` +
      `--if-running wait. Should it have been killed, end it with --resume or --rollback ${holder.id}, or go on after ${holder.until}.`,
  );
}
