// How little an undo reads: what snapshots show to be untouched is not looked at, and the backup is the first look.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSnapshot } from '../../src/change/snapshot/index.js';
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
  const plan = await lake.plan();
  const { snapshotId } = await lake.apply(plan);
  const backup = await readSnapshot(lake.store, snapshotId);
  const covered = (TableName: string) => backup.covers({ kind: 'table', DatabaseName: DATABASE, TableName });
  expect(['grown', 'same', 'idle'].filter(covered)).toEqual(['grown']);
  const kept = await backup.table(DATABASE, 'grown');
  expect(kept?.partitionCount).toBe(2);
  for (const { key, current } of plan.changes) {
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

it('keeps indexes and statistics of tables that go', async () => {
  await lake.glue.updateColumnStatisticsForTable({
    ...{ DatabaseName: DATABASE, TableName: 'same' },
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
  const first = (await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls?.at(-1);
  const plan = await lake.plan({ since: first?.StartTime });
  expect(linesOf(plan)).toContain('delete statistics of lake.same');
  const { snapshotId } = await lake.apply(plan);
  const backup = await readSnapshot(lake.store, snapshotId);
  const kept = await backup.table(DATABASE, 'same');
  expect(kept?.indexes).toHaveLength(1);
  expect(kept?.statistics?.definition).toMatchObject([{ ColumnName: 'id' }]);
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
