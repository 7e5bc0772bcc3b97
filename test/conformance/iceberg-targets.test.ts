// Iceberg targets: tables found by their metadata, and which of it is registered.
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

let lake: CrawlFixture;
beforeEach(async () => void (lake = await openCrawlFixture()));
afterEach(() => lake.close());

function metadata(location: string, columns: string[], lastUpdatedMs = 1): string {
  const fields = columns.map((name, index) => ({ id: index + 1, name, required: index === 0, type: 'long' }));
  return JSON.stringify({
    'format-version': 2,
    'table-uuid': 'x',
    location,
    'last-updated-ms': lastUpdatedMs,
    'current-schema-id': 0,
    schemas: [{ 'schema-id': 0, type: 'struct', fields }],
  });
}

const create = (target = {}, overrides = {}) =>
  lake.create({
    Targets: { IcebergTargets: [{ Paths: ['s3://bucket/warehouse'], ...target }] },
    ...overrides,
  });
const tableNames = async () => (await lake.tables()).map(({ Name }) => Name);

describe('an Iceberg target', () => {
  it('registers the newest metadata of every table below it', async () => {
    lake.put({
      'warehouse/sales/orders/metadata/00000-a.metadata.json': metadata(
        's3://bucket/warehouse/sales/orders',
        ['id'],
      ),
      'warehouse/sales/orders/metadata/00010-b.metadata.json': metadata(
        's3://bucket/warehouse/sales/orders',
        ['Id', 'amount'],
      ),
      'warehouse/sales/orders/metadata/00009-c.metadata.json': metadata(
        's3://bucket/warehouse/sales/orders',
        ['x'],
      ),
      'warehouse/sales/orders/metadata/snap-1.avro': 'x',
      'warehouse/sales/orders/data/metadata/00000-x.metadata.json': 'not looked at',
      'warehouse/users/metadata/v3.metadata.json.gz': gzipSync(
        metadata('s3://bucket/warehouse/users', ['id']),
      ),
      'warehouse/users/metadata/version-hint.text': '3',
      'warehouse/plain/a.csv': 'a,b\n1,2\n',
    });
    await create();
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect(await tableNames()).toEqual(['orders', 'users']);
    const table = await lake.table('orders');
    const parameters = {
      CrawlerSchemaDeserializerVersion: '1.0',
      CrawlerSchemaSerializerVersion: '1.0',
      UPDATED_BY_CRAWLER: 'crawler',
      CRAWL_RUN_ID: table.Parameters?.CRAWL_RUN_ID,
      classification: 'iceberg',
      table_type: 'ICEBERG',
      metadata_location: 's3://bucket/warehouse/sales/orders/metadata/00010-b.metadata.json',
    };
    expect(table).toMatchObject({ TableType: 'EXTERNAL_TABLE', PartitionKeys: [], Parameters: parameters });
    expect(table.StorageDescriptor).toMatchObject({
      Location: 's3://bucket/warehouse/sales/orders',
      Columns: [
        {
          Name: 'id',
          Type: 'bigint',
          Parameters: {
            'iceberg.field.id': '1',
            'iceberg.field.optional': 'false',
            'iceberg.field.current': 'true',
          },
        },
        { Name: 'amount', Type: 'bigint' },
      ],
    });
  });

  it('follows commits, keeps the pointer of the writer that won, and lets a table go with its metadata', async () => {
    const folder = 'warehouse/orders/metadata/';
    const location = 's3://bucket/warehouse/orders';
    lake.put({ [`${folder}00001-lost.metadata.json`]: metadata(location, ['id', 'lost'], 9) });
    lake.put({ [`${folder}00001-won.metadata.json`]: metadata(location, ['id'], 8) });
    await create({}, { SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE' } });
    await lake.glue.createDatabase({ DatabaseInput: { Name: 'lake' } });
    await lake.glue.createTable({
      DatabaseName: 'lake',
      TableInput: {
        Name: 'orders',
        StorageDescriptor: { Location: location },
        Parameters: {
          table_type: 'ICEBERG',
          metadata_location: `${location}/metadata/00001-won.metadata.json`,
          team: 'x',
        },
      },
    });
    await lake.crawl();
    expect(columnsOf(await lake.table('orders'))).toEqual(['id bigint']);
    lake.put({ [`${folder}00002-a.metadata.json`]: metadata(location, ['id', 'n'], 10) });
    lake.put({ [`${folder}00002-b.metadata.json`]: metadata(location, ['id', 'm'], 11) });
    await lake.crawl();
    const { Parameters, ...table } = await lake.table('orders');
    expect(columnsOf(table)).toEqual(['id bigint', 'm bigint']);
    expect(Parameters).toMatchObject({
      team: 'x',
      metadata_location: `${location}/metadata/00002-b.metadata.json`,
    });
    lake.remove('warehouse/orders');
    await lake.crawl();
    expect(await tableNames()).toEqual([]);
  });

  it('leaves a table alone whose newest metadata is damaged, and goes on with the others', async () => {
    const good = metadata('s3://bucket/warehouse/a', ['id']);
    lake.put({ 'warehouse/a/metadata/00000-x.metadata.json': good });
    await create();
    await lake.crawl();
    lake.put({
      'warehouse/a/metadata/00001-x.metadata.json': good.slice(0, 20),
      'warehouse/b/metadata/00000-x.metadata.json': metadata('s3://bucket/warehouse/b', ['id']),
    });
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect(await tableNames()).toEqual(['a', 'b']);
    expect(await lake.table('a')).toMatchObject({ VersionId: '0' });
    expect((await lake.table('a')).Parameters).not.toHaveProperty('DEPRECATED_BY_CRAWLER');
    expect((await lake.lines()).join('\n')).toMatch(
      /Iceberg metadata s3:\/\/bucket\/warehouse\/a\/metadata\/00001-x\.metadata\.json is damaged and was left out: it is not JSON/,
    );
  });

  it('looks no deeper than told, and not into what is excluded', async () => {
    const put = (table: string) =>
      lake.put({
        [`warehouse/${table}/metadata/00000-x.metadata.json`]: metadata(`s3://bucket/warehouse/${table}`, [
          'id',
        ]),
      });
    put('a');
    put('deep/b');
    put('tmp/c');
    await create({ MaximumTraversalDepth: 2 });
    await lake.crawl();
    expect(await tableNames()).toEqual(['a']);
    await lake.glue.updateCrawler({
      Name: 'crawler',
      Targets: { IcebergTargets: [{ Paths: ['s3://bucket/warehouse/'], Exclusions: ['tmp/**'] }] },
    });
    await lake.crawl();
    expect(await tableNames()).toEqual(['a', 'b']);
  });

  it('says so when there is none', async () => {
    await create();
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect((await lake.lines()).join('\n')).toContain('Found no Iceberg table at s3://bucket/warehouse/');
  });

  it.each([
    ['no path', { Paths: [] }, 'Paths of an Iceberg target is empty'],
    ['a path that is none', { Paths: ['warehouse'] }, '"warehouse" is not of the form'],
    ['a depth of 0', { MaximumTraversalDepth: 0 }, 'MaximumTraversalDepth 0 is not between 1 and 20'],
    ['a bad exclusion', { Exclusions: ['[a'] }, '"[a" is not valid'],
  ])('is refused with %s', async (_, target, message) => {
    await expect(create(target)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(message) as string,
    });
  });
});
