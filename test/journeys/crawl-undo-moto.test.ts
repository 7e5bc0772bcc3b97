// Undo and redo of a crawl with moto's server as the other side, and boto3 as the one who looks.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  BUCKET,
  CRAWLER,
  DatabaseName,
  inTable,
  linesOf,
  openMotoLake,
  partition,
  table,
  type MotoLake,
} from './moto-lake.js';
import { findMoto } from './moto-server.js';

const { python, missing } = findMoto();

describe.skipIf(missing)(`with moto as the other side${missing ? ` (${missing})` : ''}`, () => {
  let lake: MotoLake;
  beforeAll(async () => {
    lake = await openMotoLake(python);
  });
  beforeEach(() => lake.reset());
  afterAll(() => lake.close());

  it('a crawl is undone by versions, times and snapshots, redone, undone again, and what it deleted is restored and taken back', async () => {
    const run = (...args: string[]) => lake.result(...args, '--store', 'store');
    // moto's history of crawls does not say what they did, so nothing proves that a crawl deleted these.
    const deleted = /"Name": "old"|"TableName": "old"|"TableName": "orders", "Values": \["2"\]/;
    const whole = await lake.content();
    const before = whole.filter((text) => !deleted.test(text));
    expect(whole.length - before.length).toBe(4);
    const { id } = await run('catalog', 'snapshot', 'create');
    await lake.crawl(async () => {
      await lake.glue.deletePartition({ ...inTable('orders'), PartitionValues: ['2'] });
      await lake.glue.deleteTable({ DatabaseName, Name: 'old' });
    });
    await run('catalog', 'snapshot', 'create');
    const after = await lake.content();

    const undone = await run('crawl', 'undo', CRAWLER, '--no-statistics', '--yes');
    expect(linesOf(undone)).toEqual([
      ['delete', 'junk', '1'],
      ['delete', 'orders', '3'],
      ['delete', 'orders', '4'],
      ['delete', 'junk'],
      ['update', 'orders'],
      ['update', 'people'],
      ['update', 'orders', '1'],
      ['skip', 'orders', '2'],
      ['skip', 'old'],
    ]);
    const skips = undone.plan.changes.filter(({ action }) => action === 'skip');
    for (const { reason } of skips) expect(reason).toContain('nothing shows that the crawl deleted it');
    expect(undone.report).toMatchObject({ applied: 7, failed: [], verified: true });
    expect(await lake.content()).toEqual(before);
    expect((await run('crawl', 'redo', '--no-statistics', '--yes')).report).toMatchObject({ verified: true });
    expect(await lake.content()).toEqual(after);
    expect((await run('crawl', 'redo', '--no-statistics', '--yes')).report).toMatchObject({ verified: true });
    expect(await lake.content()).toEqual(before);

    // What undo did not put back for want of evidence is in the snapshot, and somebody may want it all the same.
    const restored = await run('catalog', 'snapshot', 'restore', id, '--yes');
    expect(restored.report).toMatchObject({ applied: 4, failed: [], verified: true });
    expect(await lake.content()).toEqual(whole);
    const { journalId } = restored.report as { journalId: string };
    await run('catalog', 'snapshot', 'restore', '--rollback', journalId, '--yes');
    expect(await lake.content()).toEqual(before);
    await run('catalog', 'snapshot', 'prune', '--keep-last', '1', '--yes');
    expect(await run('catalog', 'snapshot', 'verify')).toMatchObject({ problems: [] });
  });

  it('more tables and partitions than AWS has on a page are undone, though moto answers all at once', async () => {
    const run = (...args: string[]) => lake.result(...args, '--store', `s3://${BUCKET}/pages`);
    const before = await lake.content();
    await run('catalog', 'snapshot', 'create');
    await lake.crawl(async (mark) => {
      for (let start = 1_000; start < 2_100; start += 100) {
        const PartitionInputList = Array.from({ length: 100 }, (_, index) =>
          partition(String(start + index), '1'),
        );
        await lake.glue.batchCreatePartition({ ...inTable('people'), PartitionInputList });
      }
      for (let index = 0; index < 101; index++) {
        await lake.glue.createTable({ DatabaseName, TableInput: table(`stray_${index}`, 'int', mark) });
      }
    });
    const { counts } = await run('catalog', 'snapshot', 'create');
    expect(counts).toMatchObject({ tables: 3 + 1 + 101, partitions: 4 + 3 + 1_100 });
    const { report } = await run('crawl', 'undo', CRAWLER, '--no-statistics', '--yes');
    expect(report).toMatchObject({ applied: 7 + 1_100 + 101, failed: [], verified: true });
    expect(await lake.content()).toEqual(before);
  });
});
