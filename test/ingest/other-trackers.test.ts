// An output table and trackers that do not belong together: nothing is written that readers would never be shown.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const OTHER = 's3://lake/other-trackers';
const order = (id: number, updated_at: string) => ({ id, name: 'x', updated_at });
const run = async (name: string, trackerPath?: string) => {
  const { tables } = await lake.run({
    include: [name],
    key: ['id'],
    ...(trackerPath ? { trackerPath } : {}),
  });
  expect(tables).toHaveLength(1);
  return tables[0]!;
};

it('refuses a table that an ingest with trackers elsewhere made, and takes it up once that table is removed', async () => {
  await lake.defineTable('orders');
  await lake.setRows('orders', [order(1, '2024-01-01 00:00:00')]);
  await run('orders');
  await lake.setRows('orders', [order(1, '2024-01-01 00:00:00'), order(2, '2024-01-02 00:00:00')]);
  const keys = await lake.keys('parquet/');
  expect(await run('orders', OTHER)).toMatchObject({
    status: 'failed',
    kind: 'guard-refused',
    reason: expect.stringMatching(
      /^shop_parquet\.orders shows what the run \S+ made, of which s3:\/\/lake\/other-trackers\/? knows nothing\..*remove the table shop_parquet\.orders/,
    ) as unknown,
  });
  expect(await lake.keys('parquet/')).toEqual(keys);
  expect(await lake.keys('other-trackers/')).toEqual([]);
  expect(await run('orders')).toMatchObject({ status: 'loaded', load: 'incremental', rows: 2 });

  await lake.clients.glue.deleteTable({ DatabaseName: 'shop_parquet', Name: 'orders' });
  expect(await run('orders', OTHER)).toMatchObject({ status: 'loaded', load: 'full', rows: 2 });
  expect(await lake.read('orders')).toHaveLength(2);
});

it('refuses trackers that count as far, but of other runs', async () => {
  await lake.defineTable('lines');
  await lake.setRows('lines', [order(1, '2024-01-01 00:00:00')]);
  await run('lines');
  await lake.clients.glue.deleteTable({ DatabaseName: 'shop_parquet', Name: 'lines' });
  expect(await run('lines', OTHER)).toMatchObject({ status: 'loaded', load: 'full' });
  expect(await run('lines')).toMatchObject({ status: 'failed', kind: 'guard-refused' });
  expect(await run('lines', OTHER)).toMatchObject({ status: 'unchanged' });
});
