// What undoing crawls does to one table and all that is in it.
import { mapConcurrently } from '../../base/map-concurrently.js';
import {
  decideChange,
  keyDigest,
  keyLabel,
  type CatalogAccess,
  type CatalogObject,
  type CatalogObjectKey,
  type Change,
  type Knowledge,
  type ObjectOf,
  type StatisticsRead,
  type ThreeWayOptions,
} from '../../change/index.js';
import {
  observePartitionIndexes,
  observePartitions,
  observePartitionStatistics,
  observeTableStatistics,
} from '../../change/observe-catalog.js';
import { isResourceLink } from '../../change/resource-link.js';
import type { SnapshotDamage } from '../../change/snapshot/index.js';
import { isBefore, type Crawl } from './crawl.js';
import type { FoundCrawls } from './find-crawls.js';
import { doubtAbout, partitionKnowledge, tableKnowledge, type Doubts } from './object-knowledge.js';
import { partitionStates } from './partition-states.js';
import { readVersions } from './read-versions.js';
import { isReachedBack, tableStates } from './table-states.js';
import { untouchedPartitionCount, viewOfTable, type SnapshotsAround, type TableView } from './table-view.js';

type Table = ObjectOf<'table'>;

/** Partitions of a table whose statistics are read at once. */
const STATISTICS_AT_ONCE = 8;

export interface TableDecision extends Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'> {
  /**
   * Column statistics of tables that are deleted are read, so that redo can put them back; under `all` also those of partitions
   * that are, at a call for 100 columns of each. `tables` when not given.
   */
  statistics?: StatisticsRead;
}

/** Takes a change up, and keeps it. */
type AddChange = (change: Change) => void;

interface Subject {
  key: Table['key'];
  current: Table | undefined;
}

interface Evidence {
  crawls: readonly Crawl[];
  doubts: Doubts;
  before: TableView | undefined;
  after: TableView | undefined;
}

/** What is known of all tables. */
export interface KnownOfCrawls extends Pick<FoundCrawls, 'crawls' | 'others'> {
  around: SnapshotsAround;
  /** Told of what cannot be read of a snapshot. */
  onDamage: (damage: SnapshotDamage) => void;
}

/** @returns how many objects were looked at; what is to happen to them goes to `add` as it is decided, in any order */
export async function planTable(
  access: CatalogAccess,
  { key, current }: Subject,
  { around, onDamage, ...known }: KnownOfCrawls,
  decision: TableDecision,
  add: AddChange,
): Promise<number> {
  // Crawlers make no links, and what a link shows is another table's.
  if (isResourceLink(current?.definition)) return 1;
  const untouched = current && untouchedPartitionCount(around, key);
  if (untouched !== undefined) return 1 + untouched;
  const before = await viewOfTable(around, 'before', key, onDamage);
  const after = await viewOfTable(around, 'after', key, onDamage);
  const { crawls } = known;
  const doubts = {
    before: doubtAbout(before, 'before', key.TableName, known),
    after: doubtAbout(after, 'after', key.TableName, known),
  };
  const evidence = { crawls, before, after, doubts };
  const own = await planTableItself(access, { key, current }, evidence, decision);
  if (!current) {
    if (own) add(own);
    if (own?.action === 'recreate') await planRecreatedParts(evidence, decision, add);
    return 0;
  }
  const partitions = { count: 0, deleted: 0, statistics: 0 };
  if (own || bearsNameOf(current, crawls)) {
    await planPartitions(access, current, evidence, decision, (change, isThere) => {
      const isItself = change?.key.kind !== 'partition-statistics';
      if (isThere) partitions[isItself ? 'count' : 'statistics']++;
      if (isItself && change?.action === 'delete') partitions.deleted++;
      if (change) add(change);
    });
  }
  const objectCount = 1 + partitions.count + partitions.statistics;
  if (own?.action !== 'delete') {
    if (own) add(own);
    return objectCount;
  }
  const kept = partitions.count - partitions.deleted;
  if (kept > 0) {
    // What nobody decided on must not go with the table.
    const reason = `It stays, for ${kept} of its ${partitions.count} partitions are not the crawl's.`;
    add({ action: 'skip', key, current: current.definition, reason, evidence: own.evidence });
    return objectCount;
  }
  add(own);
  const gone = await planDeletedParts(access, current, own, decision);
  gone.forEach(add);
  return objectCount + gone.length;
}

async function planTableItself(
  access: CatalogAccess,
  { key, current }: Subject,
  { crawls, before, after, doubts }: Evidence,
  decision: TableDecision,
): Promise<Change | undefined> {
  const states = tableStates(
    {
      TableName: key.TableName,
      current,
      versions: current ? await versionsSince(access, current, crawls, before?.table?.table) : [],
      before: tableKnowledge(before, 'before'),
      after: tableKnowledge(after, 'after'),
      doubts,
      beforeVersionId: before?.table?.table.provenance.VersionId,
    },
    crawls,
  );
  return states && decideChange({ key, ...states, current }, { ...decision, making: 'recreate' });
}

/** Partitions of other crawlers' tables, and of tables that no crawler made, are none of the crawl's. */
function bearsNameOf({ definition }: Table, crawls: readonly Crawl[]): boolean {
  const mark = definition.Parameters?.['UPDATED_BY_CRAWLER'];
  return crawls.some(({ crawlerName }) => crawlerName === mark);
}

/** Newest first, as far back as is needed to know what was before the crawls. */
async function versionsSince(
  access: CatalogAccess,
  current: Table,
  crawls: readonly Crawl[],
  before: Table | undefined,
): Promise<Table[]> {
  const { UpdateTime, CreateTime } = current.provenance;
  const [first] = crawls;
  if (!first || isBefore(first, UpdateTime ?? CreateTime)) return [current];
  if (before && isNextVersion(before, current)) return [current];
  if (isFirstVersion(current)) return [current];
  return readVersions(access, current.key, (versions) => isReachedBack(versions, crawls));
}

/** Numbers of versions begin with 0 (seen in GetTableVersions answers), and those of a name that is made anew begin again. */
function isFirstVersion({ provenance: { VersionId } }: Table): boolean {
  return VersionId !== undefined && Number(VersionId) === 0;
}

/** Whether there is no version between the two, nor another table of the name. */
function isNextVersion({ provenance: one }: Table, { provenance: next }: Table): boolean {
  return (
    one.CreateTime !== undefined &&
    one.CreateTime.getTime() === next.CreateTime?.getTime() &&
    Number(one.VersionId) + 1 === Number(next.VersionId)
  );
}

/** @param decided told of every partition, and of statistics that go with one: what is to happen, if anything, and whether it is there */
async function planPartitions(
  access: CatalogAccess,
  table: Table,
  { crawls, before, after, doubts }: Evidence,
  decision: TableDecision,
  decided: (change: Change | undefined, isThere: boolean) => void,
): Promise<void> {
  const { DatabaseName, TableName } = table.key;
  const decide = async (key: ObjectOf<'partition'>['key'], current: ObjectOf<'partition'> | undefined) => {
    const known = {
      before: await partitionKnowledge(before, 'before', key.Values),
      after: await partitionKnowledge(after, 'after', key.Values),
    };
    const states = partitionStates({ TableName, current, ...known, doubts }, crawls);
    const change = states && decideChange({ key, current, ...states }, { ...decision, making: 'recreate' });
    decided(change, current !== undefined);
    return change;
  };
  const seen = new Set<string>();
  const going: ObjectOf<'partition'>[] = [];
  const hadSome = before?.table !== undefined || before?.damage !== undefined;
  if (isPartitioned(table)) {
    for await (const page of observePartitions(access, DatabaseName, TableName)) {
      for (const current of page) {
        if (hadSome) seen.add(keyDigest(current.key));
        const change = await decide(current.key, current);
        if (change?.action === 'delete' && decision.statistics === 'all') going.push(current);
      }
      for (const part of await statisticsGoing(access, table, going.splice(0))) decided(part, true);
    }
  }
  for await (const page of before?.partitions() ?? []) {
    for (const { found } of page) {
      if (!found || seen.has(keyDigest(found.partition.key))) continue;
      const change = await decide(found.partition.key, undefined);
      // Whatever there was of them went with it.
      if (change?.action === 'recreate' && found.statistics) {
        decided(recreatedPart(found.statistics, change, decision), false);
      }
    }
  }
}

function isPartitioned({ definition: { PartitionKeys = [] } }: Table): boolean {
  return PartitionKeys.length > 0;
}

/** Column statistics of partitions that are deleted: written down, so that they can come back with them. */
async function statisticsGoing(
  access: CatalogAccess,
  table: Table,
  partitions: readonly ObjectOf<'partition'>[],
): Promise<Change[]> {
  const changes = await mapConcurrently(partitions, STATISTICS_AT_ONCE, async (partition) => {
    const found = await observePartitionStatistics(access, table, partition.key.Values, partition);
    return found && goingWith(partition.key, found, []);
  });
  return changes.filter((change) => change !== undefined);
}

/** Partitions, indexes and statistics of a table that is made anew, as the snapshot from before has them. */
async function planRecreatedParts(
  { before }: Evidence,
  decision: TableDecision,
  add: AddChange,
): Promise<void> {
  if (!before?.table) return;
  const { indexes, statistics, evidence } = before.table;
  for (const part of [...indexes, ...(statistics ? [statistics] : [])]) {
    add(recreatedPart(part, { evidence: [evidence], damage: before.partsDamage }, decision));
  }
  for await (const page of before.partitions()) {
    for (const { found, damage, ...seen } of page) {
      const known = { evidence: [seen.evidence], damage };
      if (found) add(recreatedPart(found.partition, known, decision));
      if (found?.statistics) add(recreatedPart(found.statistics, known, decision));
    }
  }
}

function recreatedPart(
  part: CatalogObject,
  { evidence, damage }: { evidence: Change['evidence']; damage?: string | undefined },
  decision: TableDecision,
): Change {
  const wanted: Knowledge =
    damage === undefined
      ? { known: true, definition: part.definition, evidence }
      : { known: false, reason: damage };
  return decideChange(
    { key: part.key, base: { known: true, evidence }, wanted, current: undefined },
    { ...decision, making: 'recreate' },
  );
}

/** Indexes and statistics go with their table; written down, so that they can come back with it. */
async function planDeletedParts(
  access: CatalogAccess,
  table: Table,
  deleted: Change,
  { statistics: asked }: TableDecision,
): Promise<Change[]> {
  const { DatabaseName, TableName } = table.key;
  const indexes = await observePartitionIndexes(access, DatabaseName, TableName);
  const statistics = asked === 'none' ? undefined : await observeTableStatistics(access, table);
  return [...indexes, ...(statistics ? [statistics] : [])].map((part) =>
    goingWith(table.key, part, deleted.evidence),
  );
}

function goingWith(owner: CatalogObjectKey, part: CatalogObject, evidence: Change['evidence']): Change {
  const reason = `It goes with the ${keyLabel(owner)}.`;
  return { action: 'delete', key: part.key, current: part.definition, reason, evidence };
}
