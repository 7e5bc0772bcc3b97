// UPDATE, DELETE and MERGE of Iceberg tables; read by Iceberg's own library: test/clients/pyiceberg.
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
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

const create = async (name: string, columns: string, rows: string, parting = '') => {
  await runner.rows(
    `CREATE TABLE ${name} (${columns}) ${parting} LOCATION 's3://lake/${name}/' TBLPROPERTIES ('table_type'='ICEBERG')`,
  );
  await runner.rows(`INSERT INTO ${name} VALUES ${rows}`);
};
const PEOPLE = "(1, 'Ann', 1.5), (2, 'Bob', NULL), (3, NULL, 3.5)";
const people = (name: string, parting = '') =>
  create(name, 'id int, name string, price double', PEOPLE, parting);
const all = (name: string) => runner.rows(`SELECT * FROM ${name} ORDER BY id`);
const metadataOf = async (Name: string) => {
  const { Table } = await aws.clients().glue.getTable({ DatabaseName: 'shop', Name });
  const location = Table?.Parameters?.metadata_location ?? '';
  const Key = location.slice('s3://lake/'.length);
  const { Body } = await aws.clients().s3.getObject({ Bucket: 'lake', Key });
  return JSON.parse((await Body?.transformToString()) ?? '') as { snapshots: { summary: object }[] };
};
const keysBelow = async (Prefix: string) =>
  ((await aws.clients().s3.listObjectsV2({ Bucket: 'lake', Prefix })).Contents ?? []).map(({ Key }) => Key);

test('DELETE takes out the rows that its condition holds for, and no others', async () => {
  await people('gone');
  const execution = await runner.run("DELETE FROM gone WHERE name = 'Ann' OR price > 3");
  expect(execution).toMatchObject({ StatementType: 'DML', SubstatementType: 'DELETE' });
  const { QueryExecutionId } = execution;
  expect(await aws.clients().athena.getQueryResults({ QueryExecutionId })).toMatchObject({ UpdateCount: 2 });
  expect(await all('gone')).toEqual([['2', 'Bob', null]]);
  // A condition that is null holds for nothing.
  await runner.rows('DELETE FROM gone WHERE price > 0');
  expect(await all('gone')).toEqual([['2', 'Bob', null]]);
  await runner.rows('DELETE FROM gone');
  expect(await all('gone')).toEqual([]);
  expect((await metadataOf('gone')).snapshots.map(({ summary }) => summary)).toMatchObject([
    { operation: 'append', 'total-records': '3', 'total-delete-files': '0' },
    { operation: 'delete', 'added-position-deletes': '2', 'total-position-deletes': '2' },
    {
      operation: 'delete',
      'added-position-deletes': '1',
      'total-position-deletes': '3',
      'total-delete-files': '2',
    },
  ]);
});

test('UPDATE changes what it names from the values before, and leaves the rest', async () => {
  await people('changed');
  await runner.rows('UPDATE changed SET price = coalesce(price, 0) + id, name = upper(name) WHERE id < 3');
  expect(await all('changed')).toEqual([
    ['1', 'ANN', '2.5'],
    ['2', 'BOB', '2.0'],
    ['3', null, '3.5'],
  ]);
  await runner.rows('UPDATE changed SET price = (SELECT max(price) FROM changed)');
  expect((await all('changed')).map(([, , price]) => price)).toEqual(['3.5', '3.5', '3.5']);
  const { snapshots } = await metadataOf('changed');
  expect(snapshots.at(-1)?.summary).toMatchObject({ operation: 'overwrite', 'added-records': '3' });
});

test('MERGE takes the first case that fits: it updates, deletes and inserts at once', async () => {
  await people('merged');
  const execution = await runner.run(
    `MERGE INTO merged AS t USING (VALUES (1, 'new', 9.0), (2, 'out', 0.0), (3, 'same', 0.0), (4, 'Dan', 4.0), (5, 'no', 0.0)) AS s(id, name, price)
     ON t.id = s.id
     WHEN MATCHED AND s.name = 'out' THEN DELETE
     WHEN MATCHED AND s.price > 0 THEN UPDATE SET name = concat(t.name, '-', s.name), price = s.price
     WHEN NOT MATCHED AND s.price > 0 THEN INSERT (id, name) VALUES (s.id, s.name)`,
  );
  expect(await all('merged')).toEqual([
    ['1', 'Ann-new', '9.0'],
    ['3', null, '3.5'],
    ['4', 'Dan', null],
  ]);
  const { QueryExecutionId } = execution;
  expect(await aws.clients().athena.getQueryResults({ QueryExecutionId })).toMatchObject({ UpdateCount: 3 });
});

test('a value of a case that does not fit is not computed', async () => {
  await people('guarded');
  await runner.rows(
    `MERGE INTO guarded t USING (VALUES (1, 0), (9, 1)) s(id, divisor) ON t.id = s.id
     WHEN MATCHED AND s.divisor = 0 THEN UPDATE SET name = 'zero'
     WHEN NOT MATCHED THEN INSERT VALUES (s.id / s.divisor, 'whole', 10 / s.divisor)`,
  );
  expect(await all('guarded')).toEqual([
    ['1', 'zero', '1.5'],
    ['2', 'Bob', null],
    ['3', null, '3.5'],
    ['9', 'whole', '10.0'],
  ]);
});

test('a row that more than one row of the source fits fails the MERGE, which then has done nothing', async () => {
  await people('twice');
  const before = await keysBelow('twice/');
  const merge = (
    where: string,
  ) => `MERGE INTO twice t USING (VALUES (1, 'a'), (1, 'b')) s(id, name) ON t.id = s.id
    WHEN MATCHED ${where} THEN UPDATE SET name = s.name`;
  expect(await runner.failure(merge(''))).toBe(
    'MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row',
  );
  expect(await keysBelow('twice/')).toEqual(before);
  await runner.rows(merge("AND s.name = 'b'"));
  expect((await all('twice'))[0]).toEqual(['1', 'b', '1.5']);
});

test('rows of partitions are deleted in theirs and written into the right ones', async () => {
  await create(
    'parted',
    'id int, name string, at timestamp',
    "(1, 'a', TIMESTAMP '2024-01-01 10:00:00'), (2, 'b', TIMESTAMP '2024-01-02 10:00:00'), (3, NULL, NULL)",
    'PARTITIONED BY (name, day(at))',
  );
  await runner.rows("UPDATE parted SET name = 'z', at = at + INTERVAL '1' DAY WHERE id <> 2");
  await runner.rows("DELETE FROM parted WHERE at = TIMESTAMP '2024-01-02 10:00:00' AND name = 'b'");
  expect(await all('parted')).toEqual([
    ['1', 'z', '2024-01-02 10:00:00.000000'],
    ['3', 'z', null],
  ]);
  await runner.rows('MERGE INTO parted USING (SELECT 3 AS key) ON id = key WHEN MATCHED THEN DELETE');
  expect((await all('parted')).map(([id]) => id)).toEqual(['1']);
});

test('parameters stand in conditions and values, also of prepared statements', async () => {
  await people('asked');
  await runner.rows('UPDATE asked SET name = ? WHERE id = ?', { ExecutionParameters: ["'x'", '2'] });
  await runner.rows('PREPARE take FROM DELETE FROM asked WHERE id = ?');
  await runner.rows('EXECUTE take USING 1');
  expect(await all('asked')).toEqual([
    ['2', 'x', null],
    ['3', null, '3.5'],
  ]);
});

test('what changes no row makes no snapshot', async () => {
  await people('still');
  const before = await keysBelow('still/');
  await runner.rows('DELETE FROM still WHERE id > 100');
  await runner.rows("UPDATE still SET name = 'x' WHERE false");
  expect(await keysBelow('still/')).toEqual(before);
});

test('statements that race for the same rows: one wins, and who loses says so and has changed nothing', async () => {
  await people('raced');
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      runner.answer(`UPDATE raced SET name = '${name}', price = price + 1 WHERE id = 1`),
    ),
  );
  const lost = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));
  const won = outcomes.length - lost.length;
  expect(won).toBeGreaterThan(0);
  for (const why of lost) expect(why).toMatch(/^ICEBERG_COMMIT_ERROR: .* its rows were changed meanwhile/);
  const rows = await all('raced');
  expect(rows).toHaveLength(3);
  expect(rows[0]?.[2]).toBe(`${1.5 + won}`);
});

test('files that were written before a column came, was renamed or became wider are read as the table is now', async () => {
  await people('evolved');
  for (const change of [
    'ADD COLUMNS (place struct<x:int,label:string>)',
    'CHANGE COLUMN name called string',
    'CHANGE COLUMN id id bigint',
    'DROP COLUMN price',
    'ADD COLUMNS (price string)',
  ])
    await runner.rows(`ALTER TABLE evolved ${change}`);
  await runner.rows(
    "INSERT INTO evolved VALUES (3000000000, 'Dan', CAST(ROW(7, 'q') AS ROW(x int, label varchar)), 'dear')",
  );
  await runner.rows("UPDATE evolved SET price = 'cheap' WHERE called = 'Bob'");
  // The new price is another column than the old one, whose values are gone.
  expect(await all('evolved')).toEqual([
    ['1', 'Ann', null, null],
    ['2', 'Bob', null, 'cheap'],
    ['3', null, null, null],
    ['3000000000', 'Dan', '{x=7, label=q}', 'dear'],
  ]);
  const { Table } = await aws.clients().glue.getTable({ DatabaseName: 'shop', Name: 'evolved' });
  expect(
    Table?.StorageDescriptor?.Columns?.map(({ Name, Type, Parameters }) => [Name, Type, Parameters]),
  ).toEqual(
    [
      ['id', 'bigint', '1'],
      ['called', 'string', '2'],
      ['place', 'struct<x:int,label:string>', '4'],
      ['price', 'string', '7'],
    ].map(([name, type, id]) => [
      name,
      type,
      { 'iceberg.field.id': id, 'iceberg.field.optional': 'true', 'iceberg.field.current': 'true' },
    ]),
  );
  await runner.rows('ALTER TABLE evolved RENAME TO renamed');
  expect(await all('renamed')).toHaveLength(4);
  expect(await runner.failure('SELECT * FROM evolved')).toContain('TABLE_NOT_FOUND');
});

describe('what cannot be done', () => {
  beforeAll(async () => {
    await people('refused');
    await runner.rows("CREATE EXTERNAL TABLE plain (id int) STORED AS PARQUET LOCATION 's3://lake/plain/'");
  });

  it.each([
    ['DELETE FROM nothing', "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.shop.nothing' does not exist"],
    [
      'DELETE FROM refused WHERE id',
      'TYPE_MISMATCH: line 1:27: WHERE clause must evaluate to a boolean: actual type integer',
    ],
    [
      'UPDATE refused SET nothing = 1',
      'COLUMN_NOT_FOUND: line 1:20: The target column nothing does not exist in the table',
    ],
    [
      'UPDATE refused SET id = 1, id = 2',
      'DUPLICATE_COLUMN_NAME: line 1:28: The target column id is given more than one value',
    ],
    [
      "UPDATE refused SET id = 'x'",
      /^TYPE_MISMATCH: .* Table: \[integer, varchar, double\], Query: \[varchar\(1\), /,
    ],
    [
      'MERGE INTO refused t USING (SELECT 1 AS k) s ON t.id = s.k WHEN NOT MATCHED THEN INSERT VALUES (1)',
      /^TYPE_MISMATCH: .* Table: \[integer, varchar, double\], Query: \[integer\]/,
    ],
    ['MERGE INTO refused USING refused ON true', /mismatched input '<EOF>'\. Expecting: 'WHEN'/],
    ['DELETE refused', /mismatched input 'refused'/],
    [
      'DELETE FROM plain',
      /^NOT_SUPPORTED: Modifying Hive table rows is only supported for transactional tables/,
    ],
  ])('is refused, and nothing is changed: %s', async (statement, why) => {
    expect(await runner.failure(statement)).toMatch(why);
    expect(await all('refused')).toHaveLength(3);
  });
});
