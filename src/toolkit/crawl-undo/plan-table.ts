// What undoing crawls does to one table and all that is in it.
import { GetTableVersionsCommand } from '@aws-sdk/client-glue';
import {
  decideChange,
  keyLabel,
  type CatalogAccess,
  type CatalogObject,
  type Change,
  type ObjectOf,
  type ObjectStates,
  type ThreeWayOptions,
} from '../../change/index.js';
import { unlessAbsent } from '../../change/catalog-access.js';
import {
  observePartitionIndexes,
  observePartitions,
  observeTableStatistics,
} from '../../change/observe-catalog.js';
import { tableObject } from '../../change/observed-object.js';
import { tableEntryOf, type SnapshotTable } from '../../change/snapshot/index.js';
import { isBefore, type Crawl } from './crawl.js';
import { isMoving, snapshotEvidence, snapshotKnowledge, type SnapshotsAround } from './object-knowledge.js';
import { partitionStates } from './partition-states.js';
import { isReachedBack, tableStates } from './table-states.js';

type Table = ObjectOf<'table'>;

export interface TableDecision extends Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'> {
  /** Column statistics of tables that are deleted are read, so that redo can put them back; `tables` when not given. */
  statistics?: 'none' | 'tables';
}

interface Subject {
  key: Table['key'];
  current: Table | undefined;
}

interface Evidence {
  crawls: readonly Crawl[];
  around: SnapshotsAround;
}

export async function planTable(
  access: CatalogAccess,
  { key, current }: Subject,
  evidence: Evidence,
  decision: TableDecision,
): Promise<{ changes: Change[]; objectCount: number }> {
  const own = await planTableItself(access, { key, current }, evidence, decision);
  if (!current) {
    const inside = own?.action === 'recreate' ? await planRecreatedParts(key, evidence, decision) : [];
    return { changes: own ? [own, ...inside] : inside, objectCount: 0 };
  }
  const partitions =
    own || bearsNameOf(current, evidence.crawls)
      ? await planPartitions(access, current, evidence, decision)
      : { changes: [], count: 0 };
  const objectCount = 1 + partitions.count;
  if (own?.action !== 'delete')
    return { changes: own ? [own, ...partitions.changes] : partitions.changes, objectCount };
  const deleted = partitions.changes.filter(({ action }) => action === 'delete').length;
  if (deleted < partitions.count) {
    // What nobody decided on must not go with the table.
    const reason = `It stays, for ${partitions.count - deleted} of its ${partitions.count} partitions are not the crawl's.`;
    const kept: Change = { action: 'skip', key, current: current.definition, reason, evidence: own.evidence };
    return { changes: [kept, ...partitions.changes], objectCount };
  }
  return {
    changes: [own, ...partitions.changes, ...(await planDeletedParts(access, current, own, decision))],
    objectCount,
  };
}

async function planTableItself(
  access: CatalogAccess,
  { key, current }: Subject,
  { crawls, around }: Evidence,
  decision: TableDecision,
): Promise<Change | undefined> {
  const before = await snapshotKnowledge(around, 'before', key);
  const after = await snapshotKnowledge(around, 'after', key);
  const seenBefore = around.before.find((one) => one.covers(key));
  const beforeVersionId = seenBefore && tableEntryOf(seenBefore.manifest, key)?.VersionId;
  const versions = current ? await versionsSince(access, current, crawls) : [];
  const states = tableStates({ current, versions, before, after, beforeVersionId }, crawls);
  return states && decideChange({ key, ...states, current }, { ...decision, making: 'recreate' });
}

/** Partitions of other crawlers' tables, and of tables that no crawler made, are none of the crawl's. */
function bearsNameOf({ definition }: Table, crawls: readonly Crawl[]): boolean {
  const mark = definition.Parameters?.['UPDATED_BY_CRAWLER'];
  return crawls.some(({ crawlerName }) => crawlerName === mark);
}

/** Newest first, as far back as is needed to know what was before the crawls. */
async function versionsSince(
  { glue, CatalogId, signal }: CatalogAccess,
  current: Table,
  crawls: readonly Crawl[],
): Promise<Table[]> {
  const { DatabaseName, TableName } = current.key;
  const { UpdateTime, CreateTime } = current.provenance;
  const [first] = crawls;
  if (!first || isBefore(first, UpdateTime ?? CreateTime)) return [current];
  const versions: Table[] = [];
  let NextToken: string | undefined;
  do {
    const input = { CatalogId, DatabaseName, TableName, NextToken, MaxResults: 100 };
    const answer = await unlessAbsent(glue.send(new GetTableVersionsCommand(input), { abortSignal: signal }));
    for (const { Table: table, VersionId } of answer?.TableVersions ?? []) {
      if (table)
        versions.push(tableObject(DatabaseName, { ...table, VersionId: VersionId ?? table.VersionId }));
    }
    NextToken = answer?.NextToken;
  } while (NextToken && !isReachedBack(versions, crawls));
  // AWS answers the newest first, and others do not.
  const numberOf = ({ provenance: { VersionId } }: Table) => Number(VersionId);
  return versions.sort((one, other) => numberOf(other) - numberOf(one) || 0);
}

async function planPartitions(
  access: CatalogAccess,
  table: Table,
  { crawls, around }: Evidence,
  decision: TableDecision,
): Promise<{ changes: Change[]; count: number }> {
  const { DatabaseName, TableName } = table.key;
  const changes: Change[] = [];
  let count = 0;
  const decide = async (states: Omit<ObjectStates, 'base' | 'wanted'>) => {
    const before = await snapshotKnowledge(around, 'before', states.key);
    const after = await snapshotKnowledge(around, 'after', states.key);
    const current = states.current as ObjectOf<'partition'> | undefined;
    const found = partitionStates({ TableName, current, before, after }, crawls);
    if (found) changes.push(decideChange({ ...states, ...found }, { ...decision, making: 'recreate' }));
  };
  const seen = new Set<string>();
  if ((table.definition.PartitionKeys ?? []).length > 0) {
    for await (const page of observePartitions(access, DatabaseName, TableName)) {
      count += page.length;
      for (const current of page) {
        seen.add(JSON.stringify(current.key.Values));
        await decide({ key: current.key, current });
      }
    }
  }
  for await (const { partition } of partitionsBefore(around, table.key)) {
    const { key } = partition;
    if (!seen.has(JSON.stringify(key.Values))) await decide({ key, current: undefined });
  }
  return { changes, count };
}

async function* partitionsBefore({ before }: SnapshotsAround, key: Table['key']) {
  const found = await tableBefore(before, key);
  if (!found) return;
  for await (const page of found.table.partitions()) yield* page;
}

async function tableBefore(before: SnapshotsAround['before'], key: Table['key']) {
  const snapshot = before.find((one) => one.covers(key) && !isMoving(one, key));
  const table: SnapshotTable | undefined = await snapshot?.table(key.DatabaseName, key.TableName);
  return snapshot && table ? { snapshot, table } : undefined;
}

/** Partitions, indexes and statistics of a table that is made anew, as the snapshot from before has them. */
async function planRecreatedParts(
  key: Table['key'],
  { around }: Evidence,
  decision: TableDecision,
): Promise<Change[]> {
  const found = await tableBefore(around.before, key);
  if (!found) return [];
  const evidence = [snapshotEvidence(found.snapshot)];
  const { indexes, statistics } = found.table;
  const parts: CatalogObject[] = [...indexes, ...(statistics ? [statistics] : [])];
  for await (const page of found.table.partitions()) {
    for (const one of page) parts.push(one.partition, ...(one.statistics ? [one.statistics] : []));
  }
  return parts.map((part) =>
    decideChange(
      {
        key: part.key,
        base: { known: true, evidence },
        wanted: { known: true, definition: part.definition, evidence },
        current: undefined,
      },
      { ...decision, making: 'recreate' },
    ),
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
  return [...indexes, ...(statistics ? [statistics] : [])].map((part) => ({
    action: 'delete' as const,
    key: part.key,
    current: part.definition,
    reason: `It goes with the ${keyLabel(table.key)}.`,
    evidence: deleted.evidence,
  }));
}
