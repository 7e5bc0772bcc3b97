// How little an undo reads: what snapshots show to be untouched is not looked at, and the backup is the first look.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lossesOfPlan } from '../../src/change/index.js';
import { readSnapshot } from '../../src/change/snapshot/index.js';
import { applyUndo, objectsLookedAt } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults } from '../faults/faulty-glue.js';
import { CRAWLER, csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  const folders = ['grown', 'same', 'idle'];
  for (const folder of folders) put(folder, '1');
  await lake.create({ Targets: { S3Targets: folders.map((one) => ({ Path: `s3://bucket/${one}/` })) } });
  await lake.crawlLater();
  await lake.snapshot();
  put('grown', '2');
  await lake.crawlLater();
  await lake.snapshot();
});
afterEach(() => lake.close());

const put = (folder: string, day: string) =>
  lake.put({ [`${folder}/day=${day}/part.csv`]: csv(`id,${folder}`, '1,10.5', '2,11.5') });

it('plans from snapshots where they suffice: no versions, and partitions of what the crawl touched only', async () => {
  const faulty = withFaults(lake.aws.clients().glue, {});
  const plan = await lake.plan({}, faulty.glue);
  expect(linesOf(plan)).toEqual(['delete partition lake.grown [2]', 'update table lake.grown']);
  expect(faulty.calls.filter((name) => name === 'GetPartitions')).toHaveLength(1);
  expect(faulty.calls).not.toContain('GetTableVersions');
  expect(plan.changes[1]?.evidence.map(({ from }) => from)).toEqual(['table-version', 'snapshot']);
  // What is passed over counts all the same: three tables with four partitions.
  expect(objectsLookedAt(plan)).toBe(7);
});

it('reads the versions where somebody wrote since, and finds the edit', async () => {
  await lake.edit('grown', ({ Parameters }) => Object.assign(Parameters ?? {}, { owner: 'Ann' }));
  const faulty = withFaults(lake.aws.clients().glue, {});
  expect(linesOf(await lake.plan({}, faulty.glue))).toEqual([
    'delete partition lake.grown [2]',
    'conflict table lake.grown',
  ]);
  expect(faulty.calls.filter((name) => name === 'GetTableVersions')).toHaveLength(1);
});

it('asks for no versions of a table that has but its first', async () => {
  lake.put({ 'plain/part.csv': csv('id,plain', '1,10.5', '2,11.5') });
  await lake.glue.updateCrawler({
    Name: CRAWLER,
    Targets: { S3Targets: [{ Path: 's3://bucket/plain/' }] },
  });
  await lake.crawlLater();
  expect((await lake.table('plain')).VersionId).toBe('0');
  const faulty = withFaults(lake.aws.clients().glue, {});
  expect(linesOf(await lake.plan({}, faulty.glue))).toEqual(['delete table lake.plain']);
  expect(faulty.calls).not.toContain('GetTableVersions');
});

it('keeps what it is about to change, with all partitions, and says nothing of other tables', async () => {
  await lake.glue.deleteTable({ DatabaseName: DATABASE, Name: 'idle' });
  const plan = await lake.plan();
  expect(linesOf(plan)).toContain('skip table lake.idle');
  const { snapshotId } = await lake.apply(plan);
  const backup = await readSnapshot(lake.store, snapshotId);
  const covered = (TableName: string) => backup.covers({ kind: 'table', DatabaseName: DATABASE, TableName });
  expect(['grown', 'same', 'idle'].filter(covered)).toEqual(['grown']);
  expect(backup.manifest).toMatchObject({ reason: 'pre-apply', labels: { planId: plan.planId } });
  const kept = await backup.table(DATABASE, 'grown');
  expect(kept?.partitionCount).toBe(2);
  for (const { action, key, current } of plan.changes) {
    if (action === 'skip') continue;
    expect((await backup.object(key))?.definition, key.kind).toEqual(current);
  }
  const index = {
    kind: 'partition-index',
    DatabaseName: DATABASE,
    TableName: 'grown',
    IndexName: 'i',
  } as const;
  expect(backup.covers(index)).toBe(false);
});

/** Of all crawls so far: each table goes. */
async function planOfAll(asked: Parameters<UndoFixture['plan']>[0] = {}, glue = lake.glue) {
  const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: CRAWLER });
  return lake.plan({ since: Crawls.at(-1)?.StartTime, ...asked }, glue);
}

const analyze = (TableName: string) =>
  lake.glue.updateColumnStatisticsForTable({
    ...{ DatabaseName: DATABASE, TableName },
    ColumnStatisticsList: [
      {
        ...{ ColumnName: 'id', ColumnType: 'bigint', AnalyzedTime: new Date(0) },
        StatisticsData: {
          Type: 'LONG',
          LongColumnStatisticsData: { NumberOfNulls: 0, NumberOfDistinctValues: 2 },
        },
      },
    ],
  });

it('keeps indexes and statistics of tables that go', async () => {
  await analyze('same');
  const plan = await planOfAll();
  expect(linesOf(plan)).toContain('delete statistics of lake.same');
  const { snapshotId } = await lake.apply(plan);
  const backup = await readSnapshot(lake.store, snapshotId);
  const kept = await backup.table(DATABASE, 'same');
  expect(kept?.indexes).toHaveLength(1);
  expect(kept?.statistics?.definition).toMatchObject([{ ColumnName: 'id' }]);
});

it('reads no statistics where they are not asked for, and says that they were not', async () => {
  await analyze('same');
  const faulty = withFaults(lake.aws.clients().glue, {});
  const plan = await planOfAll({ statistics: 'none' }, faulty.glue);
  expect(linesOf(plan).filter((line) => line.includes('statistics'))).toEqual([]);
  expect(faulty.calls).not.toContain('GetColumnStatisticsForTable');
  expect(lossesOfPlan(plan)).toContainEqual(expect.stringContaining('column statistics, which are not read'));
});

it('knows by its backup that what comes again is not there, and asks nobody else', async () => {
  await lake.glue.updateCrawler({
    Name: CRAWLER,
    SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
  });
  lake.remove('grown/day=1', 'idle');
  await lake.crawlLater();
  const plan = await lake.plan();
  expect(linesOf(plan)).toContain('recreate partition lake.grown [1]');
  expect(linesOf(plan)).toContain('recreate table lake.idle');
  const clients = lake.aws.clients();
  const faulty = withFaults(clients.glue, {});
  await applyUndo(clients, lake.store, plan, {
    version: 'test',
    signal: lake.scope.signal,
    clock: lake.clock,
  });
  const firstWrite = faulty.calls.findIndex((name) => /^(?:Batch)?(?:Create|Update|Delete)/.test(name));
  expect(firstWrite).toBeGreaterThan(0);
  expect(faulty.calls.slice(0, firstWrite)).not.toContain('BatchGetPartition');
});

it('refuses a plan when a partition has moved since, having kept the catalog as it is', async () => {
  const plan = await lake.plan();
  await lake.glue.deletePartition({ DatabaseName: DATABASE, TableName: 'grown', PartitionValues: ['2'] });
  await expect(lake.apply(plan)).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('partition lake.grown [2]') as string,
  });
  expect((await lake.table('grown')).VersionId).toBe('2');
});
