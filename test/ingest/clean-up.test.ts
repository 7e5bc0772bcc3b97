// What is removed of an output and when: replaced files after their time, leftovers of runs that came to nothing, nothing else.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compactTables, runIngest, verifyTables } from '../../src/toolkit/ingest/index.js';
import { crashingClients } from './crashing-clients.js';
import { openIngestFixture, type IngestFixture, type Row } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const HOUR_MS = 3_600_000;
const row = (id: number, name: string, day: number): Row => ({
  id,
  name,
  updated_at: `2024-01-0${day} 00:00:00`,
});
const run = async (name: string, more = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], keepReplaced: '2h', ...more });
  expect(tables[0]?.status).not.toBe('failed');
  return tables[0]!;
};
const folders = async (name: string) =>
  new Set((await lake.keys(`parquet/${name}/`)).map((key) => key.split('/')[2]));

it('replaced files stay for their time, then go, by a run that finds nothing new, too', async () => {
  await lake.defineTable('orders');
  await lake.setRows('orders', [row(1, 'a', 1)]);
  await run('orders');
  const [first = ''] = await lake.keys('parquet/orders/');
  await lake.setRows('orders', [row(1, 'b', 2)]);
  await run('orders');
  expect(await folders('orders')).toHaveLength(2);
  await lake.clock.advance(HOUR_MS);
  expect(await run('orders')).toMatchObject({ status: 'unchanged' });
  expect(await lake.keys('parquet/orders/')).toContain(first);
  await lake.clock.advance(HOUR_MS);
  expect(await run('orders')).toMatchObject({ status: 'unchanged' });
  expect(await lake.keys('parquet/orders/')).not.toContain(first);
  expect(await lake.read('orders')).toEqual([row(1, 'b', 2)]);
});

it('full loads, merges, additions and compactions leave exactly the current files behind, in time', async () => {
  await lake.defineTable('busy');
  for (let day = 1; day <= 6; day++) {
    await lake.setRows('busy', [row(day, 'x', day), row(1, `changed ${day}`, day % 2 === 0 ? day : 1)]);
    await run('busy', day === 4 ? { load: 'full' } : {});
    await lake.clock.advance(3 * HOUR_MS);
  }
  await compactTables(lake.spec({ keepReplaced: '2h' }), lake.clients, { only: ['busy'], clock: lake.clock });
  await lake.clock.advance(3 * HOUR_MS);
  await run('busy');
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop_parquet', Name: 'busy' });
  const location = Table?.StorageDescriptor?.Location?.replace('s3://lake/', '') ?? '';
  const keys = await lake.keys('parquet/busy/');
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.every((key) => key.startsWith(location))).toBe(true);
  expect(await verifyTables(lake.spec(), lake.clients, { only: ['busy'] })).toMatchObject([{ problems: [] }]);
});

it('files of a run that died before its commit go after a day; what is not a run’s stays', async () => {
  await lake.defineTable('died');
  await lake.setRows('died', [row(1, 'a', 1)]);
  await run('died');
  await lake.setRows('died', [row(1, 'b', 2)]);
  const before = await folders('died');
  // The manifest is the first that the store is asked to put.
  const { clients } = crashingClients(lake.aws, lake.store, { call: Infinity, when: 'before' });
  const store = { ...lake.store, put: () => Promise.reject(new Error('The process is dead.')) };
  const died = await runIngest(lake.spec({ include: ['died'], key: ['id'] }), clients, {
    clock: lake.clock,
    store,
  });
  expect(died.tables).toMatchObject([{ status: 'failed' }]);
  const left = [...(await folders('died'))].filter((folder) => !before.has(folder));
  expect(left).toHaveLength(1);
  await lake.put('parquet/died/notes/readme.txt', 'by hand');

  await run('died');
  expect(await folders('died')).toContain(left[0]);
  // Objects carry the time of the disk.
  await lake.clock.advance(Date.now() + 25 * HOUR_MS - lake.clock.now().getTime());
  await lake.setRows('died', [row(1, 'c', 3)]);
  await run('died');
  expect(await folders('died')).not.toContain(left[0]);
  expect(await lake.keys('parquet/died/notes/')).toEqual(['parquet/died/notes/readme.txt']);
  expect(await lake.read('died')).toEqual([row(1, 'c', 3)]);
});
