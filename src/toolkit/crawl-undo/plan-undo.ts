// Plans the undo of a crawl: what it made goes, what it changed or deleted is as before, what nobody knows enough of stays.
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { Clock } from '../../base/clock.js';
import { described } from '../../base/described.js';
import { GluepotError } from '../../base/errors.js';
import type { Ids } from '../../base/ids.js';
import {
  lookedAt,
  openPlan,
  requireReach,
  statisticsRead,
  type CatalogAccess,
  type Change,
  type Plan,
} from '../../change/index.js';
import { observeDatabase, observeDatabases, observeTables } from '../../change/observe-catalog.js';
import type { CatalogHome, SnapshotDamage } from '../../change/snapshot/index.js';
import { selectTables, type TablesAsked } from '../catalog-snapshot/table-selection.js';
import { whichThereAre } from '../crawl-run/which-there-are.js';
import { hasChangedPartitions, tablesToldDeleted } from './crawl.js';
import type { FoundCrawls } from './find-crawls.js';
import { isSeen, untouchedPartitionCount, type SnapshotsAround } from './table-view.js';
import type { TableDecision } from './plan-parts.js';
import { planTable } from './plan-table.js';
import { openWhoChanged } from './who-changed.js';
import { takenText } from './sample-backup/read-backup.js';

export interface UndoAsked extends TableDecision, TablesAsked {
  found: FoundCrawls;
  around: SnapshotsAround;
}

export interface PlanUndoOptions {
  clock?: Clock;
  ids?: Ids;
  /** Tables looked at so far. */
  onProgress?: (tables: number) => void;
}

export interface UndoPlan {
  plan: Plan;
  /**
   * Tables and partitions that were looked at, and what else goes with tables: what a percentage of deletions is of. Partitions of
   * tables that are left out count where snapshots tell of them.
   */
  objectCount: number;
}

/** Each takes some calls at a time. */
const TABLE_CONCURRENCY = 8;

/**
 * What undoing the crawls would do, decided table by table from versions, times of creation and snapshots. Reads only.
 * A table costs a call for its versions when it was changed since the crawl began, and one for each 1,000 partitions.
 * One that is left out costs none.
 * @throws GluepotError `usage` when the database is not there, or a table that is named
 */
export async function planUndo(
  access: CatalogAccess,
  home: CatalogHome,
  asked: UndoAsked,
  options: PlanUndoOptions = {},
): Promise<UndoPlan> {
  await requireReach(access, home, 'What is to be undone');
  requireEvidence(asked);
  const { found, around, tables, except, ...decision } = asked;
  const { DatabaseName, crawls, others, crawlerName, since } = found;
  const selection = selectTables({ tables, except });
  const builder = openPlan(options);
  const going = new Set<string>();
  const add = (change: Change) => {
    if (change.key.kind === 'table' && change.action === 'delete') going.add(change.key.TableName);
    builder.add(change);
  };
  const damages = new Map<string, SnapshotDamage>();
  const onDamage = (damage: SnapshotDamage) => void damages.set(JSON.stringify(damage), damage);
  around.damages?.forEach(onDamage);
  let objectCount = 0;
  let tableCount = 0;
  const seen = new Set<string>();
  const notKnown: string[] = [];
  const [first] = crawls;
  const whoChanged = openWhoChanged(access, crawls.at(-1)?.end ?? new Date(0), around.ownWrites);
  const look = async (subject: Parameters<typeof planTable>[1]) => {
    // Awaited first: several tables are looked at once, and each would add to the count that it began with.
    const count = await planTable(
      access,
      subject,
      { crawls, others, around, whoChanged, onDamage },
      decision,
      add,
    );
    objectCount += count;
    options.onProgress?.(++tableCount);
  };
  for await (const page of observeTables(access, DatabaseName)) {
    const meant = page.filter(({ key }) => {
      seen.add(key.TableName);
      if (selection.has(key)) return true;
      objectCount += 1 + (untouchedPartitionCount(around, key) ?? 0);
      return false;
    });
    await mapConcurrently(meant, TABLE_CONCURRENCY, (current) => look({ key: current.key, current }));
    const untold = meant.filter(
      ({ key }) => hasChangedPartitions(crawls, key.TableName) && !isSeen(around, 'before', key),
    );
    notKnown.push(...untold.map(({ key }) => key.TableName).filter((TableName) => !going.has(TableName)));
  }
  const gone = goneTables(around, found).filter(
    (TableName) => !seen.has(TableName) && selection.has({ DatabaseName, TableName }),
  );
  // Tables that are gone cannot come back into a database that is gone, too.
  if (seen.size === 0) await requireDatabase(access, DatabaseName);
  const selected = selection.resolved(`in database ${DatabaseName}, now or before`);
  await mapConcurrently(gone, TABLE_CONCURRENCY, (TableName) =>
    look({ key: { kind: 'table', DatabaseName, TableName }, current: undefined }),
  );
  const last = crawls.at(-1);
  const resolved: Record<string, string> = {
    crawler: crawlerName,
    database: DatabaseName,
    ...selected,
    ...lookedAt(objectCount),
    ...(since ? { since: since.toISOString() } : {}),
    crawls: crawls.map(({ crawlId }) => crawlId ?? 'the last one').join(', '),
    from: first?.start.toISOString() ?? '',
    to: last?.end?.toISOString() ?? 'now',
    snapshotBefore: around.before[0]?.manifest.id ?? 'none',
    snapshotAfter: around.after[0]?.manifest.id ?? 'none',
    ...statisticsRead(decision.statistics ?? 'tables'),
    ...passedOver([...damages.values()]),
    ...partitionsNotKnown(notKnown),
    ...redoneBetween(around),
    ...(around.backup ? ofBackup(around.backup) : {}),
  };
  const subject = { operation: 'crawl-undo' as const, resolved };
  return { plan: builder.build({ ...home, subject }), objectCount };
}

function ofBackup({ side, from }: NonNullable<SnapshotsAround['backup']>): Record<string, string> {
  return { [`backup ${side}`]: from.location, backupTaken: takenText(from) };
}

function requireEvidence(asked: UndoAsked): void {
  const { found, around } = (asked ?? {}) as Partial<UndoAsked>;
  if (Array.isArray(found?.crawls) && Array.isArray(around?.before) && Array.isArray(around.after)) return;
  throw new GluepotError(
    'usage',
    'Say what is to be undone, as { found: await findCrawls(...), around: await findSnapshotsAround(...) }, and not by ' +
      `${asked ? `found: ${described(found)}, around: ${described(around)}` : described(asked)}.`,
  );
}

/** For what a plan says was resolved: snapshots that are no evidence, or not for all, and the first of what is wrong with each. */
function passedOver(damages: readonly SnapshotDamage[]): Record<string, string> {
  const problems = new Map<string, string[]>();
  for (const { snapshotId, problem } of damages) {
    problems.set(snapshotId, [...(problems.get(snapshotId) ?? []), problem]);
  }
  if (problems.size === 0) return {};
  const texts = [...problems].map(
    ([snapshotId, [first = '', ...more]]) =>
      `${snapshotId}: ${first}${more.length > 0 ? ` And ${more.length} more like it.` : ''}`,
  );
  return { damagedSnapshots: texts.join(' ') };
}

/** @throws GluepotError `usage` when it is not there, with the nearest name or those there are */
async function requireDatabase(access: CatalogAccess, DatabaseName: string): Promise<void> {
  if (await observeDatabase(access, DatabaseName)) return;
  const names: string[] = [];
  for await (const page of observeDatabases(access)) names.push(...page.map(({ key }) => key.DatabaseName));
  throw new GluepotError(
    'usage',
    `There is no database ${DatabaseName} in this account and region. ${whichThereAre(DatabaseName, names)}`,
  );
}

/** For what a plan says was resolved: redos of one of the crawls are to be taken back by themselves. */
function redoneBetween({ redoneBetween: journals = [] }: SnapshotsAround): Record<string, string> {
  if (journals.length === 0) return {};
  const ids = [...journals].reverse().join(', ');
  return {
    redoneBetween: `What was made anew between the crawls was made by none of them, and stays. It is taken back by crawl redo of ${ids}. What was changed back between them is taken for the crawls’ own, and goes with it.`,
  };
}

const NAMED_MAX = 5;

/** For what a plan says was resolved: nothing is undone of what the crawls did to partitions of these tables. */
function partitionsNotKnown(tables: readonly string[]): Record<string, string> {
  if (tables.length === 0) return {};
  const more = tables.length > NAMED_MAX ? ` and ${tables.length - NAMED_MAX} more` : '';
  const named = `${tables.slice(0, NAMED_MAX).join(', ')}${more}`;
  return {
    partitionsNotKnown: `The crawl changed or deleted partitions of ${named}, and no snapshot from before it tells what they were.`,
  };
}

/** Tables that something from before the crawls knows, or their history. */
function goneTables(
  { before, backup }: SnapshotsAround,
  { DatabaseName, crawls }: Pick<FoundCrawls, 'DatabaseName' | 'crawls'>,
): string[] {
  const names = before.flatMap(({ manifest }) =>
    manifest.databases
      .filter((database) => database.DatabaseName === DatabaseName)
      .flatMap(({ tables }) => tables.map(({ TableName }) => TableName)),
  );
  const kept = backup?.side === 'before' ? backup.from.tables : [];
  for (const { table } of kept) {
    if (table.key.DatabaseName === DatabaseName) names.push(table.key.TableName);
  }
  return [...new Set([...names, ...tablesToldDeleted(crawls)])];
}
