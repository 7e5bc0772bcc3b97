// What CREATE TABLE and its like leave in the catalog, as GetTable of Athena's own tables shows it.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ddl, openDdl } from '../../../test/query/ddl-harness.js';

let ddl: Ddl;
beforeEach(async () => {
  ddl = await openDdl();
});
afterEach(() => ddl.close());

it('a table is written as Athena writes it', async () => {
  await ddl.run(`
    CREATE EXTERNAL TABLE Clicks (Id bigint COMMENT 'key', url string)
    COMMENT 'clicks' PARTITIONED BY (dt string)
    ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'
    LOCATION 's3://lake/clicks/' TBLPROPERTIES ('projection.enabled'='true')`);
  expect(ddl.catalog.getTable('web', 'clicks')).toEqual({
    Name: 'clicks',
    DatabaseName: 'web',
    Owner: 'hadoop',
    Retention: 0,
    CreateTime: new Date('2024-01-01T00:00:00Z'),
    UpdateTime: new Date('2024-01-01T00:00:00Z'),
    CreatedBy: 'arn:aws:iam::123456789012:user/ana',
    CatalogId: '123456789012',
    VersionId: '0',
    IsRegisteredWithLakeFormation: false,
    IsMultiDialectView: false,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      comment: 'clicks',
      transient_lastDdlTime: '1704067200',
      'projection.enabled': 'true',
    },
    PartitionKeys: [{ Name: 'dt', Type: 'string' }],
    StorageDescriptor: {
      Columns: [
        { Name: 'id', Type: 'bigint', Comment: 'key' },
        { Name: 'url', Type: 'string' },
      ],
      Location: 's3://lake/clicks',
      InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        Parameters: {
          'serialization.format': ',',
          'field.delim': ',',
          'escape.delim': '\\',
          'line.delim': '\n',
        },
      },
      Compressed: false,
      NumberOfBuckets: -1,
      BucketColumns: [],
      SortColumns: [],
      Parameters: {},
      SkewedInfo: { SkewedColumnNames: [], SkewedColumnValues: [], SkewedColumnValueLocationMaps: {} },
      StoredAsSubDirectories: false,
    },
  });
});

describe('the format', () => {
  const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
  const ORC = 'org.apache.hadoop.hive.ql.io.orc.';
  const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.';
  const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
  const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

  it.each([
    ['', LAZY, TEXT_INPUT, TEXT_OUTPUT],
    ['STORED AS textfile', LAZY, TEXT_INPUT, TEXT_OUTPUT],
    ['STORED AS ORC', `${ORC}OrcSerde`, `${ORC}OrcInputFormat`, `${ORC}OrcOutputFormat`],
    [
      'STORED AS PARQUET',
      `${PARQUET}serde.ParquetHiveSerDe`,
      `${PARQUET}MapredParquetInputFormat`,
      `${PARQUET}MapredParquetOutputFormat`,
    ],
    [
      'STORED AS AVRO',
      'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
      'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
      'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
    ],
    [
      'STORED AS RCFILE',
      'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
      'org.apache.hadoop.hive.ql.io.RCFileInputFormat',
      'org.apache.hadoop.hive.ql.io.RCFileOutputFormat',
    ],
    [
      'STORED AS SEQUENCEFILE',
      LAZY,
      'org.apache.hadoop.mapred.SequenceFileInputFormat',
      'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
    ],
    [
      'STORED AS ION',
      'com.amazon.ionhiveserde.IonHiveSerDe',
      'com.amazon.ionhiveserde.formats.IonInputFormat',
      'com.amazon.ionhiveserde.formats.IonOutputFormat',
    ],
    ["ROW FORMAT SERDE 'a.B'", 'a.B', TEXT_INPUT, TEXT_OUTPUT],
    [
      "ROW FORMAT SERDE 'a.B' STORED AS PARQUET",
      'a.B',
      `${PARQUET}MapredParquetInputFormat`,
      `${PARQUET}MapredParquetOutputFormat`,
    ],
    ["ROW FORMAT SERDE 'a.B' STORED AS INPUTFORMAT 'a.In' OUTPUTFORMAT 'a.Out'", 'a.B', 'a.In', 'a.Out'],
    [
      "STORED AS PARQUET WITH SERDEPROPERTIES ('x'='y')",
      `${PARQUET}serde.ParquetHiveSerDe`,
      `${PARQUET}MapredParquetInputFormat`,
      `${PARQUET}MapredParquetOutputFormat`,
    ],
  ])('%s is of the classes %s', async (clause, SerializationLibrary, InputFormat, OutputFormat) => {
    await ddl.run(`CREATE EXTERNAL TABLE t (a int) ${clause} LOCATION 's3://lake/t'`);
    expect(ddl.catalog.getTable('web', 't').StorageDescriptor).toMatchObject({
      InputFormat,
      OutputFormat,
      SerdeInfo: { SerializationLibrary, Parameters: { 'serialization.format': '1' } },
    });
  });
});

it('a partition has the format and columns of its table, in its own folder', async () => {
  await ddl.run(
    "CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (dt string, hr int) STORED AS ORC LOCATION 's3://lake/t/'",
  );
  await ddl.run(
    "ALTER TABLE t ADD PARTITION (hr=1, dt='a b:c') PARTITION (dt='', hr=2) LOCATION 's3://lake/x/'",
  );
  const { StorageDescriptor } = ddl.catalog.getTable('web', 't');
  expect(ddl.catalog.getPartition('web', 't', ['a b:c', '1'])).toMatchObject({
    Values: ['a b:c', '1'],
    StorageDescriptor: { ...StorageDescriptor, Location: 's3://lake/t/dt=a b%3Ac/hr=1' },
  });
  expect(ddl.catalog.getPartition('web', 't', ['', '2']).StorageDescriptor?.Location).toBe('s3://lake/x');
});

it('a view is a table whose text holds the query and the types of its columns', async () => {
  await ddl.run('CREATE VIEW people (nr, "Name") AS SELECT 1, 2');
  const view = ddl.catalog.getTable('web', 'people');
  expect(view).toMatchObject({
    TableType: 'VIRTUAL_VIEW',
    ViewExpandedText: '/* Presto View */',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    StorageDescriptor: {
      Columns: [
        { Name: 'nr', Type: 'int' },
        { Name: 'name', Type: 'varchar(3)' },
      ],
    },
  });
  const [, base64 = ''] = /^\/\* Presto View: (.*) \*\/$/.exec(view.ViewOriginalText ?? '') ?? [];
  expect(JSON.parse(Buffer.from(base64, 'base64').toString())).toEqual({
    originalSql: 'SELECT 1, 2',
    catalog: 'awsdatacatalog',
    schema: 'web',
    columns: [
      { name: 'nr', type: 'integer' },
      { name: 'name', type: 'varchar(3)' },
    ],
  });
});

it('an altered table keeps what nobody altered, and its old version', async () => {
  ddl.catalog.createTable(
    'web',
    {
      Name: 't',
      Description: 'by hand',
      Owner: 'ana',
      Retention: 3,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { classification: 'csv' },
      StorageDescriptor: {
        Columns: [{ Name: 'a', Type: 'int', Parameters: { x: 'y' } }],
        Location: 's3://lake/t/',
      },
    },
    { createdBy: 'arn:aws:iam::123456789012:user/bob' },
  );
  await ddl.run('ALTER TABLE t ADD COLUMNS (b string)');
  expect(ddl.catalog.getTable('web', 't')).toMatchObject({
    Description: 'by hand',
    Owner: 'ana',
    Retention: 3,
    CreatedBy: 'arn:aws:iam::123456789012:user/bob',
    VersionId: '1',
    Parameters: {
      classification: 'csv',
      last_modified_by: 'hadoop',
      last_modified_time: '1704067200',
      transient_lastDdlTime: '1704067200',
    },
    StorageDescriptor: {
      Columns: [
        { Name: 'a', Type: 'int', Parameters: { x: 'y' } },
        { Name: 'b', Type: 'string' },
      ],
      Location: 's3://lake/t/',
    },
  });
  expect(ddl.catalog.getTableVersion('web', 't', '0').Table?.StorageDescriptor?.Columns).toHaveLength(1);
});

it('an altered database keeps what nobody altered', async () => {
  await ddl.run(
    "CREATE DATABASE shop COMMENT 'the shop' LOCATION 's3://lake/shop/' WITH DBPROPERTIES ('a'='1', 'b'='2')",
  );
  await ddl.run("ALTER DATABASE shop SET DBPROPERTIES ('b'='3')");
  expect(ddl.catalog.getDatabase('shop')).toMatchObject({
    Description: 'the shop',
    LocationUri: 's3://lake/shop/',
    Parameters: { a: '1', b: '3' },
  });
});

it('an Iceberg table has its metadata in its folder, and takes the folder with it when it is dropped', async () => {
  await ddl.put('iced2/data/other-table.parquet');
  await ddl.run(`CREATE TABLE iced (id bigint, at timestamp) PARTITIONED BY (day(at), bucket(16, id))
                 LOCATION 's3://lake/iced/' TBLPROPERTIES ('table_type'='ICEBERG', 'write_compression'='zstd')`);
  const { Parameters = {} } = ddl.catalog.getTable('web', 'iced');
  expect(Parameters).toMatchObject({ table_type: 'ICEBERG' });
  const key = (Parameters['metadata_location'] ?? '').slice('s3://lake/'.length);
  expect(key).toMatch(/^iced\/metadata\/00000-.*\.metadata\.json$/);
  expect(JSON.parse(readFileSync(ddl.storage.path('lake', key), 'utf8'))).toMatchObject({
    'format-version': 2,
    location: 's3://lake/iced',
    'partition-specs': [
      {
        'spec-id': 0,
        fields: [
          { 'source-id': 2, 'field-id': 1000, name: 'at_day', transform: 'day' },
          { 'source-id': 1, 'field-id': 1001, name: 'id_bucket', transform: 'bucket[16]' },
        ],
      },
    ],
    'last-partition-id': 1001,
    properties: { write_compression: 'zstd' },
  });
  await ddl.put('iced/data/a.parquet');
  await ddl.run('DROP TABLE iced');
  expect(ddl.storage.list('lake').entries.map((entry) => entry.key)).toEqual([
    'iced2/data/other-table.parquet',
  ]);
});

it('a table with its files in another format than Iceberg leaves them when it is dropped', async () => {
  await ddl.put('t/a.csv');
  await ddl.run("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'");
  await ddl.run('DROP TABLE t');
  expect(ddl.storage.list('lake').entries.map((entry) => entry.key)).toEqual(['t/a.csv']);
});

it('a table that was made without a type cannot be shown or repaired', async () => {
  ddl.catalog.createTable('web', { Name: 't', StorageDescriptor: {} }, { createdBy: 'x' });
  await expect(ddl.run('SHOW CREATE TABLE t')).rejects.toThrow('FAILED: NullPointerException Name is null');
  await expect(ddl.run('MSCK REPAIR TABLE t')).rejects.toThrow('FAILED: NullPointerException Name is null');
});

it('MSCK REPAIR TABLE finds more partitions than a listing has, in a bucket that holds nothing else', async () => {
  await Promise.all(Array.from({ length: 1100 }, (_, index) => ddl.put(`dt=${index}/a`)));
  await ddl.run("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (dt int) LOCATION 's3://lake/'");
  const { rows } = await ddl.run('MSCK REPAIR TABLE t');
  expect(rows).toHaveLength(1101);
  expect(ddl.catalog.getPartition('web', 't', ['1099']).StorageDescriptor?.Location).toBe(
    's3://lake/dt=1099',
  );
  expect((await ddl.run('SHOW PARTITIONS t')).rows).toHaveLength(1100);
  expect((await ddl.run('MSCK REPAIR TABLE t')).rows).toEqual([]);
});
