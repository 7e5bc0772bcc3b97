// What a first crawl makes of the layouts that people have.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

const CSV = 'id,name,price\n1,apple,1.5\n2,pear,2\n3,fig,0.25\n';
const OTHER_CSV = 'city,people\nUtrecht,370000\nGroningen,240000\n';
const JSON_LINES = '{"Id":1,"tags":["a"]}\n{"Id":2,"tags":["b","c"]}\n';

let lake: CrawlFixture;
beforeEach(async () => void (lake = await openCrawlFixture()));
afterEach(() => lake.close());

/** Crawls the files and answers with tables as `name: location below the bucket [partition keys]`. */
async function crawled(files: Record<string, string | Buffer>, overrides = {}): Promise<string[]> {
  lake.put(files);
  await lake.create(overrides);
  expect(await lake.crawl()).toMatchObject({ LastCrawl: { Status: 'SUCCEEDED' } });
  return (await lake.tables()).map(
    (table) =>
      `${table.Name}: ${table.StorageDescriptor?.Location?.slice(`s3://${BUCKET}/`.length)} ` +
      `[${(table.PartitionKeys ?? []).map((key) => key.Name).join(', ')}]`,
  );
}

describe('a first crawl', () => {
  it('makes two tables of two sibling data sets, the demo', async () => {
    expect(
      await crawled(
        {
          'data/input/weather/part-0.csv': CSV,
          'data/input/weather/part-1.csv': CSV,
          'data/input/incidents/a.json': JSON_LINES,
        },
        { TablePrefix: 'demo_', Targets: { S3Targets: [{ Path: `s3://${BUCKET}/data/input` }] } },
      ),
    ).toEqual(['demo_incidents: data/input/incidents/ []', 'demo_weather: data/input/weather/ []']);
  });

  it('writes every member that AWS writes, and makes the database', async () => {
    await crawled({ 'fruit/a.csv': CSV }, { Targets: { S3Targets: [{ Path: `s3://${BUCKET}/fruit/` }] } });
    const table = await lake.table('fruit');
    const { CrawlId } = (await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls![0]!;
    const parameters = {
      CrawlerSchemaDeserializerVersion: '1.0',
      CrawlerSchemaSerializerVersion: '1.0',
      UPDATED_BY_CRAWLER: 'crawler',
      CRAWL_RUN_ID: CrawlId,
      areColumnsQuoted: 'false',
      averageRecordSize: '10',
      classification: 'csv',
      columnsOrdered: 'true',
      compressionType: 'none',
      delimiter: ',',
      objectCount: '1',
      recordCount: '4',
      sizeKey: '46',
      'skip.header.line.count': '1',
      typeOfData: 'file',
    };
    expect(table).toEqual({
      Name: 'fruit',
      DatabaseName: 'lake',
      Owner: 'owner',
      CreateTime: table.CreateTime,
      UpdateTime: table.CreateTime,
      LastAccessTime: table.CreateTime,
      Retention: 0,
      StorageDescriptor: {
        Columns: [
          { Name: 'id', Type: 'bigint' },
          { Name: 'name', Type: 'string' },
          { Name: 'price', Type: 'double' },
        ],
        Location: `s3://${BUCKET}/fruit/`,
        InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        Compressed: false,
        NumberOfBuckets: -1,
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
          Parameters: { 'field.delim': ',' },
        },
        BucketColumns: [],
        SortColumns: [],
        Parameters: parameters,
        StoredAsSubDirectories: false,
      },
      PartitionKeys: [],
      TableType: 'EXTERNAL_TABLE',
      Parameters: parameters,
      CreatedBy: 'arn:aws:sts::123456789012:assumed-role/Crawler/AWS-Crawler',
      IsRegisteredWithLakeFormation: false,
      IsMultiDialectView: false,
      CatalogId: '123456789012',
      VersionId: '0',
    });
  });

  it('makes Hive partitions with an index, at version 1', async () => {
    expect(
      await crawled({
        'sales/year=2020/month=01/a.csv': CSV,
        'sales/year=2020/month=02/a.csv': CSV,
        'people/p.csv': OTHER_CSV,
      }),
    ).toEqual(['people: people/ []', 'sales: sales/ [year, month]']);
    const table = await lake.table('sales');
    expect(table.VersionId).toBe('1');
    expect(table.PartitionKeys).toEqual([
      { Name: 'year', Type: 'string' },
      { Name: 'month', Type: 'string' },
    ]);
    expect(table.Parameters).toMatchObject({
      'partition_filtering.enabled': 'true',
      objectCount: '2',
      sizeKey: '92',
      recordCount: '8',
    });
    expect(table.StorageDescriptor?.Parameters).toEqual(table.Parameters);
    const partitions = await lake.partitions('sales');
    expect(partitions.map((partition) => partition.Values)).toEqual([
      ['2020', '01'],
      ['2020', '02'],
    ]);
    expect(partitions[0]).toEqual({
      Values: ['2020', '01'],
      DatabaseName: 'lake',
      TableName: 'sales',
      CatalogId: '123456789012',
      CreationTime: partitions[0]?.CreationTime,
      LastAccessTime: partitions[0]?.CreationTime,
      Parameters: {},
      StorageDescriptor: {
        ...table.StorageDescriptor,
        Location: `s3://${BUCKET}/sales/year=2020/month=01/`,
        Parameters: {
          areColumnsQuoted: 'false',
          averageRecordSize: '10',
          classification: 'csv',
          columnsOrdered: 'true',
          compressionType: 'none',
          delimiter: ',',
          objectCount: '1',
          recordCount: '4',
          sizeKey: '46',
          'skip.header.line.count': '1',
          typeOfData: 'file',
        },
      },
    });
    const { PartitionIndexDescriptorList } = await lake.glue.getPartitionIndexes({
      DatabaseName: 'lake',
      TableName: 'sales',
    });
    expect(PartitionIndexDescriptorList).toMatchObject([
      { IndexName: 'crawler_partition_index', Keys: [{ Name: 'year' }, { Name: 'month' }] },
    ]);
  });

  it('makes no index when told not to, and stays at version 0', async () => {
    await crawled(
      { 'sales/year=2020/a.csv': CSV, 'people/p.csv': OTHER_CSV },
      { Configuration: '{"Version":1.0,"CreatePartitionIndex":false}' },
    );
    const table = await lake.table('sales');
    expect(table.VersionId).toBe('0');
    expect(table.Parameters).not.toHaveProperty(['partition_filtering.enabled']);
  });

  it.each<[string, Record<string, string | Buffer>, string[]]>([
    [
      'plain folders become partition_0 and partition_1 of a bucket named table',
      { 'x/a/1.csv': CSV, 'x/b/1.csv': CSV, 'y/a/1.csv': CSV },
      [`${BUCKET}:  [partition_0, partition_1]`],
    ],
    [
      'a level with names and without is numbered',
      { 'log/day=1/a.csv': CSV, 'log/other/a.csv': CSV, 'zoo/z.json': JSON_LINES },
      ['log: log/ [partition_0]', 'zoo: zoo/ []'],
    ],
    [
      'two formats in one folder are a table a file',
      { 'mixed/Orders 2020.csv': CSV, 'mixed/orders.json': JSON_LINES },
      ['orders_2020_csv: mixed/Orders 2020.csv []', 'orders_json: mixed/orders.json []'],
    ],
    [
      'plain and gzip in one folder are a table a file',
      { 'mixed/a.csv': CSV, 'mixed/b.csv.gz': gzipSync(CSV) },
      ['a_csv: mixed/a.csv []', 'b_csv_gz: mixed/b.csv.gz []'],
    ],
    [
      'a file beside folders splits them',
      { 'gold/a.csv': CSV, 'gold/year=2026/month=1/b.csv': CSV },
      ['a_csv: gold/a.csv []', 'year_2026: gold/year=2026/ [month]'],
    ],
    [
      'hidden objects, markers and empty files say nothing',
      {
        'sales/day=1/a.csv': CSV,
        'sales/day=1/_SUCCESS': 'x',
        'sales/day=1/.part.crc': 'x',
        'sales/day=2_$folder$': '',
        'sales/empty.csv': '',
        'people/p.csv': OTHER_CSV,
      },
      ['people: people/ []', 'sales: sales/ [day]'],
    ],
    [
      'one name at two places: the second carries the hash of its location',
      {
        'a/landing/x.csv': CSV,
        'b/landing/x.json': JSON_LINES,
        'b/raw/x.csv': OTHER_CSV,
        'a/raw/x.json': JSON_LINES,
      },
      [
        'landing: a/landing/ []',
        `landing_${createHash('md5').update(`${BUCKET}/b/landing/`).digest('hex')}: b/landing/ []`,
        'raw: a/raw/ []',
        `raw_${createHash('md5').update(`${BUCKET}/b/raw/`).digest('hex')}: b/raw/ []`,
      ],
    ],
  ])('%s', async (_, files, tables) => {
    expect(await crawled(files)).toEqual(tables);
  });

  it('makes a table of the one object that the path names, without objectCount', async () => {
    expect(
      await crawled(
        { 'in/weatherSmall.json': JSON_LINES, 'in/other.csv': CSV },
        { Targets: { S3Targets: [{ Path: `s3://${BUCKET}/in/weatherSmall.json` }] } },
      ),
    ).toEqual(['weathersmall_json: in/weatherSmall.json []']);
    expect((await lake.table('weathersmall_json')).Parameters).not.toHaveProperty('objectCount');
  });

  it('marks gzip as compressed', async () => {
    await crawled({ 'fruit/a.csv.gz': gzipSync(CSV), 'people/p.csv': OTHER_CSV });
    const { StorageDescriptor } = await lake.table('fruit');
    expect(StorageDescriptor).toMatchObject({ Compressed: true, Parameters: { compressionType: 'gzip' } });
    expect(columnsOf({ StorageDescriptor })).toEqual(['id bigint', 'name string', 'price double']);
  });

  it('keeps targets apart and writes their exclusions', async () => {
    expect(
      await crawled(
        { 'one/a.csv': CSV, 'one/b.zip': 'PK', 'two/a.csv': CSV },
        {
          Targets: {
            S3Targets: [
              { Path: `s3://${BUCKET}/one`, Exclusions: ['*.zip'] },
              { Path: `s3://${BUCKET}/two/` },
            ],
          },
        },
      ),
    ).toEqual(['one: one/ []', 'two: two/ []']);
    const one = await lake.table('one');
    expect(one.Parameters?.exclusions).toBe(`["s3://${BUCKET}/one/*.zip"]`);
    expect(one.Parameters?.objectCount).toBe('1');
    expect((await lake.table('two')).Parameters).not.toHaveProperty('exclusions');
  });

  it('merges the schemas of a table and keeps that of each partition', async () => {
    await crawled({
      'sales/day=1/a.csv': 'id,price,a,b,c\n1,2,1,1,1\n2,3,1,1,1\n',
      'sales/day=2/a.csv': 'id,price,a,b,c,note\n1,2.5,1,1,1,x\n2,3,1,1,1,y\n',
      'people/p.csv': OTHER_CSV,
    });
    const table = await lake.table('sales');
    expect(columnsOf(table)).toEqual([
      'id bigint',
      'price double',
      'a bigint',
      'b bigint',
      'c bigint',
      'note string',
    ]);
    expect((await lake.partitions('sales')).map(columnsOf)).toEqual([
      ['id bigint', 'price bigint', 'a bigint', 'b bigint', 'c bigint'],
      ['id bigint', 'price double', 'a bigint', 'b bigint', 'c bigint', 'note string'],
    ]);
  });

  it('gives partitions the schema of their table under InheritFromTable', async () => {
    await crawled(
      {
        'sales/day=1/a.csv': 'id,price,a,b\n1,2,1,1\n2,3,1,1\n',
        'sales/day=2/a.csv': 'id,price,a,b\n1,2.5,1,1\n2,3,1,1\n',
        'people/p.csv': OTHER_CSV,
      },
      {
        Configuration:
          '{"Version":1,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}}}',
      },
    );
    const columns = columnsOf(await lake.table('sales'));
    expect((await lake.partitions('sales')).map(columnsOf)).toEqual([columns, columns]);
  });

  it('gives partitions the SerDe of their table under InheritFromTable, and else their own', async () => {
    const files = {
      'sales/day=1/a.json': '{"a":1,"b":1,"c":1,"d":1}\n',
      'sales/day=2/a.json': '{"a":1,"b":1,"c":1,"d":1,"e":1}\n',
      'people/p.csv': OTHER_CSV,
    };
    const paths = async () =>
      (await lake.partitions('sales')).map((one) => one.StorageDescriptor?.SerdeInfo?.Parameters?.paths);
    await crawled(files);
    expect(await paths()).toEqual(['a,b,c,d', 'a,b,c,d,e']);
    await lake.glue.updateCrawler({
      Name: 'crawler',
      Configuration:
        '{"Version":1,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}}}',
    });
    await lake.crawl();
    expect(await paths()).toEqual(['a,b,c,d,e', 'a,b,c,d,e']);
  });

  it('reads a sample of each folder and counts the rest', async () => {
    await crawled(
      { 'fruit/1.csv': CSV, 'fruit/2.csv': CSV, 'fruit/3.csv': 'not,alike\nx,y\nz,w\n' },
      { Targets: { S3Targets: [{ Path: `s3://${BUCKET}/fruit/`, SampleSize: 2 }] } },
    );
    const table = await lake.table('fruit');
    expect(columnsOf(table)).toEqual(['id bigint', 'name string', 'price double']);
    expect(table.Parameters).toMatchObject({ objectCount: '3', sizeKey: String(46 + 46 + 18) });
  });

  it('fails without writing when there are more tables than the threshold', async () => {
    lake.put({ 'a/1.csv': CSV, 'b/1.json': JSON_LINES });
    await lake.create({ Configuration: '{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":1}}}' });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage:
        'The number of tables detected by crawler: 2 is greater than the table threshold value provided: 1. Failing crawler without writing to Data Catalog.',
    });
    await expect(lake.tables()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('leaves a damaged file out, says so, and goes on', async () => {
    const broken = gzipSync(CSV).fill(0xff, 10);
    await crawled({
      'fruit/a.csv.gz': gzipSync(CSV),
      'fruit/b.csv.gz': broken,
      'people/p.csv': OTHER_CSV,
    });
    expect((await lake.table('fruit')).Parameters).toMatchObject({ objectCount: '1' });
    expect(await lake.lines()).toContainEqual(
      expect.stringMatching(`^WARN : Object s3://${BUCKET}/fruit/b.csv.gz is damaged and was left out: `),
    );
  });

  it('catalogues a binary file named .csv as UNKNOWN without columns', async () => {
    await crawled({ 'blob/a.csv': Buffer.from([0, 1, 2, 255, 254, 0, 10, 0, 7]), 'people/p.csv': OTHER_CSV });
    const table = await lake.table('blob');
    expect(table.Parameters?.classification).toBe('UNKNOWN');
    expect(columnsOf(table)).toEqual([]);
  });

  it('succeeds on an empty bucket and says why there is no table', async () => {
    expect(await crawled({})).toEqual([]);
    expect(await lake.lines()).toContain(`INFO : Found no table at s3://${BUCKET}/: 0 objects were listed.`);
  });

  it('fails on a bucket that is not there', async () => {
    await lake.create({ Targets: { S3Targets: [{ Path: 's3://no-such-bucket/x/' }] } });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringContaining('bucket does not exist') as string,
    });
  });

  it('writes the log as AWS does', async () => {
    await crawled({ 'sales/year=1/a.csv': CSV, 'people/p.csv': OTHER_CSV });
    expect(await lake.lines()).toEqual([
      'BENCHMARK : Running Start Crawl for Crawler crawler',
      'BENCHMARK : Classification complete, writing results to database lake',
      'INFO : Crawler configured with SchemaChangePolicy {"UpdateBehavior":"UPDATE_IN_DATABASE","DeleteBehavior":"DEPRECATE_IN_DATABASE"}.',
      'INFO : Created table people in database lake',
      'INFO : Created table sales in database lake',
      'BENCHMARK : Finished writing to Catalog',
      'INFO : Run Summary For PARTITION:',
      'INFO : ADD: 1',
      'INFO : Run Summary For TABLE:',
      'INFO : ADD: 2',
      'BENCHMARK : Crawler has finished running and is in state READY',
    ]);
  });
});
