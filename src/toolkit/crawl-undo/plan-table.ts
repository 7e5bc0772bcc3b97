// What undoing crawls does to one table and all that is in it.
import { KeyNumbers, type CatalogAccess, type Change, type ObjectOf } from '../../change/index.js';
import { observePartitions } from '../../change/observe-catalog.js';
import { isResourceLink } from '../../change/resource-link.js';
import type { SnapshotDamage } from '../../change/snapshot/index.js';
import { tellsOfPartitions, type Crawl } from './crawl.js';
import type { FoundCrawls } from './find-crawls.js';
import { doubtAbout, partitionKnowledge, tableKnowledge, type Doubts } from './object-knowledge.js';
import type { OwnWrites } from './own-writes.js';
import { partitionStates } from './partition-states.js';
import {
  planDeletedParts,
  planRecreatedParts,
  recreatedPart,
  statisticsGoing,
  type AddChange,
  type TableDecision,
} from './plan-parts.js';
import { tableStates } from './table-states.js';
import { untouchedPartitionCount, viewOfTable, type SnapshotsAround, type TableView } from './table-view.js';
import { versionsSince } from './versions-since.js';
import { decideNaming, type WhoChanged } from './who-changed.js';

type Table = ObjectOf<'table'>;

interface Subject {
  key: Table['key'];
  current: Table | undefined;
}

interface Evidence {
  crawls: readonly Crawl[];
  doubts: Doubts;
  whoChanged: WhoChanged;
  ownWrites: OwnWrites | undefined;
  before: TableView | undefined;
  after: TableView | undefined;
}

/** What is known of all tables. */
export interface KnownOfCrawls extends Pick<FoundCrawls, 'crawls' | 'others'> {
  around: SnapshotsAround;
  whoChanged: WhoChanged;
  /** Told of what cannot be read of a snapshot. */
  onDamage: (damage: SnapshotDamage) => void;
}

/** @returns how many objects were looked at; what is to happen to them goes to `add` as it is decided, in any order */
export async function planTable(
  access: CatalogAccess,
  { key, current }: Subject,
  { around, onDamage, whoChanged, ...known }: KnownOfCrawls,
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
  const evidence = { crawls, before, after, doubts, whoChanged, ownWrites: around.ownWrites };
  const own = await planTableItself(access, { key, current }, evidence, decision);
  if (!current) {
    if (own) add(own);
    if (own?.action === 'recreate') await planRecreatedParts(before, decision, add);
    return 0;
  }
  const partitions = { count: 0, deleted: 0, statistics: 0 };
  if (own || bearsNameOf(current, crawls) || tellsOfPartitions(crawls, key.TableName)) {
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
  { crawls, before, after, doubts, whoChanged, ownWrites }: Evidence,
  decision: TableDecision,
): Promise<Change | undefined> {
  const versions = current ? await versionsSince(access, current, crawls, before?.table?.table) : [];
  const states = tableStates(
    {
      TableName: key.TableName,
      current,
      versions,
      ours: crawls.length > 1 ? await oursAmong(versions, crawls, ownWrites) : new Set(),
      before: tableKnowledge(before, 'before'),
      after: tableKnowledge(after, 'after'),
      doubts,
      beforeVersionId: before?.table?.table.provenance.VersionId,
    },
    crawls,
  );
  return states && decideNaming({ key, ...states, current }, { ...decision, making: 'recreate' }, whoChanged);
}

/** A restore is no part of them: who restores between two crawls has decided what the table is to be. */
async function oursAmong(
  versions: readonly Table[],
  crawls: readonly Crawl[],
  ownWrites: OwnWrites | undefined,
): Promise<Set<Table>> {
  const ours = new Set<Table>();
  for (const version of versions) {
    const write = await ownWrites?.ofTable(version);
    const isOfCrawler = crawls.some(({ crawlerName }) => crawlerName === write?.crawlerName);
    if (isOfCrawler && write && write.operation !== 'snapshot-restore') ours.add(version);
  }
  return ours;
}

/** Of other tables partitions are the crawl's only where its history tells of some: it need not write the table itself. */
function bearsNameOf({ definition }: Table, crawls: readonly Crawl[]): boolean {
  const mark = definition.Parameters?.['UPDATED_BY_CRAWLER'];
  return crawls.some(({ crawlerName }) => crawlerName === mark);
}

/** @param decided told of every partition, and of statistics that go with one: what is to happen, if anything, and whether it is there */
async function planPartitions(
  access: CatalogAccess,
  table: Table,
  { crawls, before, after, doubts, whoChanged }: Evidence,
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
    const change =
      states &&
      (await decideNaming({ key, current, ...states }, { ...decision, making: 'recreate' }, whoChanged));
    decided(change, current !== undefined);
    return change;
  };
  const seen = new KeyNumbers();
  const hadSome = before?.table !== undefined || before?.damage !== undefined;
  if (isPartitioned(table)) {
    for await (const page of observePartitions(access, DatabaseName, TableName)) {
      const going: ObjectOf<'partition'>[] = [];
      for (const current of page) {
        if (hadSome) seen.add(current.key);
        const change = await decide(current.key, current);
        if (change?.action === 'delete' && decision.statistics === 'all') going.push(current);
      }
      for (const part of await statisticsGoing(access, table, going)) decided(part, true);
    }
  }
  for await (const page of before?.partitions() ?? []) {
    for (const { found } of page) {
      if (!found || seen.find(found.partition.key) !== undefined) continue;
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
