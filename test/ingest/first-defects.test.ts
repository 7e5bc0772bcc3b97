// The original job's defects, one test each: what it loses, this keeps.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeEach(async () => {
  lake = await openIngestFixture();
});
afterEach(() => lake.close());

const order = (id: number, name: string, updated_at: string | null) => ({ id, name, updated_at });

it('keeps earlier rows when an increment comes (the original overwrote them)', async () => {
  await lake.defineTable('orders');
  await lake.setRows('orders', [
    order(1, 'one', '2024-01-01 00:00:00'),
    order(2, 'two', '2024-01-02 00:00:00'),
  ]);
  const first = await lake.run({ key: ['id'] });
  expect(first.tables).toMatchObject([{ table: 'orders', status: 'loaded', load: 'full', rows: 2 }]);
  await lake.setRows('orders', [
    order(1, 'one', '2024-01-01 00:00:00'),
    order(2, 'two again', '2024-01-03 00:00:00'),
    order(3, 'three', '2024-01-03 00:00:00'),
  ]);
  const second = await lake.run({ key: ['id'] });
  expect(second.tables).toMatchObject([
    { status: 'loaded', load: 'incremental', rows: 3, counts: { added: 1, updated: 1 } },
  ]);
  expect(await lake.read('orders')).toEqual([
    order(1, 'one', '2024-01-01 00:00:00'),
    order(2, 'two again', '2024-01-03 00:00:00'),
    order(3, 'three', '2024-01-03 00:00:00'),
  ]);
});
