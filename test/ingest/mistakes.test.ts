// Specs and sources that cannot be ingested: refused before anything is written, in words that name what is wrong.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planIngest, runIngest, type IngestSpec } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
  for (const name of ['orders', 'days', 'bad']) {
    await lake.defineTable(name, undefined, {
      PartitionKeys: name === 'days' ? [{ Name: 'day', Type: 'string' }] : [],
    });
  }
  await lake.setRows('orders', [{ id: 1, name: 'a', updated_at: '2024-01-01 00:00:00' }]);
  await lake.put('raw/bad/first.json', '{"id":1,"name":"a","updated_at":"2024-01-01 00:00:00"}\n');
  await lake.put('raw/bad/second.json', '{"id":2,\n');
});
afterAll(() => lake.close());

it.each<[string, Record<string, string>]>([
  ['output', { outputPath: 's3://lake/raw/orders/out' }],
  ['output, which is the place itself,', { outputPath: 's3://lake/raw/orders' }],
  ['output of a whole database', { outputPath: 's3://lake/raw/orders//' }],
  ['trackers', { trackerPath: 's3://lake/raw/orders/trackers' }],
])(
  '%s below the location of a source are refused by plan and run, and nothing is written',
  async (_, more) => {
    const wanted = { include: ['orders'], key: ['id'], ...more };
    const [setting = '', place = ''] = Object.entries(more)[0] ?? [];
    const before = await lake.keys('raw/orders/');
    const plan = await planIngest(lake.spec(wanted), lake.clients);
    expect(plan.tables).toMatchObject([{ table: 'orders', action: 'fail' }]);
    expect(plan.tables[0]?.reason).toContain(
      `${setting} is ${place}, below the location of orders, s3://lake/raw/orders/: the next run would read`,
    );
    const { tables } = await lake.run(wanted);
    expect(tables).toMatchObject([{ status: 'failed', kind: 'usage', reason: plan.tables[0]?.reason }]);
    expect(await lake.keys('raw/orders/')).toEqual(before);
  },
);

it.each<[string, string, Partial<IngestSpec>]>([
  ['beside it', 'orders', { outputPath: 's3://lake/raw/orders-out' }],
  ['hidden from readers', 'orders', { outputPath: 's3://lake/raw/orders/_out' }],
  ['where no partition is', 'days', { outputPath: 's3://lake/raw/days/out' }],
])('output %s is none that a run reads', async (_, include, more) => {
  const { tables } = await planIngest(lake.spec({ include: [include], key: ['id'], ...more }), lake.clients);
  expect(tables.map(({ action }) => action)).toEqual(['full']);
});

it('a file that cannot be read is named by its address, not by where it was staged', async () => {
  const { tables } = await lake.run({ include: ['bad'], key: ['id'] });
  expect(tables).toMatchObject([{ status: 'failed' }]);
  expect(tables[0]?.reason).toContain('s3://lake/raw/bad/second.json');
  expect(tables[0]?.reason).not.toContain('object-');
});

it('output for a bucket that is not there is refused by plan and run before anything is read or made', async () => {
  const spec = lake.spec({ outputPath: 's3://nolake/parquet', outputDatabase: 'nowhere', key: ['id'] });
  const refusal = { kind: 'usage', message: expect.stringContaining('There is no bucket nolake') as unknown };
  await expect(planIngest(spec, lake.clients)).rejects.toMatchObject(refusal);
  await expect(runIngest(spec, lake.clients)).rejects.toMatchObject(refusal);
  await expect(lake.clients.glue.getDatabase({ Name: 'nowhere' })).rejects.toThrow();
});

it('a table that needs more memory than there is says so, and not that its files cannot be read', async () => {
  const columns = Array.from({ length: 500 }, (_, at) => ({ Name: `c${at}`, Type: 'int' }));
  await lake.defineTable('broad', columns);
  const record = JSON.stringify(Object.fromEntries(columns.map(({ Name }, at) => [Name, at])));
  await lake.put('raw/broad/rows.json', `${record}\n`.repeat(2100));
  const { tables } = await lake.run({ include: ['broad'], memoryLimitMb: 64 });
  expect(tables).toMatchObject([{ status: 'failed', kind: 'failed' }]);
  expect(tables[0]?.reason).toMatch(
    /^broad needs more memory .*Raise memoryLimitMb, or lower parallelTables/,
  );
});
