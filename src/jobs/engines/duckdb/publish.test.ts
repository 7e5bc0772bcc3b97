// What a run leaves behind: how many files, under which names, all or none, and what the catalog is told.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CodeGenConfigurationNode, DirectSchemaChangePolicy } from '@aws-sdk/client-glue';
import {
  BUCKET,
  csvSource,
  jsonSource,
  openJobHarness,
  parquetTarget,
  type Graph,
  type JobHarness,
} from '../../../../test/jobs/job-harness.js';

let jobs: JobHarness;
beforeAll(async () => {
  jobs = await openJobHarness();
});
beforeEach(() => jobs.clear());
afterAll(() => jobs.close());

const leftovers = () => readdirSync(join(jobs.storage.root, '.unfinished'));

function target(path: string, more: object = {}): CodeGenConfigurationNode {
  return {
    S3DirectTarget: { Name: 'Out', Inputs: ['s'], Path: `s3://${BUCKET}/${path}`, Format: 'csv', ...more },
  };
}

async function putParts(folder: string, count: number, rowsOf: (part: number) => string): Promise<void> {
  for (let part = 0; part < count; part++) await jobs.put(`${folder}/p${part}.csv`, `a,b\n${rowsOf(part)}`);
}

function sqlStep(SqlQuery: string): Graph {
  const SqlAliases = [{ From: 's', Alias: 't' }];
  return { x: { SparkSQL: { Name: 'X', Inputs: ['s'], SqlQuery, SqlAliases } } };
}

describe('how many files', () => {
  const steps: [string, Graph, number][] = [
    ['none', { x: { SelectFields: { Name: 'X', Inputs: ['s'], Paths: [['a'], ['b']] } } }, 3],
    [
      'a filter that leaves nothing',
      {
        x: {
          Filter: {
            Name: 'X',
            Inputs: ['s'],
            LogicalOperator: 'AND',
            Filters: [{ Operation: 'ISNULL', Values: [{ Type: 'COLUMNEXTRACTED', Value: ['a'] }] }],
          },
        },
      },
      3,
    ],
    ['a union of the same files', { x: { Union: { Name: 'X', Inputs: ['s', 's'], UnionType: 'ALL' } } }, 6],
    ['a distinct union', { x: { Union: { Name: 'X', Inputs: ['s', 's'], UnionType: 'DISTINCT' } } }, 1],
    [
      'an aggregate',
      {
        x: {
          Aggregate: { Name: 'X', Inputs: ['s'], Groups: [], Aggs: [{ Column: ['a'], AggFunc: 'count' }] },
        },
      },
      1,
    ],
    ['a query that takes rows one by one', sqlStep("select upper(b) as u from t where a <> '9'"), 3],
    ['a query that counts', sqlStep('select count(*) as n from t'), 1],
    ['a query that sorts', sqlStep('select * from t order by a'), 1],
    ['a query with a window', sqlStep('select row_number() over () as n from t'), 1],
    ['dropping duplicates', { x: { DropDuplicates: { Name: 'X', Inputs: ['s'] } } }, 1],
  ];

  test.each(steps)('three input files and %s', async (_what, nodes, count) => {
    await putParts('in', 3, (part) => `${part},x\n`);
    await jobs.run({ s: csvSource('in/'), ...nodes, t: parquetTarget('x') });
    expect(jobs.keys()).toHaveLength(count);
  });

  test('NumberTargetPartitions decides instead, and no row is lost', async () => {
    await putParts('in', 3, (part) => `${part},x\n`);
    for (const [index, wanted] of ['1', '2'].entries()) {
      await jobs.run({ s: csvSource('in/'), t: target(`out${index}/`, { NumberTargetPartitions: wanted }) });
      const texts = jobs.keys(`out${index}/`).map((key) => jobs.text(key));
      expect(texts).toHaveLength(Number(wanted));
      expect(texts.join('').match(/^"\d"/gm)?.sort()).toEqual(['"0"', '"1"', '"2"']);
    }
  });

  test('groups of input files share an output file', async () => {
    await putParts('in', 4, (part) => `${part},x\n`);
    const source = csvSource('in/').S3CsvSource!;
    const grouped = { S3CsvSource: { ...source, GroupFiles: 'inPartition', GroupSize: '16' } };
    await jobs.run({ s: grouped, t: parquetTarget('s') });
    expect(jobs.keys()).toHaveLength(2);
  });

  test('without a step between files there are as many as there are input files, and every row once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        async (parts) => {
          jobs.clear();
          await putParts('in', parts.length, (part) => parts[part]!.map((value) => `${value},x\n`).join(''));
          await jobs.run({ s: csvSource('in/'), t: parquetTarget('s') });
          expect(jobs.keys()).toHaveLength(parts.length);
          expect((await jobs.rows()).map((row) => Number(row.a))).toEqual(parts.flat());
        },
      ),
      { numRuns: 12 },
    );
  });

  test('a union has the rows of both inputs, and a distinct one those of the first when both are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
        async (left, right) => {
          jobs.clear();
          await jobs.put('l/a.csv', `a\n${left.join('\n')}\n`);
          await jobs.put('r/a.csv', `a\n${right.join('\n')}\n`);
          const graph = (UnionType: 'ALL' | 'DISTINCT', path: string): Graph => ({
            l: csvSource('l/'),
            r: csvSource('r/'),
            s: { Union: { Name: 'U', Inputs: ['l', 'r'], UnionType } },
            t: target(path),
          });
          await jobs.run(graph('ALL', 'all/'));
          await jobs.run(graph('DISTINCT', 'distinct/'));
          const count = (prefix: string) =>
            jobs.keys(prefix).reduce((sum, key) => sum + jobs.text(key).split('\n').length - 2, 0);
          expect(count('all/')).toBe(left.length + right.length);
          expect(count('distinct/')).toBe(new Set([...left, ...right]).size);
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('all or nothing', () => {
  test('a run adds files beside those of earlier runs', async () => {
    await putParts('in', 1, () => '1,x\n');
    await jobs.put('out/mine', 'stays');
    for (let run = 0; run < 2; run++) await jobs.run({ s: csvSource('in/'), t: target('out/') });
    expect(jobs.keys()).toEqual([
      'out/mine',
      'out/run-1700000000000-part-r-00000',
      'out/run-1700000000001-part-r-00000',
    ]);
  });

  test('two targets in one folder do not meet', async () => {
    await putParts('in', 1, () => '1,x\n');
    await jobs.run({ s: csvSource('in/'), t: target('out/'), u: target('out/') });
    expect(jobs.keys()).toHaveLength(2);
  });

  test('when one of two targets fails, neither leaves a file', async () => {
    await putParts('in', 2, () => '1,x\n');
    await jobs.put('in/p9.csv', Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xff, 0xfe, 0x80, 0x0a])]));
    await jobs.put('fine/a.json', '{"a":1}\n');
    const run = jobs.run({
      f: jsonSource('fine/'),
      s: csvSource('in/'),
      t: { S3DirectTarget: { ...target('out/').S3DirectTarget!, Inputs: ['f'] } },
      u: target('out/'),
    });
    await expect(run).rejects.toThrow('Target "Out" could not be written');
    expect(jobs.keys()).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  test('a run that is stopped ends within a moment with the reason and leaves nothing', async () => {
    await jobs.put('in/a.json', '{"n":1}\n');
    const stopping = new AbortController();
    const sql = 'select sum(a.range * b.range) as s from range(100000000) a, range(100000) b, my';
    const run = jobs.run(
      {
        s: jsonSource('in/'),
        x: {
          SparkSQL: {
            Name: 'Long',
            Inputs: ['s'],
            SqlQuery: sql,
            SqlAliases: [{ From: 's', Alias: 'my' }],
          },
        },
        t: parquetTarget('x'),
      },
      { signal: stopping.signal },
    );
    setTimeout(() => stopping.abort(new Error('stopped')), 300);
    const start = performance.now();
    await expect(run).rejects.toThrow('stopped');
    expect(performance.now() - start).toBeLessThan(2000);
    expect(jobs.keys()).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  test('when the catalog refuses, the files go again', async () => {
    await jobs.put('in/a.json', '{"k":"x","v":1}\n');
    const refusing = {
      ...jobs.catalog,
      createTable: () => {
        throw new Error('refused');
      },
    };
    await expect(
      jobs.run(
        { s: jsonSource('in/'), t: target('out/', { SchemaChangePolicy: policy() }) },
        { catalog: refusing },
      ),
    ).rejects.toThrow('refused');
    expect(jobs.keys()).toEqual([]);
  });
});

function policy(more: DirectSchemaChangePolicy = {}): DirectSchemaChangePolicy {
  return { EnableUpdateCatalog: true, Database: 'db', Table: 'made', ...more };
}

describe('the catalog', () => {
  const table = () => jobs.catalog.getTable('db', 'made');
  const names = () => table().StorageDescriptor?.Columns?.map((column) => `${column.Name} ${column.Type}`);

  test('a target makes its table and partitions, and a job reads them back', async () => {
    await jobs.put('in/a.json', '{"Id":1,"tags":["a"],"day":"2024-01-01"}\n{"Id":2,"day":"2024-01-02"}\n');
    for (const Format of ['csv', 'json', 'parquet'] as const) {
      const SchemaChangePolicy = policy({ Table: `made_${Format}` });
      await jobs.run({
        s: jsonSource('in/'),
        m: { DropFields: { Name: 'flat', Inputs: ['s'], Paths: Format === 'csv' ? [['tags']] : [] } },
        t: {
          S3DirectTarget: {
            Name: 'T',
            Inputs: ['m'],
            Path: `s3://${BUCKET}/${Format}/`,
            Format,
            PartitionKeys: [['day']],
            SchemaChangePolicy,
          },
        },
      });
      const made = jobs.catalog.getTable('db', `made_${Format}`);
      expect(made.Parameters).toMatchObject({ classification: Format, CreatedByJob: 'job' });
      expect(made.PartitionKeys).toEqual([{ Name: 'day', Type: 'string' }]);
      const { items } = jobs.catalog.listPartitions('db', `made_${Format}`);
      expect(items.map((each) => [each.Values, each.StorageDescriptor?.Location])).toEqual([
        [['2024-01-01'], `s3://${BUCKET}/${Format}/day=2024-01-01/`],
        [['2024-01-02'], `s3://${BUCKET}/${Format}/day=2024-01-02/`],
      ]);
      await jobs.run({
        s: { CatalogSource: { Name: 'S', Database: 'db', Table: `made_${Format}` } },
        t: { S3GlueParquetTarget: { Name: 'T', Inputs: ['s'], Path: `s3://${BUCKET}/back-${Format}/` } },
      });
      const rows = await jobs.rows(`back-${Format}/`);
      expect(rows.map((row) => [row.id, row.day])).toEqual([
        ['1', '2024-01-01'],
        ['2', '2024-01-02'],
      ]);
    }
  });

  test('UPDATE_IN_DATABASE gives the table new columns, LOG leaves them', async () => {
    const run = (more: DirectSchemaChangePolicy) =>
      jobs.run({
        s: jsonSource('in/'),
        t: target('out/', { Format: 'json', SchemaChangePolicy: policy(more) }),
      });
    await jobs.put('in/a.json', '{"a":1}\n');
    await run({});
    expect(names()).toEqual(['a bigint']);
    await jobs.put('in/a.json', '{"a":1,"b":"x"}\n');
    await run({ UpdateBehavior: 'LOG' });
    expect(names()).toEqual(['a bigint']);
    await run({ UpdateBehavior: 'UPDATE_IN_DATABASE' });
    expect(names()).toEqual(['a bigint', 'b string']);
  });

  test.each<[string, DirectSchemaChangePolicy, object, string]>([
    ['no such database', policy({ Database: 'gone' }), {}, 'Database gone not found'],
    ['no table named', { EnableUpdateCatalog: true }, {}, 'it needs Database and Table'],
    ['a table of another format', policy(), { Format: 'parquet' }, 'the table "made" holds csv'],
    ['a table of other keys', policy(), { PartitionKeys: [['a']] }, 'the table "made" is partitioned by ()'],
  ])('%s is told before anything is written', async (_what, SchemaChangePolicy, more, message) => {
    await jobs.put('in/a.json', '{"a":1,"b":2}\n');
    await jobs.run({ s: jsonSource('in/'), t: target('first/', { SchemaChangePolicy: policy() }) });
    const run = jobs.run({ s: jsonSource('in/'), t: target('out/', { SchemaChangePolicy, ...more }) });
    await expect(run).rejects.toThrow(message);
    expect(jobs.keys()).toEqual([]);
  });

  test('a catalog target writes in the table’s place, format, order and types', async () => {
    jobs.createTable('t', {
      serde: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      serdeParameters: { 'field.delim': '|' },
      columns: [
        { Name: 'n', Type: 'int' },
        { Name: 'gone', Type: 'string' },
        { Name: 'v', Type: 'string' },
      ],
      location: `s3://${BUCKET}/lake/t`,
    });
    await jobs.put('in/a.json', '{"v":"a|b","extra":true,"n":"7"}\n');
    const run = (kind: 'CatalogTarget' | 'S3CatalogTarget') =>
      jobs.run({
        s: jsonSource('in/'),
        t: { [kind]: { Name: 'T', Inputs: ['s'], Database: 'db', Table: 'T' } },
      });
    await run('CatalogTarget');
    await run('S3CatalogTarget');
    expect(jobs.keys('lake/').map((key) => jobs.text(key))).toEqual(['7||"a|b"|true\n', '7||"a|b"|true\n']);
    expect(jobs.lines.join('\n')).toContain('does not have the columns extra');
  });
});

test('many small files stay as many', async () => {
  const count = 200;
  await putParts('in', count, (part) => `${part},x\n`);
  await jobs.run({ s: csvSource('in/'), t: parquetTarget('s') });
  expect(jobs.keys()).toHaveLength(count);
  expect(jobs.lines).toContain(
    `Node "Target": wrote ${count} rows in ${count} files to s3://${BUCKET}/out/.`,
  );
});
