// Graphs that cannot be run, and what their authors are told.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CodeGenConfigurationNode } from '@aws-sdk/client-glue';
import {
  BUCKET,
  jsonSource,
  openJobHarness,
  parquetTarget,
  tableSource,
  type Graph,
  type JobHarness,
} from '../../test/jobs/job-harness.js';

let jobs: JobHarness;
beforeAll(async () => {
  jobs = await openJobHarness();
  await jobs.put('in/a.json', '{"a":1,"b":"x","s":{"n":1}}\n');
  await jobs.put('csv/a.csv', 'a\n1\n');
});
afterAll(() => jobs.close());

const source = jsonSource('in/');
const target = parquetTarget('s');
const target2 = (path: string): CodeGenConfigurationNode => ({
  S3DirectTarget: { Name: 'Out', Inputs: ['s'], Path: path, Format: 'csv' },
});
const after = (node: CodeGenConfigurationNode): Graph => ({ s: source, x: node, t: parquetTarget('x') });
const select = (Inputs: string[], Paths = [['a']]): CodeGenConfigurationNode => ({
  SelectFields: { Name: 'Pick', Inputs, Paths },
});

const CASES: [what: string, graph: Graph, message: string | RegExp][] = [
  ['no nodes', {}, 'The job has no nodes: its CodeGenConfigurationNodes is empty.'],
  ['no target', { s: source }, 'The job has no target, so it would write nothing.'],
  ['a node of no kind', { s: {} }, 'Node "s" must be of exactly one kind; it is of: none.'],
  [
    'a node of two kinds',
    { s: { ...source, ...target } },
    'Node "s" must be of exactly one kind; it is of: S3JsonSource, S3GlueParquetTarget.',
  ],
  [
    'an unknown input',
    { s: source, t: parquetTarget('gone') },
    'Node "Target" (S3GlueParquetTarget): its input "gone" is no node; there are "s", "t".',
  ],
  [
    'a target that is read',
    { s: source, t: target, u: parquetTarget('t') },
    'Node "Target" (S3GlueParquetTarget): its input "t" is a target.',
  ],
  [
    'a circle',
    { a: select(['b']), b: select(['a']), t: parquetTarget('a') },
    'The nodes feed each other in a circle: "a" reads "b" reads "a".',
  ],
  [
    'a loose end',
    { s: source, x: select(['s']), t: target },
    'Node "Pick" (SelectFields): it leads to no target; connect it or remove it.',
  ],
  ['too many inputs', after(select(['s', 's'])), 'Node "Pick" (SelectFields): it takes 1 Inputs, and has 2.'],
  [
    'too few inputs',
    after({ Union: { Name: 'U', Inputs: ['s'], UnionType: 'ALL' } }),
    'Node "U" (Union): it takes 2 Inputs, and has 1.',
  ],
  [
    'a kind that is not supported',
    after({ SplitFields: { Name: 'Split', Inputs: ['s'], Paths: [['a']] } }),
    'Node "Split" (SplitFields): nodes of this kind are not supported.',
  ],
  [
    'a kind that cannot be supported',
    after({ FillMissingValues: { Name: 'Fill', Inputs: ['s'], ImputedPath: 'a' } }),
    'Node "Fill" (FillMissingValues): nodes of this kind are not supported: it fills values by machine learning, and its definition holds no rule.',
  ],
  [
    'an option that is not supported',
    {
      s: { S3JsonSource: { ...source.S3JsonSource!, AdditionalOptions: { EnableSamplePath: true } } },
      t: target,
    },
    'Node "Source" (S3JsonSource): AdditionalOptions.EnableSamplePath is not supported; leave it out or set it to false.',
  ],
  [
    'an exclusion that is no pattern',
    { s: { S3JsonSource: { ...source.S3JsonSource!, Exclusions: ['[a-'] } }, t: target },
    'Node "Source" (S3JsonSource): Exclusion pattern "[a-" is not valid: "[" has no "]".',
  ],
  [
    'a member that nobody knows',
    { s: source, t: { S3GlueParquetTarget: { ...target.S3GlueParquetTarget!, Mode: 'append' } as never } },
    'Node "Target" (S3GlueParquetTarget): Mode is unknown; leave it out.',
  ],
  [
    'a field that is not there',
    after(select(['s'], [['nope']])),
    'Node "Pick" (SelectFields): there is no field "nope"; there are "a", "b", "s".',
  ],
  [
    'a field inside one that has none',
    after(select(['s'], [['b', 'c']])),
    'Node "Pick" (SelectFields): there is no field "b.c": "c" is asked of a string, which has no fields.',
  ],
  [
    'a missing table',
    { s: tableSource('nope'), t: target },
    'Node "Source" (CatalogSource): there is no table "nope" in the database "db".',
  ],
  [
    'a missing bucket',
    { s: { S3JsonSource: { Name: 'S', Paths: ['s3://gone/x/'] } }, t: target },
    'Node "S" (S3JsonSource): the bucket of s3://gone/x/ does not exist: "gone".',
  ],
  [
    'a missing folder',
    { s: jsonSource('nothing/'), t: target },
    `Node "Source" (S3JsonSource): there is nothing at s3://${BUCKET}/nothing/: neither an object nor a folder.`,
  ],
  [
    'a path that is none',
    { s: { S3JsonSource: { Name: 'S', Paths: ['/data'] } }, t: target },
    'Node "S" (S3JsonSource): "/data" is not an S3 path; write it as s3://bucket/folder/.',
  ],
  [
    'a missing output bucket',
    { s: source, t: target2('s3://gone/out/') },
    'Node "Out" (S3DirectTarget): the bucket of s3://gone/out/ does not exist: "gone".',
  ],
  [
    'a format that is not written',
    { s: source, t: { S3DirectTarget: { ...target2('s3://lake/out/').S3DirectTarget!, Format: 'orc' } } },
    'Node "Out" (S3DirectTarget): Format "orc" is not supported; use csv, json or parquet.',
  ],
  [
    'a partition key that is no column',
    {
      s: source,
      t: { S3DirectTarget: { ...target2('s3://lake/out/').S3DirectTarget!, PartitionKeys: [['y']] } },
    },
    'Node "Out" (S3DirectTarget): PartitionKeys names "y", which is no column.',
  ],
  [
    'a constant of the wrong type',
    after({
      Filter: {
        Name: 'F',
        Inputs: ['s'],
        LogicalOperator: 'AND',
        Filters: [
          {
            Operation: 'GT',
            Values: [
              { Type: 'COLUMNEXTRACTED', Value: ['a'] },
              { Type: 'CONSTANT', Value: ['many'] },
            ],
          },
        ],
      },
    }),
    'Node "F" (Filter): "many" is not a number, which the bigint is compared with.',
  ],
  [
    'SQL that cannot be read',
    after({
      SparkSQL: {
        Name: 'Q',
        Inputs: ['s'],
        SqlQuery: 'select a from',
        SqlAliases: [{ From: 's', Alias: 'my' }],
      },
    }),
    /^Node "Q" \(SparkSQL\): SqlQuery cannot be read: syntax error at end of input/,
  ],
  [
    'SQL that is no query',
    after({
      SparkSQL: {
        Name: 'Q',
        Inputs: ['s'],
        SqlQuery: 'drop table my',
        SqlAliases: [{ From: 's', Alias: 'my' }],
      },
    }),
    /^Node "Q" \(SparkSQL\): SqlQuery cannot be read: Only SELECT statements/,
  ],
  [
    'SQL about another table',
    after({
      SparkSQL: {
        Name: 'Q',
        Inputs: ['s'],
        SqlQuery: 'select * from other',
        SqlAliases: [{ From: 's', Alias: 'my' }],
      },
    }),
    /^Node "Q" \(SparkSQL\): .*Table with name other does not exist/,
  ],
];

test.each(CASES)('%s fails the run and says so', async (_what, graph, message) => {
  await expect(jobs.run(graph)).rejects.toThrow(message);
  expect(jobs.keys()).toEqual([]);
});
