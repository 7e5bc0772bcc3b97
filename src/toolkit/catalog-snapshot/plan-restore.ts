// Plans how the catalog becomes what a snapshot has: three states an object, and nothing that nobody knows enough about.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../base/clock.js';
import { messageOf } from '../../base/errors.js';
import type { Ids } from '../../base/ids.js';
import type { DocumentStore } from '../../change/document-store.js';
import {
  lookedAt,
  openChangePacker,
  openPlan,
  requireReach,
  type CatalogAccess,
  type CatalogObjectKey,
  type Definition,
  type Knowledge,
  type PackedChange,
  type Plan,
  type ThreeWayOptions,
} from '../../change/index.js';
import {
  DamagedSnapshotError,
  diffSnapshots,
  nearestSnapshots,
  readSnapshot,
  snapshotIds,
  snapshotNow,
  tableEntryOf,
  type CatalogHome,
  type Snapshot,
  type SnapshotProgress,
} from '../../change/snapshot/index.js';
import { decideNaming, openWhoChanged } from '../crawl-undo/who-changed.js';
import { requireSameCatalog } from './compare-snapshots.js';
import { namingDamage } from './naming-damage.js';
import { selectRestored, type RestoreScope } from './restore-selection.js';
import { openLossRules } from './without-losses.js';

/** After so many, what else there is to do has its turn: an interruption, a line of progress. */
const CHANGES_AT_ONCE = 500;

export interface RestoreAsked extends RestoreScope {
  /** The id of the snapshot whose state the catalog is to have again. */
  snapshotId: string;
  onConflict?: ThreeWayOptions['onConflict'];
  tableFormats?: ThreeWayOptions['tableFormats'];
}

export interface PlanRestoreOptions {
  clock?: Clock;
  ids?: Ids;
  onProgress?: (progress: SnapshotProgress) => void;
}

export interface RestorePlan {
  plan: Plan;
  /** Objects that were looked at, as they are now: what a percentage of deletions is of. */
  objectCount: number;
}

/**
 * Compares the catalog with the chosen snapshot and decides each object that differs: as the last snapshot saw it, it
 * becomes what it is in the chosen one; changed since the last snapshot, it is a conflict. What the chosen snapshot does
 * not cover is not looked at; what no later one covers, or was moving when it was read, is skipped. Changes nothing.
 * @throws GluepotError `usage` for a snapshot or a named object that is not there, or of another catalog; `failed` when something that was asked for
 *   is damaged, all of which it names
 */
export async function planRestore(
  access: CatalogAccess,
  home: CatalogHome,
  store: DocumentStore,
  asked: RestoreAsked,
  options: PlanRestoreOptions = {},
): Promise<RestorePlan> {
  await requireReach(access, home, 'What is to be restored');
  const wanted = await readSnapshot(store, asked.snapshotId);
  const { id, takenAt, scope } = wanted.manifest;
  requireSameCatalog(wanted.manifest, home);
  const bases = await nearestSnapshots(store, home, {
    ids: (await snapshotIds(store)).reverse(),
    scope,
    // What was kept right before a plan was carried out, or refused, nobody has looked at: it makes no edit a known one.
    isWanted: ({ reason }) => reason !== 'pre-apply',
  });
  const { isAsked, resolved: selected } = selectRestored(asked);
  const whoChanged = openWhoChanged(access, new Date(bases[0]?.manifest.takenAt ?? 0));
  const now = await snapshotNow(access, home, store, scope, options);
  try {
    const ofTables = selected([wanted.manifest, now.snapshot.manifest]);
    const rules = openLossRules(now.snapshot);
    const decided = openChangePacker();
    let count = 0;
    for await (const { key, before, after } of diffSnapshots(now.snapshot, wanted, isAsked)) {
      const base = await lastKnown(bases, key);
      const states = { key, base, wanted: knownBy(wanted, key, after?.definition), current: before };
      const change = await decideNaming(states, decisionOptions(asked), whoChanged);
      rules.see(change);
      decided.add(change);
      if (++count % CHANGES_AT_ONCE > 0) continue;
      await setImmediate();
      access.signal?.throwIfAborted();
    }
    const builder = openPlan(options);
    const { databases, tables, partitions } = now.snapshot.manifest.counts;
    let objectCount = databases + tables + partitions;
    for (const change of decided.finish().changes) {
      if (isUncounted(change)) objectCount++;
      builder.add(rules.withoutLoss(change));
    }
    const resolved: Record<string, string> = {
      ...{ snapshot: id, takenAt, ...ofTables },
      ...lookedAt(objectCount),
    };
    if (bases[0]) resolved.lastSnapshot = bases[0].manifest.id;
    const subject = { operation: 'snapshot-restore' as const, resolved };
    return { plan: builder.build({ ...home, subject }), objectCount };
  } catch (error) {
    throw error instanceof DamagedSnapshotError ? await namingDamage(wanted, isAsked, error) : error;
  } finally {
    await now.close();
  }
}

/** Indexes and statistics that are there: a manifest does not count them, and they are among what may be deleted. */
function isUncounted(change: PackedChange): boolean {
  const { kind } = change.key;
  return (kind === 'partition-index' || kind.endsWith('-statistics')) && change.has('current');
}

function decisionOptions({ onConflict, tableFormats }: RestoreAsked): ThreeWayOptions {
  return {
    making: 'recreate',
    ...(onConflict ? { onConflict } : {}),
    ...(tableFormats ? { tableFormats } : {}),
  };
}

async function lastKnown(bases: readonly Snapshot[], key: CatalogObjectKey): Promise<Knowledge> {
  const damages: string[] = [];
  for (const base of bases.filter((snapshot) => snapshot.covers(key))) {
    try {
      return knownBy(base, key, (await base.object(key))?.definition);
    } catch (error) {
      // An older one tells less of what somebody else did since: what differs from it is a conflict, and not overwritten.
      if (!(error instanceof DamagedSnapshotError)) throw error;
      damages.push(messageOf(error));
    }
  }
  const why = damages.length === 0 ? '' : ` (damaged: ${damages.join(' ')})`;
  return { known: false, reason: `none of the last snapshots tells of it${why}` };
}

function knownBy(
  { manifest }: Snapshot,
  key: CatalogObjectKey,
  definition: Definition | undefined,
): Knowledge {
  const { id, takenAt } = manifest;
  const isMoving = tableEntryOf(manifest, key)?.isMoving;
  if (isMoving) return { known: false, reason: `its table was being changed while snapshot ${id} was taken` };
  return { known: true, definition, evidence: [{ from: 'snapshot', snapshotId: id, takenAt }] };
}
