// What queries write into Iceberg tables, read again by queries; by Iceberg's own library: test/clients/pyiceberg.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

let aws: Embedded;
let runner: QueryRunner;

beforeAll(async () => {
  aws = await openEmbedded();
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  runner = openQueryRunner(athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});
afterAll(() => aws.close());

const keysBelow = async (Prefix: string) =>
  ((await aws.clients().s3.listObjectsV2({ Bucket: 'lake', Prefix })).Contents ?? []).map(({ Key }) => Key);
const tableOf = async (Name: string) =>
  (await aws.clients().glue.getTable({ DatabaseName: 'shop', Name })).Table;
const createTable = (name: string, columns: string, more = '') =>
  runner.rows(
    `CREATE TABLE ${name} (${columns}) ${more} LOCATION 's3://lake/${name}/' TBLPROPERTIES ('table_type'='ICEBERG')`,
  );

/** A table whose first metadata is changed before anything is written. */
async function withMetadata(name: string, columns: string, change: (text: string) => string): Promise<void> {
  await createTable(name, columns);
  const location = (await tableOf(name))?.Parameters?.metadata_location ?? '';
  const Key = location.slice('s3://lake/'.length);
  const { s3 } = aws.clients();
  const text = (await (await s3.getObject({ Bucket: 'lake', Key })).Body?.transformToString()) ?? '';
  const changed = change(text);
  expect(changed).not.toBe(text);
  await s3.putObject({ Bucket: 'lake', Key, Body: changed });
}

test('INSERT INTO adds a snapshot, keeps microseconds, and leaves the metadata before it as the one before', async () => {
  await createTable('events', 'id int, at timestamp');
  const first = (await tableOf('events'))?.Parameters?.metadata_location;
  expect(await runner.rows(`INSERT INTO events VALUES (1, TIMESTAMP '2024-01-01 00:00:00.123456')`)).toEqual(
    [],
  );
  expect(await runner.rows('SELECT id, at, typeof(at) FROM events')).toEqual([
    ['1', '2024-01-01 00:00:00.123456', 'timestamp(6)'],
  ]);
  const parameters = (await tableOf('events'))?.Parameters;
  expect(parameters?.previous_metadata_location).toBe(first);
  expect(parameters?.metadata_location).toMatch(
    /^s3:\/\/lake\/events\/metadata\/00001-[0-9a-f-]{36}\.metadata\.json$/,
  );
});

test('inserts that race all arrive, each on top of the other', async () => {
  await createTable('raced', 'id int');
  await Promise.all([1, 2, 3, 4].map((id) => runner.rows(`INSERT INTO raced VALUES (${id})`)));
  expect(await runner.rows('SELECT id FROM raced ORDER BY id')).toEqual([['1'], ['2'], ['3'], ['4']]);
  // First metadata, and for each insert its manifest, its list and its metadata.
  expect(await keysBelow('raced/metadata/')).toHaveLength(1 + 4 * 3);
});

test('a query without rows adds no snapshot', async () => {
  await createTable('still', 'id int');
  const before = await tableOf('still');
  await runner.rows('INSERT INTO still SELECT 1 WHERE false');
  expect((await tableOf('still'))?.VersionId).toBe(before?.VersionId);
});

test('CREATE TABLE AS makes a table whose partitions are read back, texts that are empty apart from null', async () => {
  await runner.rows(
    `CREATE TABLE parted WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/parted/',
       partitioning = ARRAY['name', 'hour(at)', 'truncate(id, 10)'])
     AS SELECT * FROM (VALUES (-1, '', TIMESTAMP '2024-01-01 05:30:00'), (19, NULL, NULL), (11, 'a/b=c', NULL)) AS t(id, name, at)`,
  );
  expect(await runner.rows('SELECT id, name, at FROM parted ORDER BY id')).toEqual([
    ['-1', '', '2024-01-01 05:30:00.000000'],
    ['11', 'a/b=c', null],
    ['19', null, null],
  ]);
  expect(await keysBelow('parted/data/')).toHaveLength(3);
  expect((await runner.rows('SHOW CREATE TABLE parted')).flat().join('\n')).toContain(
    'PARTITIONED BY (`name`, hour(`at`), truncate(`id`, 10))',
  );
});

test('CREATE TABLE AS without data makes a table that rows can be inserted into', async () => {
  await runner.rows(
    `CREATE TABLE bare WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/bare/') AS SELECT 1 AS id WITH NO DATA`,
  );
  expect(await runner.rows('SELECT * FROM bare')).toEqual([]);
  await runner.rows('INSERT INTO bare VALUES (2)');
  expect(await runner.rows('SELECT * FROM bare')).toEqual([['2']]);
});

test('a failed CREATE TABLE AS leaves neither a table nor an object', async () => {
  const reason = await runner.failure(
    `CREATE TABLE broken WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/broken/') AS SELECT 1 / (id - 2) AS x FROM bare`,
  );
  expect(reason).toContain('Division by zero');
  expect(await keysBelow('broken/')).toEqual([]);
  expect(await runner.failure('SELECT * FROM broken')).toContain('TABLE_NOT_FOUND');
});

test('a column that must have a value fails the row without one', async () => {
  await withMetadata('strict', 'id int, name string', (text) =>
    text.replace('"required":false', '"required":true'),
  );
  expect(await runner.failure(`INSERT INTO strict (name) VALUES ('x')`)).toContain(
    'CONSTRAINT_VIOLATION: NULL value not allowed for NOT NULL column: id',
  );
  await runner.rows(`INSERT INTO strict (id) VALUES (1)`);
  expect(await runner.rows('SELECT * FROM strict')).toEqual([['1', null]]);
});

test.each([
  [
    'version 1',
    'int',
    (text: string) => text.replace('"format-version":2', '"format-version":1'),
    'table of version 1',
  ],
  [
    'uuid',
    'string',
    (text: string) => text.replace('"string"', '"uuid"'),
    `column id of Iceberg's type uuid`,
  ],
  ['no JSON', 'int', () => 'nothing', 'ICEBERG_INVALID_METADATA'],
])('what cannot be written is refused by name: %s', async (what, type, change, reason) => {
  const name = `odd_${what.replace(/\W/g, '_')}`;
  await withMetadata(name, `id ${type}`, change);
  expect(await runner.failure(`INSERT INTO ${name} VALUES (${type === 'int' ? '1' : `'x'`})`)).toContain(
    reason,
  );
  expect(await keysBelow(`${name}/data/`)).toEqual([]);
});

test.each([
  [`table_type = 'ICEBERG'`, 'is_external = false'],
  [`table_type = 'ICEBERG', is_external = false, format = 'ORC'`, 'files of the format ORC'],
  [`table_type = 'ICEBERG', is_external = false, partitioned_by = ARRAY['id']`, `'partitioned_by'`],
  [`table_type = 'ICEBERG', is_external = false, partitioning = ARRAY['day(none)']`, 'none is not a column'],
  [`table_type = 'ICEBERG', is_external = false, partitioning = ARRAY['bucket(id, 4)']`, 'made by bucket[4]'],
])('CREATE TABLE AS refuses WITH (%s)', async (properties, reason) => {
  expect(
    await runner.failure(
      `CREATE TABLE refused WITH (${properties}, location = 's3://lake/refused/') AS SELECT 1 AS id`,
    ),
  ).toContain(reason);
  expect(await keysBelow('refused/')).toEqual([]);
});
