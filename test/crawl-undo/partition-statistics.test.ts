// Column statistics of partitions that an undo deletes: read when that is asked for, and back with a redo; else said to be lost.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lossesOfPlan, parsePlan, planText } from '../../src/change/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults } from '../faults/faulty-glue.js';
import { csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
const orders = (day: string) => ({ [`orders/day=${day}/part.csv`]: csv('id,amount', '1,10.5', '2,11.5') });
const where = (day: string) => ({
  DatabaseName: DATABASE,
  TableName: 'orders',
  PartitionValues: [day],
});

const measure = (day: string, NumberOfDistinctValues: number) =>
  lake.glue.updateColumnStatisticsForPartition({
    ...where(day),
    ColumnStatisticsList: [
      {
        ...{ ColumnName: 'id', ColumnType: 'bigint', AnalyzedTime: new Date('2024-05-01T00:00:00Z') },
        StatisticsData: {
          Type: 'LONG',
          LongColumnStatisticsData: { NumberOfNulls: 0, NumberOfDistinctValues },
        },
      },
    ],
  });
const measured = async (day: string) => {
  const asked = { ...where(day), ColumnNames: ['id'] };
  const { ColumnStatisticsList = [] } = await lake.glue.getColumnStatisticsForPartition(asked);
  return ColumnStatisticsList[0]?.StatisticsData?.LongColumnStatisticsData?.NumberOfDistinctValues;
};

// The crawl that is undone made the partitions 2 and 3; of 2 somebody has taken statistics since.
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  lake.put(orders('1'));
  await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
  await lake.crawlLater();
  lake.put({ ...orders('2'), ...orders('3') });
  await lake.crawlLater();
  await measure('2', 7);
});
afterEach(() => lake.close());

const GOING = 'statistics of lake.orders [2]';

it('are read of each partition that goes, and come back with it', async () => {
  const plan = parsePlan(planText(await lake.plan({ statistics: 'all' })));
  expect(linesOf(plan).filter((line) => line.startsWith('delete'))).toEqual([
    `delete ${GOING}`,
    'delete partition lake.orders [2]',
    'delete partition lake.orders [3]',
  ]);
  expect(plan.subject.resolved).toMatchObject({ statistics: 'all', objectsLookedAt: '5' });
  expect(lossesOfPlan(plan)).toEqual([]);
  const { journalId, notRestored } = await lake.apply(plan);
  expect(notRestored).toEqual([]);
  const redo = await lake.inverse(journalId);
  expect(linesOf(redo)).toContain(`recreate ${GOING}`);
  await lake.apply(redo);
  expect(await measured('2')).toBe(7);
  expect(await measured('3')).toBeUndefined();
  // And away again, by the undo of the redo.
  await lake.apply(await lake.inverse());
  const { Partitions = [] } = await lake.glue.getPartitions({ DatabaseName: DATABASE, TableName: 'orders' });
  expect(Partitions.map(({ Values }) => Values)).toEqual([['1']]);
});

it('that somebody takes between plan and apply keep their partition', async () => {
  const plan = await lake.plan({ statistics: 'all' });
  await measure('2', 8);
  await expect(lake.apply(plan)).rejects.toMatchObject({ kind: 'conflict' });
  expect(await measured('2')).toBe(8);
});

it('are said to be lost when they are not read, before and after, and cost no call', async () => {
  const { calls } = withFaults(lake.glue, {});
  const plan = await lake.plan();
  const lost = '2 partitions are deleted: column statistics of theirs, if there are any, go for good';
  expect(lossesOfPlan(plan)).toEqual([expect.stringContaining(lost)]);
  const { notRestored, journalId } = await lake.apply(plan);
  expect(notRestored).toEqual([expect.stringContaining(lost)]);
  const redo = await lake.inverse(journalId);
  const without = '2 partitions are made anew without column statistics, for none are known of.';
  expect(lossesOfPlan(redo)).toEqual([without]);
  expect((await lake.apply(redo)).notRestored).toEqual([without]);
  expect(calls).toContain('GetPartitions');
  expect(calls).not.toContain('GetColumnStatisticsForPartition');
});
