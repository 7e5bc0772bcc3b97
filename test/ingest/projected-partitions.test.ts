// Tables whose partitions are projected: the rows that Athena finds by the projection, and nothing that lies beside them.
import type { Column } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planIngest } from '../../src/toolkit/ingest/index.js';
import { openQueryRunner, type QueryRunner } from '../query/query-runner.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
let athena: QueryRunner;
beforeAll(async () => {
  lake = await openIngestFixture();
  athena = openQueryRunner(lake.clients.athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});
afterAll(() => lake.close());

const key = (Name: string, Type = 'string'): Column => ({ Name, Type });

async function define(
  name: string,
  PartitionKeys: Column[],
  projection: Record<string, string>,
  objects: readonly string[],
): Promise<void> {
  await lake.defineTable(name, [key('id', 'int')], {
    PartitionKeys,
    Parameters: { 'projection.enabled': 'TRUE', ...projection },
  });
  for (const [index, object] of objects.entries())
    await lake.put(`raw/${name}/${object}`, `{"id":${index + 1}}\n`);
}

async function ingested(name: string): Promise<unknown[][]> {
  const { tables } = await lake.run({ include: [name], disposition: 'replace' });
  expect(tables).toMatchObject([{ status: 'loaded' }]);
  return (await lake.read(name)).map((row) => Object.values(row));
}

it('values of enums and numbers in folders of Hive are those that the projection has', async () => {
  await define(
    'sales',
    [key('country'), key('month', 'int')],
    {
      'projection.country.type': 'enum',
      'projection.country.values': 'no, pe',
      'projection.month.type': 'integer',
      'projection.month.range': '1,11',
      'projection.month.interval': '2',
      'projection.month.digits': '2',
    },
    [
      'country=no/month=01/a.json',
      'country=pe/month=11/below/b.json',
      // Another country, an even month, no digits, nothing that is data.
      'country=se/month=01/c.json',
      'country=no/month=02/d.json',
      'country=no/month=3/e.json',
      'country=no/month=03/_temporary/f.json',
      'country=no/month=03/.g.json',
    ],
  );
  const plan = await planIngest(lake.spec({ include: ['sales'] }), lake.clients);
  expect(plan.tables).toMatchObject([{ files: 2, bytes: 18 }]);
  expect(await ingested('sales')).toEqual([
    [1, 'no', 1],
    [2, 'pe', 11],
  ]);
  expect(await athena.rows('SELECT * FROM sales ORDER BY 1')).toEqual([
    ['1', 'no', '1'],
    ['2', 'pe', '11'],
  ]);
});

it('more dates than are worth a look each are found in what is there, wherever the template puts them', async () => {
  await define(
    'hours',
    [key('zone'), key('hour')],
    {
      'projection.zone.type': 'enum',
      'projection.zone.values': 'a',
      'projection.hour.type': 'date',
      'projection.hour.range': '2020/01/01/00,2024/01/01/00',
      'projection.hour.format': 'yyyy/MM/dd/HH',
      'projection.hour.interval': '1',
      'projection.hour.interval.unit': 'HOURS',
      'storage.location.template': 's3://lake/raw/hours/${hour}/of-${zone}',
    },
    [
      '2020/01/01/00/of-a/1.json',
      '2023/12/31/23/of-a/2.json',
      // Behind the range, of another zone, no hour, no folder of a partition.
      '2024/01/01/01/of-a/3.json',
      '2023/12/31/23/of-b/4.json',
      '2023/12/31/24/of-a/5.json',
      '2023/12/31/of-a/6.json',
      '2023/12/31/23/of-abc/7.json',
    ],
  );
  expect(await ingested('hours')).toEqual([
    [1, 'a', '2020/01/01/00'],
    [2, 'a', '2023/12/31/23'],
  ]);
  expect(await athena.rows('SELECT * FROM hours ORDER BY 1')).toEqual([
    ['1', 'a', '2020/01/01/00'],
    ['2', 'a', '2023/12/31/23'],
  ]);
});

it('injected values are those that are found', async () => {
  await define(
    'devices',
    [key('device'), key('kind')],
    {
      'projection.device.type': 'injected',
      'projection.kind.type': 'enum',
      'projection.kind.values': 'hot,cold',
      'storage.location.template': 's3://lake/raw/devices/${device}/${kind}/${device}/',
    },
    ['x-1/hot/x-1/a.json', 'y.2/cold/y.2/b.json', 'y.2/warm/y.2/c.json', 'x-1/hot/z/d.json'],
  );
  expect(await ingested('devices')).toEqual([
    [1, 'x-1', 'hot'],
    [2, 'y.2', 'cold'],
  ]);
});

it.each<[string, Record<string, string>, RegExp]>([
  [
    'no_range',
    { 'projection.day.type': 'date' },
    /the projection of its column day makes no sense: .*projection\.day\.range is missing/,
  ],
  [
    'no_kind',
    { 'projection.day.type': 'dates' },
    /projection\.day\.type is 'dates'; it is enum, integer, date or injected/,
  ],
  [
    'other_template',
    {
      'projection.day.type': 'injected',
      'storage.location.template': 's3://lake/raw/${month}/',
    },
    /have to name each of its partition keys \(day\) and nothing else/,
  ],
])('%s: properties that make no sense fail the table', async (name, projection, reason) => {
  await define(name, [key('day')], projection, []);
  const { tables } = await lake.run({ include: [name], disposition: 'replace' });
  expect(tables).toMatchObject([
    { status: 'failed', kind: 'usage', reason: expect.stringMatching(reason) as unknown },
  ]);
});
