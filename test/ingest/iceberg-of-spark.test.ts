// Iceberg tables that Spark and Iceberg's own library wrote: ingests and queries see the rows that Spark sees.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableInput } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unzip } from '../../src/functions/unzip.js';
import { openQueryRunner, type QueryRunner } from '../query/query-runner.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
let athena: QueryRunner;

beforeAll(async () => {
  lake = await openIngestFixture();
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-spark-tables-'));
  await unzip(readFileSync(new URL('../tabular/iceberg/spark-tables.zip', import.meta.url)), folder);
  for (const key of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, key);
    if (statSync(path).isFile()) await lake.put(key, readFileSync(path));
  }
  const tables = JSON.parse(readFileSync(join(folder, 'tables.json'), 'utf8')) as TableInput[];
  for (const TableInput of tables) await lake.clients.glue.createTable({ DatabaseName: 'shop', TableInput });
  rmSync(folder, { recursive: true });
  athena = openQueryRunner(lake.clients.athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
  const report = await lake.run({ disposition: 'replace' });
  expect(report.tables.filter(({ status }) => status !== 'loaded')).toEqual([]);
});
afterAll(() => lake.close());

/** Rows of the output, and of the table by a query, as texts. */
async function rowsOf(table: string, columns: string): Promise<{ ingested: unknown; queried: unknown }> {
  const names = columns.split(', ');
  const read = await lake.read(table);
  return {
    ingested: read
      .map((row) => names.map((name) => (row[name] === null ? null : String(row[name]))))
      .sort((a, b) => Number(a[0]) - Number(b[0])),
    queried: await athena.rows(`SELECT ${columns} FROM ${table} ORDER BY 1`),
  };
}

it.each<[string, string, (string | null)[][]]>([
  [
    'old1',
    'id, city',
    [
      ['1', 'a'],
      ['3', 'c'],
    ],
  ],
  [
    'upgraded',
    'id, city',
    [
      ['1', 'a'],
      ['2', 'b'],
    ],
  ],
  ['nothing', 'id, at', []],
  ['emptied', 'id', []],
  ['expired', 'id', [['2']]],
  // Of its partition where the file does not have it, null in Hive's default one.
  [
    'migrated',
    'id, name, city',
    [
      ['1', 'a', 'Oslo'],
      ['2', 'b', 'Lima'],
      ['3', 'c', null],
      ['5', 'e', 'Oslo'],
    ],
  ],
  // 2 came again behind the delete; the delete of (1, nobody) is of another row.
  [
    'upserts',
    'id, name',
    [
      ['1', 'one'],
      ['2', 'two again'],
    ],
  ],
  [
    'parted_upserts',
    'id, name, city',
    [
      ['1', 'a', 'Oslo'],
      ['2', 'again', 'Rome'],
    ],
  ],
])('%s has the rows that Spark sees', async (table, columns, rows) => {
  expect(await rowsOf(table, columns)).toEqual({ ingested: rows, queried: rows });
});

it('a table whose columns and partitions changed has the columns of now, and what its branch has not', async () => {
  const rows = await lake.read('evolved');
  expect(rows.sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
    {
      day: '2024-01-01',
      id: '1',
      town: 'Oslo',
      price: 1.5,
      amount: '10.25',
      spot: { latitude: 5, label: 'a', height: null },
      tags: [{ k: 'q', number: 1 }],
      at: '2024-01-01 08:00:00.123456',
      local: '2024-01-01 10:00:00',
      note: 'changed',
    },
    {
      day: null,
      id: '3',
      town: 'Oslo',
      price: 3.5,
      amount: null,
      spot: { latitude: null, label: 'c', height: null },
      tags: [],
      at: null,
      local: null,
      note: null,
    },
    {
      day: null,
      id: '5',
      town: null,
      price: null,
      amount: null,
      spot: null,
      tags: null,
      at: null,
      local: null,
      note: null,
    },
    {
      day: null,
      id: '7',
      town: 'Bonn',
      price: null,
      amount: null,
      spot: null,
      tags: null,
      at: null,
      local: null,
      note: null,
    },
    {
      day: '2024-02-01',
      id: '4000000000',
      town: 'Oslo',
      price: 4.25,
      amount: '12345678.25',
      spot: { latitude: 7, label: 'd', height: 1.5 },
      tags: [{ k: 'z', number: 9 }],
      at: '2024-02-01 10:00:00',
      local: '2024-02-01 10:00:00',
      note: 'n',
    },
  ]);
  expect(
    await athena.rows(
      'SELECT id, day, town, price, amount, spot.latitude, spot.height, tags[1].number, "local", note FROM evolved ' +
        'WHERE spot IS NOT NULL AND cardinality(tags) > 0 ORDER BY 1',
    ),
  ).toEqual([
    ['1', '2024-01-01', 'Oslo', '1.5', '10.25', '5', null, '1', '2024-01-01 10:00:00.000000', 'changed'],
    [
      '4000000000',
      '2024-02-01',
      'Oslo',
      '4.25',
      '12345678.25',
      '7',
      '1.5',
      '9',
      '2024-02-01 10:00:00.000000',
      'n',
    ],
  ]);
  expect(await athena.rows('SELECT id FROM evolved WHERE spot IS NULL ORDER BY 1')).toEqual([['5'], ['7']]);
});

it('a table of version 3 is without the rows of its deletion vectors, and older rows have the defaults of newer columns', async () => {
  const isGone = (id: number) => [3, 5, 100, 199].includes(id) || (id >= 120 && id <= 150);
  const ids = Array.from({ length: 200 }, (_, id) => id).filter((id) => !isGone(id));
  const expected = ids.map((id) => [
    String(id),
    id === 7 ? 'other' : id % 2 === 0 ? 'even' : 'odd',
    '42',
    "d'ef",
    '2024-05-06',
  ]);
  expected.push(['1000', 'new', '1', 'own', '2020-01-01']);
  expect(await rowsOf('vectors', 'id, city, level, label, since')).toEqual({
    ingested: expected,
    queried: expected,
  });
  expect(await athena.rows('SELECT count(*), count(DISTINCT "$path") FROM vectors')).toEqual([['166', '4']]);
});
