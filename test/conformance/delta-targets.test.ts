// Delta targets: native tables and tables of manifests, from logs as Spark and delta-rs write them.
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

const PATH = 's3://bucket/orders/';
const SCHEMA = JSON.stringify({
  type: 'struct',
  fields: [
    { name: 'Id', type: 'long', nullable: true, metadata: { comment: 'the key' } },
    {
      name: 'tags',
      type: { type: 'array', elementType: 'string', containsNull: true },
      nullable: true,
      metadata: {},
    },
    { name: 'day', type: 'date', nullable: true, metadata: {} },
  ],
});
const lines = (...actions: object[]) => actions.map((action) => `${JSON.stringify(action)}\n`).join('');
const add = (path: string, day: string | null) => ({
  add: { path, partitionValues: { day }, size: 10, modificationTime: 1, dataChange: true },
});
const first = (partitionColumns: string[], schemaString = SCHEMA) => ({
  'orders/_delta_log/00000000000000000000.json': lines(
    { commitInfo: { timestamp: 1653462383292, operation: 'WRITE' } },
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: {
        id: 'x',
        format: { provider: 'parquet', options: {} },
        schemaString,
        partitionColumns,
        configuration: {},
      },
    },
    add('day=2024-01-01/a.parquet', '2024-01-01'),
    add('day=2024-01-02/b.parquet', '2024-01-02'),
  ),
});

let lake: CrawlFixture;
beforeEach(async () => void (lake = await openCrawlFixture()));
afterEach(() => lake.close());

const create = (options: object, overrides = {}) =>
  lake.create({ Targets: { DeltaTargets: [{ DeltaTables: [PATH], ...options }] }, ...overrides });
const manifest = (folder: string) => lake.pathOf(`orders/_symlink_format_manifest/${folder}manifest`);

describe('a Delta target', () => {
  it('makes a native table, and writes nothing beside the catalog', async () => {
    lake.put(first([]));
    await create({ CreateNativeDeltaTable: true });
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    const table = await lake.table('orders');
    const parameters = {
      CrawlerSchemaDeserializerVersion: '1.0',
      CrawlerSchemaSerializerVersion: '1.0',
      UPDATED_BY_CRAWLER: 'crawler',
      CRAWL_RUN_ID: table.Parameters?.CRAWL_RUN_ID,
      EXTERNAL: 'true',
      classification: 'delta',
      table_type: 'delta',
      'delta.lastUpdateVersion': '0',
      'delta.lastCommitTimestamp': '1653462383292',
      'spark.sql.partitionProvider': 'catalog',
      'spark.sql.sources.provider': 'delta',
      'spark.sql.sources.schema.numParts': '1',
      'spark.sql.sources.schema.part.0': SCHEMA,
    };
    expect(table).toMatchObject({ PartitionKeys: [], TableType: 'EXTERNAL_TABLE', VersionId: '0' });
    expect(table.Parameters).toEqual(parameters);
    expect(table.StorageDescriptor).toEqual({
      Columns: [
        { Name: 'id', Type: 'bigint', Comment: 'the key' },
        { Name: 'tags', Type: 'array<string>' },
        { Name: 'day', Type: 'date' },
      ],
      Location: PATH,
      InputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
      Compressed: false,
      NumberOfBuckets: -1,
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        Parameters: { 'serialization.format': '1', path: PATH },
      },
      BucketColumns: [],
      SortColumns: [],
      Parameters: parameters,
      StoredAsSubDirectories: false,
    });
    expect(existsSync(manifest(''))).toBe(false);
  });

  it('makes a table of manifests with its partitions, and keeps the manifests up to date', async () => {
    lake.put(first(['day']));
    await create({ WriteManifest: true }, { SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE' } });
    await lake.crawl();
    const table = await lake.table('orders');
    expect(columnsOf(table)).toEqual(['id bigint', 'tags array<string>']);
    expect(table).toMatchObject({
      PartitionKeys: [{ Name: 'day', Type: 'date' }],
      StorageDescriptor: {
        Location: `${PATH}_symlink_format_manifest/`,
        InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        },
      },
    });
    expect(
      (await lake.partitions('orders')).map(({ Values, StorageDescriptor }) => [
        Values,
        StorageDescriptor?.Location,
      ]),
    ).toEqual([
      [['2024-01-01'], `${PATH}_symlink_format_manifest/day=2024-01-01/`],
      [['2024-01-02'], `${PATH}_symlink_format_manifest/day=2024-01-02/`],
    ]);
    expect(readFileSync(manifest('day=2024-01-01/'), 'utf8')).toBe(`${PATH}day=2024-01-01/a.parquet\n`);

    lake.put({
      'orders/_delta_log/00000000000000000001.json': lines(
        { commitInfo: { timestamp: 1653462390000 } },
        { remove: { path: 'day=2024-01-01/a.parquet', dataChange: true } },
        add('day=2024-01-03/c.parquet', '2024-01-03'),
      ),
    });
    await lake.crawl();
    expect((await lake.partitions('orders')).map(({ Values }) => Values)).toEqual([
      ['2024-01-02'],
      ['2024-01-03'],
    ]);
    expect(existsSync(manifest('day=2024-01-01/'))).toBe(false);
    expect(readFileSync(manifest('day=2024-01-03/'), 'utf8')).toBe(`${PATH}day=2024-01-03/c.parquet\n`);
    const { VersionId } = await lake.table('orders');
    await lake.crawl();
    expect((await lake.table('orders')).VersionId).toBe(VersionId);
  });

  it('tells of manifests that are old, where it does not write them', async () => {
    lake.put(first([]));
    await create({});
    await lake.crawl();
    expect(existsSync(manifest(''))).toBe(false);
    expect((await lake.lines()).join('\n')).toContain(
      'manifests of Delta table s3://bucket/orders/ are not those of its version 0',
    );
  });

  it('follows the schema, in parts as Spark cuts it, and keeps what others added', async () => {
    lake.put(first([]));
    await create({ CreateNativeDeltaTable: true });
    await lake.crawl();
    const { Table } = await lake.glue.getTable({ DatabaseName: 'lake', Name: 'orders' });
    const input = {
      Name: 'orders',
      StorageDescriptor: Table?.StorageDescriptor,
      PartitionKeys: [],
      TableType: 'EXTERNAL_TABLE',
    };
    await lake.glue.updateTable({
      DatabaseName: 'lake',
      TableInput: {
        ...input,
        Parameters: { ...Table?.Parameters, team: 'x', 'spark.sql.sources.schema.part.7': 'old' },
      },
    });
    const fields = Array.from({ length: 100 }, (_, index) => ({
      name: `column_${index}`,
      type: 'long',
      nullable: true,
      metadata: {},
    }));
    const wide = JSON.stringify({ type: 'struct', fields });
    lake.put({
      'orders/_delta_log/00000000000000000001.json': lines({
        metaData: { id: 'x', schemaString: wide, partitionColumns: [], configuration: {} },
      }),
    });
    await lake.crawl();
    const { Parameters, StorageDescriptor } = await lake.table('orders');
    expect(StorageDescriptor?.Columns).toHaveLength(100);
    expect(Parameters).toMatchObject({
      team: 'x',
      'spark.sql.sources.schema.numParts': '2',
      'delta.lastUpdateVersion': '1',
    });
    expect(Parameters).not.toHaveProperty(['spark.sql.sources.schema.part.7']);
    const parts = [0, 1].map((part) => Parameters?.[`spark.sql.sources.schema.part.${part}`]);
    expect(parts[0]).toHaveLength(4000);
    expect(parts.join('')).toBe(wide);
  });

  it('fails where the log is damaged, naming the table, and leaves the catalog alone', async () => {
    lake.put(first([]));
    await create({ CreateNativeDeltaTable: true });
    await lake.crawl();
    lake.put({ 'orders/_delta_log/00000000000000000002.json': lines(add('x', null)) });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage:
        'Delta table s3://bucket/orders/ cannot be crawled: version 1 is missing in its _delta_log.',
    });
    expect((await lake.table('orders')).VersionId).toBe('0');
  });

  it('marks the table as deprecated when its log is gone', async () => {
    lake.put(first([]));
    await create({ CreateNativeDeltaTable: true });
    await lake.crawl();
    lake.remove('orders/_delta_log');
    await lake.crawl();
    expect((await lake.table('orders')).Parameters).toHaveProperty('DEPRECATED_BY_CRAWLER');
    expect((await lake.lines()).join('\n')).toContain('Found no Delta table at s3://bucket/orders/');
  });

  it('needs the permission to write manifests', async () => {
    lake.put(first([]));
    const { iam } = lake.aws.clients();
    await iam.putRolePolicy({
      RoleName: 'Crawler',
      PolicyName: 'no-writes',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }],
      }),
    });
    await create({ WriteManifest: true });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringContaining('s3:PutObject') as string,
    });
  });

  it.each([
    ['no table', { DeltaTables: [] }, 'DeltaTables of a Delta target is empty'],
    ['a path that is none', { DeltaTables: ['orders'] }, '"orders" is not of the form'],
  ])('is refused with %s', async (_, target, message) => {
    await expect(lake.create({ Targets: { DeltaTargets: [target] } })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(message) as string,
    });
  });
});
