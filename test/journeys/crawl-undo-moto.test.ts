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
import { backupLine } from '../crawl-undo/backup-line.js';
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

  describe('a backup of AWS’s sample script in moto’s S3', () => {
    const BACKUP = `s3://${BUCKET}/backup`;
    const run = (...args: string[]) => lake.result('crawl', ...args, '--no-statistics', '--yes');
    /** As the script's undo begins: all tables of the crawler with their partitions, in one file. */
    const backUp = async () => {
      const { TableList = [] } = await lake.glue.getTables({ DatabaseName });
      const tables = TableList.filter(({ Parameters }) => Parameters?.['UPDATED_BY_CRAWLER'] === CRAWLER);
      const lines = tables.map(async ({ Name = '' }) => {
        const { Partitions = [] } = await lake.glue.getPartitions(inTable(Name));
        return backupLine(DatabaseName, 'partition', Name, Partitions);
      });
      const Body = [backupLine(DatabaseName, 'table', 'empty', tables), ...(await Promise.all(lines))].join(
        '',
      );
      await lake.s3.putObject({ Bucket: BUCKET, Key: 'backup/run-1700000000-part-0', Body });
    };

    it('puts back what the script undid', async () => {
      await lake.crawl();
      const after = await lake.content();
      await backUp();
      // The script takes the older version of a table, and deletes the partitions from before the crawl, not those of it.
      await lake.glue.updateTable({ DatabaseName, TableInput: table('orders', 'bigint') });
      await lake.glue.batchDeletePartition({
        ...inTable('orders'),
        PartitionsToDelete: [{ Values: ['1'] }, { Values: ['2'] }],
      });
      await lake.glue.deleteTable({ DatabaseName, Name: 'junk' });
      const { report } = await run('redo', '--crawler-name', CRAWLER, '--backup-location', BACKUP);
      expect(report).toMatchObject({ applied: 5, failed: [], verified: true });
      expect(await lake.content()).toEqual(after);
    });

    it('tells what the crawl left of partitions, where no snapshot does', async () => {
      const store = ['--store', `s3://${BUCKET}/undo`];
      const before = await lake.content();
      await lake.result('catalog', 'snapshot', 'create', ...store);
      await lake.crawl();
      await backUp();
      const update = ['update', 'orders', '1'];
      const unaided = await lake.result('crawl', 'undo', CRAWLER, '--no-statistics', '--dry-run', ...store);
      expect(linesOf(unaided)).not.toContainEqual(update);
      const undone = await run('undo', CRAWLER, '--from-backup', BACKUP, ...store);
      expect(linesOf(undone)).toContainEqual(update);
      expect(await lake.content()).toEqual(before);
    });
  });
});
