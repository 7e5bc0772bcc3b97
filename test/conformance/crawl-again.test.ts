// What a second crawl changes, under every policy.
import { gzipSync } from 'node:zlib';
import type { UpdateTableRequest } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, columnsOf, DATABASE, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

const CSV = 'id,name,price,a,b\n1,apple,1.5,1,1\n2,pear,2,1,1\n';
const MORE_CSV = 'id,name,price,a,b,note\n1,apple,cheap,1,1,x\n2,pear,2,1,1,y\n';
const OTHER_CSV = 'city,people\nUtrecht,370000\nGroningen,240000\n';

const LOG = { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' } as const;
const INHERIT = '{"Version":1.0,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}}}';
const MERGE = '{"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns"}}}';

let lake: CrawlFixture;
beforeEach(async () => {
  lake = await openCrawlFixture();
  // Of two formats, so that the bucket itself never becomes one table.
  lake.put({ 'people/p.csv': OTHER_CSV, 'zones/z.json': '{"zone":1}\n' });
});
afterEach(() => lake.close());

async function edit(name: string, change: (input: UpdateTableRequest['TableInput'] & object) => void) {
  const { Name, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters } =
    await lake.table(name);
  const input = { Name, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters };
  change(input);
  await lake.glue.updateTable({ DatabaseName: DATABASE, TableInput: input });
}

const lastSummary = async () => {
  const { Summary } = (await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls![0]!;
  return Summary;
};

describe('a second crawl', () => {
  it('changes nothing when the data did not change', async () => {
    lake.put({ 'sales/day=1/a.csv': CSV, 'sales/day=2/a.csv': CSV, 'fruit/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    const [tables, partitions] = [await lake.tables(), await lake.partitions('sales')];
    await lake.crawl();
    expect(await lake.tables()).toEqual(tables);
    expect(await lake.partitions('sales')).toEqual(partitions);
    expect(await lastSummary()).toBeUndefined();
  });

  it("replaces columns and the crawler's parameters, keeps other people's, and archives the old version", async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    await edit('fruit', (input) => {
      input.Description = 'Fruit by price';
      input.Parameters = { ...input.Parameters, 'team:owner': 'sales', delimiter: ';' };
    });
    lake.put({ 'fruit/a.csv': MORE_CSV });
    await lake.crawl();
    const table = await lake.table('fruit');
    expect(table).toMatchObject({ VersionId: '2', Description: 'Fruit by price', Owner: 'owner' });
    expect(columnsOf(table)).toEqual([
      'id bigint',
      'name string',
      'price string',
      'a bigint',
      'b bigint',
      'note string',
    ]);
    expect(table.Parameters).toMatchObject({ 'team:owner': 'sales', delimiter: ',', sizeKey: '58' });
    const { TableVersions } = await lake.glue.getTableVersions({
      DatabaseName: DATABASE,
      TableName: 'fruit',
    });
    expect(TableVersions?.map((version) => version.VersionId)).toEqual(['2', '1', '0']);
    expect(await lake.lines()).toContain('INFO : Updated table fruit in database lake');
  });

  it('takes a parameter away that no longer holds', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    lake.put({ 'fruit/a.csv': 'apple,red\npear,green\n' });
    await lake.crawl();
    const table = await lake.table('fruit');
    expect(columnsOf(table)).toEqual(['col0 string', 'col1 string']);
    expect(table.Parameters).not.toHaveProperty(['skip.header.line.count']);
  });

  it('leaves tables alone under LOG, and still adds new tables and partitions', async () => {
    lake.put({ 'fruit/a.csv': CSV, 'sales/day=1/a.csv': CSV, 'gone/a.csv': CSV });
    await lake.create({ SchemaChangePolicy: LOG });
    await lake.crawl();
    const [fruit, sales, gone] = [
      await lake.table('fruit'),
      await lake.table('sales'),
      await lake.table('gone'),
    ];
    lake.put({ 'fruit/a.csv': MORE_CSV, 'sales/day=2/a.csv': CSV, 'fresh/a.json': '{"a":1}\n' });
    lake.remove('gone', 'sales/day=1');
    await lake.crawl();
    expect(await lake.table('fruit')).toEqual(fruit);
    expect(await lake.table('sales')).toEqual(sales);
    expect(await lake.table('gone')).toEqual(gone);
    expect((await lake.tables()).map(({ Name }) => Name)).toContain('fresh');
    expect((await lake.partitions('sales')).map(({ Values }) => Values)).toEqual([['1'], ['2']]);
  });

  it('marks a vanished table as deprecated, once', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    lake.remove('fruit');
    const before = Date.now();
    await lake.crawl();
    const table = await lake.table('fruit');
    const flag = table.Parameters?.DEPRECATED_BY_CRAWLER ?? '';
    expect(Number(flag)).toBeGreaterThanOrEqual(before);
    expect(flag).toMatch(/^\d{13}$/);
    expect(table.StorageDescriptor?.Parameters?.DEPRECATED_BY_CRAWLER).toBe(flag);
    expect(columnsOf(table)).toHaveLength(5);
    expect(await lastSummary()).toBe(
      '{"TABLE":{"UPDATE":"{\\"Details\\":{\\"names\\":[\\"fruit\\"]},\\"Count\\":1}"}}',
    );
    expect(await lake.lines()).toContain(
      "INFO : Table fruit is marked deprecated because a matching schema was not found at the table's location.",
    );
    await lake.crawl();
    expect(await lake.table('fruit')).toEqual(table);
    // The flag stays when the data comes back.
    lake.put({ 'fruit/a.csv': MORE_CSV });
    await lake.crawl();
    expect((await lake.table('fruit')).Parameters).toMatchObject({
      DEPRECATED_BY_CRAWLER: flag,
      sizeKey: '58',
    });
  });

  it('keeps a vanished partition under DEPRECATE_IN_DATABASE, with a line in the log', async () => {
    lake.put({ 'sales/x=1/y=A/a.csv': CSV, 'sales/x=2/y=A/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    lake.remove('sales/x=1');
    await lake.crawl();
    expect(await lake.partitions('sales')).toHaveLength(2);
    expect(await lake.lines()).toContain(
      "INFO : Found partition of table sales with partition values [1, A] with no matching schema at the partition's S3 location",
    );
  });

  it('deletes vanished tables and partitions under DELETE_FROM_DATABASE, and remembers them', async () => {
    lake.put({ 'sales/day=1/a.csv': CSV, 'sales/day=2/a.csv': CSV, 'old/day=1/a.csv': CSV });
    await lake.create({
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DELETE_FROM_DATABASE' },
    });
    await lake.crawl();
    lake.remove('sales/day=1', 'old');
    await lake.crawl();
    expect((await lake.tables()).map(({ Name }) => Name)).toEqual(['people', 'sales', 'zones']);
    expect((await lake.partitions('sales')).map(({ Values }) => Values)).toEqual([['2']]);
    const summary = JSON.parse((await lastSummary())!) as Record<string, Record<string, string>>;
    expect(JSON.parse(summary.TABLE!.DELETE!)).toEqual({ Details: { names: ['old'] }, Count: 1 });
    expect(JSON.parse(summary.PARTITION!.DELETE!)).toEqual({
      Details: { names: ['sales', 'old'] },
      Count: 2,
    });
  });

  it("leaves other crawlers' tables and those outside its targets alone", async () => {
    lake.put({ 'a/fruit/f.csv': CSV, 'b/trees/t.csv': CSV, 'a/x.json': '{"a":1}\n' });
    await lake.create({
      Targets: { S3Targets: [{ Path: `s3://${BUCKET}/a/` }, { Path: `s3://${BUCKET}/b/trees` }] },
    });
    await lake.crawl();
    await lake.create({ Name: 'other', Targets: { S3Targets: [{ Path: `s3://${BUCKET}/a/` }] } });
    await edit('fruit', (input) => (input.Parameters = { ...input.Parameters, UPDATED_BY_CRAWLER: 'other' }));
    await lake.glue.updateCrawler({
      Name: 'crawler',
      Targets: { S3Targets: [{ Path: `s3://${BUCKET}/a/` }] },
    });
    lake.remove('a/fruit', 'b/trees');
    await lake.crawl();
    for (const name of ['fruit', 'trees']) {
      expect((await lake.table(name)).Parameters).not.toHaveProperty('DEPRECATED_BY_CRAWLER');
    }
  });

  it('does not call a table vanished whose files cannot be read', async () => {
    lake.put({ 'fruit/a.csv.gz': gzipSync(CSV) });
    await lake.create();
    await lake.crawl();
    const table = await lake.table('fruit');
    lake.put({ 'fruit/a.csv.gz': gzipSync(CSV).fill(0xff, 10) });
    await lake.crawl();
    expect(await lake.table('fruit')).toEqual(table);
    expect(await lake.lines()).toContain(
      'WARN : Table fruit is left as it is: the objects at its location could not be read.',
    );
  });

  it('gives data that moved a new table with a hash and deprecates the old one', async () => {
    lake.put({ 'x/fruit/a.csv': CSV, 'x/k.json': '{"a":1}\n' });
    await lake.create();
    await lake.crawl();
    lake.put({ 'y/fruit/a.csv': CSV, 'y/k.json': '{"a":1}\n' });
    lake.remove('x/fruit');
    await lake.crawl();
    const names = (await lake.tables()).map(({ Name }) => Name);
    expect(names.filter((name) => name?.startsWith('fruit'))).toEqual([
      'fruit',
      expect.stringMatching(/^fruit_[0-9a-f]{32}$/),
    ]);
    expect((await lake.table('fruit')).Parameters).toHaveProperty('DEPRECATED_BY_CRAWLER');
  });

  it('keeps what others told the SerDe', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    await edit('fruit', (input) => {
      input.StorageDescriptor!.SerdeInfo!.Parameters = {
        'field.delim': ';',
        'serialization.null.format': '',
      };
    });
    lake.put({ 'fruit/a.csv': MORE_CSV });
    await lake.crawl();
    expect((await lake.table('fruit')).StorageDescriptor?.SerdeInfo?.Parameters).toEqual({
      'field.delim': ',',
      'serialization.null.format': '',
    });
  });

  it('brings partitions up to date with their files, and not under LOG', async () => {
    const columns = async () => (await lake.partitions('sales')).map((one) => columnsOf(one).length);
    lake.put({ 'sales/day=1/a.csv': CSV, 'sales/day=2/a.csv': CSV });
    await lake.create();
    await lake.crawl();
    lake.put({ 'sales/day=2/a.csv': MORE_CSV });
    await lake.crawl();
    expect(await columns()).toEqual([5, 6]);
    expect((await lake.partitions('sales'))[1]?.StorageDescriptor?.Parameters?.sizeKey).toBe('58');
    await lake.glue.updateCrawler({ Name: 'crawler', SchemaChangePolicy: LOG });
    lake.put({ 'sales/day=1/a.csv': MORE_CSV });
    await lake.crawl();
    expect(await columns()).toEqual([5, 6]);
  });

  it('has partitions inherit what somebody changed in the table, even under LOG', async () => {
    lake.put({ 'sales/day=1/a.csv': CSV, 'sales/day=2/a.csv': CSV });
    await lake.create({ SchemaChangePolicy: LOG, Configuration: INHERIT });
    await lake.crawl();
    await edit('sales', (input) => {
      input.StorageDescriptor!.InputFormat = 'com.example.OurInputFormat';
      input.StorageDescriptor!.OutputFormat = 'com.example.OurOutputFormat';
    });
    await lake.crawl();
    const formats = {
      InputFormat: 'com.example.OurInputFormat',
      OutputFormat: 'com.example.OurOutputFormat',
    };
    expect((await lake.table('sales')).StorageDescriptor).toMatchObject(formats);
    for (const { StorageDescriptor } of await lake.partitions('sales')) {
      expect(StorageDescriptor).toMatchObject(formats);
    }
  });

  it('replaces the partitions of a table whose folders became deeper', async () => {
    lake.put({ 'sales/day=1/a.csv': CSV });
    await lake.create({ Targets: { S3Targets: [{ Path: `s3://${BUCKET}/sales/` }] } });
    await lake.crawl();
    lake.remove('sales/day=1');
    lake.put({ 'sales/day=1/hour=2/a.csv': CSV, 'sales/day=1/hour=3/a.csv': CSV });
    await lake.crawl();
    expect((await lake.table('sales')).PartitionKeys?.map(({ Name }) => Name)).toEqual(['day', 'hour']);
    expect((await lake.partitions('sales')).map(({ Values }) => Values)).toEqual([
      ['1', '2'],
      ['1', '3'],
    ]);
  });

  it('does not call a partition vanished whose files cannot be read', async () => {
    lake.put({ 'sales/day=1/a.csv.gz': gzipSync(CSV), 'sales/day=2/a.csv.gz': gzipSync(CSV) });
    await lake.create({
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DELETE_FROM_DATABASE' },
    });
    await lake.crawl();
    lake.put({ 'sales/day=1/a.csv.gz': gzipSync(CSV).fill(0xff, 10) });
    await lake.crawl();
    expect((await lake.partitions('sales')).map(({ Values }) => Values)).toEqual([['1'], ['2']]);
  });

  it('takes over a table that somebody else made for the location', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
    await lake.glue.createTable({
      DatabaseName: DATABASE,
      TableInput: {
        Name: 'fruit',
        Parameters: { ours: 'yes' },
        StorageDescriptor: { Location: `s3://${BUCKET}/fruit`, Columns: [{ Name: 'x', Type: 'int' }] },
      },
    });
    await lake.create();
    await lake.crawl();
    const table = await lake.table('fruit');
    expect(table.Parameters).toMatchObject({ ours: 'yes', UPDATED_BY_CRAWLER: 'crawler' });
    expect(columnsOf(table)).toHaveLength(5);
    expect(table.VersionId).toBe('1');
  });
});

describe('MergeNewColumns', () => {
  it('adds columns, keeps types and comments, even under LOG', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create({ Configuration: MERGE, SchemaChangePolicy: LOG });
    await lake.crawl();
    await edit('fruit', (input) => (input.StorageDescriptor!.Columns![0]!.Comment = 'the key'));
    lake.put({ 'fruit/a.csv': MORE_CSV });
    await lake.crawl();
    const table = await lake.table('fruit');
    expect(columnsOf(table)).toEqual([
      'id bigint',
      'name string',
      'price double',
      'a bigint',
      'b bigint',
      'note string',
    ]);
    expect(table.StorageDescriptor?.Columns?.[0]?.Comment).toBe('the key');
  });

  it.each<[string, Record<string, string | Buffer>, string]>([
    ['format', { 'fruit/a.json': '{"id":1}\n' }, 'its classification changed from csv to json'],
    ['compression', { 'fruit/a.csv.gz': gzipSync(CSV) }, 'its compressionType changed from none to gzip'],
    ['delimiter', { 'fruit/b.csv': CSV.replaceAll(',', ';') }, 'its delimiter changed from , to ;'],
  ])('deprecates a table whose %s changed, with a warning', async (_what, files, why) => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create({ Configuration: MERGE });
    await lake.crawl();
    lake.remove('fruit/a.csv');
    lake.put(files);
    await lake.crawl();
    const table = await lake.table('fruit');
    expect(table.Parameters).toMatchObject({
      classification: 'csv',
      compressionType: 'none',
      delimiter: ',',
    });
    expect(table.Parameters).toHaveProperty('DEPRECATED_BY_CRAWLER');
    expect(await lake.lines()).toContain(
      `WARN : Table fruit cannot take the data found at its location: ${why}.`,
    );
  });
});

describe('CRAWL_NEW_FOLDERS_ONLY', () => {
  const NEW_FOLDERS = {
    RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
    SchemaChangePolicy: LOG,
  } as const;

  it('adds partitions and tables for new folders and reads nothing else', async () => {
    lake.put({ 'sales/day=1/a.csv': CSV, 'fruit/a.csv': CSV });
    await lake.create(NEW_FOLDERS);
    await lake.crawl();
    const known = await lake.tables();
    lake.put({
      'sales/day=1/b.csv': MORE_CSV,
      'sales/day=2/a.csv': CSV,
      'sales/day=3/a.csv': OTHER_CSV,
      'sales/day=4/deep/a.csv': CSV,
      'sales/day=5/a.json': '{"id":1,"name":"x","price":1.5,"a":1,"b":1}\n',
      'fruit/b.csv': MORE_CSV,
      'fresh/a.csv': CSV,
    });
    lake.remove('people');
    await lake.crawl();
    expect((await lake.tables()).filter(({ Name }) => Name !== 'fresh')).toEqual(known);
    expect((await lake.table('fresh')).StorageDescriptor?.Location).toBe(`s3://${BUCKET}/fresh/`);
    expect((await lake.partitions('sales')).map(({ Values }) => Values)).toEqual([['1'], ['2']]);
    const lines = await lake.lines();
    expect(lines).toContain(
      `WARN : New folder s3://${BUCKET}/sales/day=3/ is ignored for table sales: its columns differ too much from the table's.`,
    );
    expect(lines).toContain(
      `WARN : New folder s3://${BUCKET}/sales/day=4/deep/ is ignored for table sales: it is 2 folders deep and the table has 1 partition keys.`,
    );
    expect(lines).toContain(
      `WARN : New folder s3://${BUCKET}/sales/day=5/ is ignored for table sales: it is json and the table csv.`,
    );
    // Nobody looked whether people is still there.
    expect(lines.filter((line) => line.includes('No matching schema'))).toEqual([]);
  });

  it('says so when there is no new folder', async () => {
    lake.put({ 'fruit/a.csv': CSV });
    await lake.create(NEW_FOLDERS);
    await lake.crawl();
    await lake.crawl();
    expect(await lake.lines()).toContain(
      `INFO : Found no new folder at s3://${BUCKET}/: 3 objects were listed.`,
    );
  });
});
