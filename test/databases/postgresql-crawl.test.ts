// Crawls of a real PostgreSQL server through a Glue connection: tables, names, types, changes, permissions.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JdbcTarget } from '@aws-sdk/client-glue';
import { columnsOf, openCrawlFixture, type CrawlFixture } from '../conformance/crawl-fixture.js';
import { missingPostgresql, startPostgresql } from './postgresql-server.js';
import type { TestDatabase } from './server-process.js';

describe.skipIf(missingPostgresql)(`a crawl of PostgreSQL (${missingPostgresql ?? 'a server here'})`, () => {
  let server: TestDatabase;
  beforeAll(async () => {
    server = await startPostgresql();
    await server.run('postgres', 'CREATE DATABASE shop');
  });
  afterAll(() => server.stop());

  let lake: CrawlFixture;
  beforeEach(async () => {
    await server.run(
      'shop',
      'DROP SCHEMA IF EXISTS public, staging, "Sales" CASCADE',
      'CREATE SCHEMA public',
    );
    lake = await openCrawlFixture();
    await lake.glue.createConnection({
      ConnectionInput: {
        Name: 'shop-db',
        ConnectionType: 'JDBC',
        ConnectionProperties: server.properties('shop'),
      },
    });
  });
  afterEach(() => lake.close());

  const targets = (...jdbc: Partial<JdbcTarget>[]) => ({
    Targets: {
      JdbcTargets: jdbc.map((target) => ({ ConnectionName: 'shop-db', Path: 'shop/public/%', ...target })),
    },
  });
  const names = async () => (await lake.tables()).map(({ Name }) => Name);
  const logText = async () => (await lake.lines()).join('\n');

  it("writes tables as AWS does, with the database's own estimates", async () => {
    await server.run(
      'shop',
      'CREATE TABLE orders (id bigint PRIMARY KEY, "Placed At" timestamptz, total numeric(12,2), tags text[])',
      `INSERT INTO orders SELECT n, now(), n, '{a}' FROM generate_series(1, 1000) AS n`,
      'ANALYZE orders',
    );
    await lake.create({ ...targets({}), TablePrefix: 'pg_' });
    const { LastCrawl } = await lake.crawl();
    expect(LastCrawl).toMatchObject({ Status: 'SUCCEEDED' });
    const table = await lake.table('pg_shop_public_orders');
    const parameters = {
      CrawlerSchemaDeserializerVersion: '1.0',
      CrawlerSchemaSerializerVersion: '1.0',
      UPDATED_BY_CRAWLER: 'crawler',
      CRAWL_RUN_ID: LastCrawl?.MessagePrefix,
      classification: 'postgresql',
      compressionType: 'none',
      connectionName: 'shop-db',
      typeOfData: 'table',
      recordCount: '1000',
      objectCount: '1',
      sizeKey: expect.stringMatching(/^\d{5,}$/) as string,
      averageRecordSize: String(Math.floor(Number(table.Parameters?.sizeKey) / 1000)),
    };
    expect(table).toMatchObject({
      Owner: 'owner',
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [],
      StorageDescriptor: { Location: 'shop.public.orders', NumberOfBuckets: -1, Compressed: false },
    });
    expect(table.Parameters).toEqual(parameters);
    expect(table.StorageDescriptor?.Parameters).toEqual(parameters);
    expect(columnsOf(table)).toEqual([
      'id bigint',
      'placed at timestamp',
      'total decimal(12,2)',
      'tags array<string>',
    ]);
  });

  it("catalogues every table and view of every schema but the system's, partitions with their table", async () => {
    await server.run(
      'shop',
      'CREATE SCHEMA "Sales"',
      'CREATE TABLE "Sales"."Order Lines" (id int)',
      'CREATE TABLE public.events (at date, n int) PARTITION BY RANGE (at)',
      `CREATE TABLE public.events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`,
      'CREATE VIEW public.recent AS SELECT * FROM events',
      'CREATE MATERIALIZED VIEW public.counted AS SELECT count(*) AS n FROM events',
      'CREATE DOMAIN price AS numeric(9,3)',
      'CREATE TABLE public.prices (amount price, amounts price[])',
    );
    await lake.create(targets({ Path: 'shop/%' }));
    await lake.crawl();
    const found = (await lake.tables()).map(({ Name, StorageDescriptor, Parameters }) => [
      Name,
      StorageDescriptor?.Location,
      Parameters?.typeOfData,
    ]);
    expect(found).toEqual([
      ['shop_public_counted', 'shop.public.counted', 'view'],
      ['shop_public_events', 'shop.public.events', 'table'],
      ['shop_public_prices', 'shop.public.prices', 'table'],
      ['shop_public_recent', 'shop.public.recent', 'view'],
      ['shop_sales_order_lines', 'shop.Sales.Order Lines', 'table'],
    ]);
    expect(columnsOf(await lake.table('shop_public_prices'))).toEqual([
      'amount decimal(9,3)',
      'amounts array<decimal(9,3)>',
    ]);
    // Nothing was analysed: a number that nobody knows is not written.
    expect((await lake.table('shop_public_events')).Parameters).not.toHaveProperty('recordCount');
  });

  it('leaves out what exclusions name, by table and by schema', async () => {
    await server.run(
      'shop',
      'CREATE SCHEMA staging',
      ...['public.orders', 'public.orders_tmp', 'public.lines', 'staging.orders'].map(
        (name) => `CREATE TABLE ${name} (id int)`,
      ),
    );
    await lake.create(targets({ Path: 'shop/%', Exclusions: ['*_tmp', 'staging/*'] }));
    await lake.crawl();
    expect(await names()).toEqual(['shop_public_lines', 'shop_public_orders']);
  });

  it('tells tables apart whose names make one', async () => {
    await server.run(
      'shop',
      'CREATE TABLE "a/b" (id int)',
      'CREATE TABLE a_b (id int)',
      'CREATE TABLE "A_B" (id int)',
    );
    await lake.create(targets({}, { Path: 'shop/public/a%' }));
    await lake.crawl();
    const tables = await lake.tables();
    expect(tables.map(({ StorageDescriptor }) => StorageDescriptor?.Location).sort()).toEqual([
      'shop.public.A_B',
      'shop.public.a/b',
      'shop.public.a_b',
    ]);
    expect(tables.every(({ Name }) => Name?.startsWith('shop_public_a_b'))).toBe(true);
    const { LastCrawl } = await lake.crawl();
    expect(LastCrawl?.Status).toBe('SUCCEEDED');
    expect((await lake.tables()).map(({ VersionId }) => VersionId)).toEqual(['0', '0', '0']);
  });

  it('adds comments and native types when it is asked for them', async () => {
    await server.run(
      'shop',
      'CREATE TABLE t (id int, code varchar(7))',
      `COMMENT ON TABLE t IS 'all of it'`,
      `COMMENT ON COLUMN t.code IS E'short\\nand clear'`,
    );
    await lake.create(targets({ EnableAdditionalMetadata: ['COMMENTS', 'RAWTYPES'] }));
    await lake.crawl();
    const columns = async () => (await lake.table('shop_public_t')).StorageDescriptor?.Columns;
    expect((await lake.table('shop_public_t')).Parameters?.comment).toBe('all of it');
    expect(await columns()).toEqual([
      { Name: 'id', Type: 'int', Parameters: { rawType: 'integer' } },
      {
        Name: 'code',
        Type: 'string',
        Comment: 'short and clear',
        Parameters: { rawType: 'character varying(7)' },
      },
    ]);
    await server.run('shop', `COMMENT ON COLUMN t.id IS 'key'`);
    await lake.crawl();
    expect((await columns())?.[0]).toMatchObject({ Comment: 'key' });
  });

  it('of an unchanged database changes nothing, and follows what changes', async () => {
    await server.run('shop', 'CREATE TABLE t (id int)', 'CREATE TABLE old (id int)');
    await lake.create(targets({}));
    await lake.crawl();
    await lake.crawl();
    expect((await lake.table('shop_public_t')).VersionId).toBe('0');
    await server.run(
      'shop',
      'ALTER TABLE t ALTER id TYPE bigint, ADD name text',
      'DROP TABLE old',
      'CREATE TABLE new (id int)',
    );
    await lake.crawl();
    expect(columnsOf(await lake.table('shop_public_t'))).toEqual(['id bigint', 'name string']);
    expect((await lake.table('shop_public_old')).Parameters).toHaveProperty('DEPRECATED_BY_CRAWLER');
    expect(await names()).toEqual(['shop_public_new', 'shop_public_old', 'shop_public_t']);
  });

  it('deletes nothing when the database cannot be reached', async () => {
    await server.run('shop', 'CREATE TABLE t (id int)');
    await lake.create({
      ...targets({}),
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DELETE_FROM_DATABASE' },
    });
    await lake.crawl();
    const before = await lake.table('shop_public_t');
    await lake.glue.updateConnection({
      Name: 'shop-db',
      ConnectionInput: {
        Name: 'shop-db',
        ConnectionType: 'JDBC',
        ConnectionProperties: { ...server.properties('shop'), PASSWORD: 'changed' },
      },
    });
    const { LastCrawl } = await lake.crawl();
    expect(LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringMatching(
        /^Connection shop-db .*Check its USERNAME and PASSWORD\.$/,
      ) as string,
    });
    expect(await lake.table('shop_public_t')).toEqual(before);
  });

  it("says which path is not of the connection's database, and which connection is not there", async () => {
    await lake.create(targets({ Path: 'store/public/%' }));
    expect((await lake.crawl()).LastCrawl?.ErrorMessage).toContain(
      'begins with another database than the one that connection shop-db reaches: shop',
    );
    await lake.glue.updateCrawler({ Name: 'crawler', ...targets({ ConnectionName: 'gone' }) });
    expect((await lake.crawl()).LastCrawl?.ErrorMessage).toContain('Connection gone not found.');
  });

  it.each<[Partial<JdbcTarget>, string]>([
    [{ Path: 'shop' }, 'is none of DATABASE/SCHEMA/TABLE'],
    [{ Exclusions: ['[a'] }, '"[a" is not valid'],
    [{ ConnectionName: '' }, 'has no ConnectionName'],
  ])('is refused with the target %j', async (target, message) => {
    await expect(lake.create(targets(target))).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(message) as string,
    });
  });

  it('needs a role that may read the connection', async () => {
    const { iam } = lake.aws.clients();
    await iam.putRolePolicy({
      RoleName: 'Crawler',
      PolicyName: 'no-connections',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'glue:GetConnection', Resource: '*' }],
      }),
    });
    await lake.create(targets({}));
    const { LastCrawl } = await lake.crawl();
    expect(LastCrawl?.Status).toBe('FAILED');
    expect(LastCrawl?.ErrorMessage).toMatch(
      /not authorized to perform: glue:GetConnection.*connection\/shop-db/,
    );
  });

  it('can be previewed, and never logs the password', async () => {
    await server.run('shop', 'CREATE TABLE t (id int)');
    await lake.create(targets({}));
    const preview = await lake.aws.previewCrawl('crawler', new AbortController().signal);
    expect(preview.tables).toMatchObject([
      { name: 'shop_public_t', location: 'shop.public.t', classification: 'postgresql' },
    ]);
    expect(await names().catch(() => [])).toEqual([]);
    await lake.crawl();
    expect(await logText()).toContain('Created table shop_public_t');
    expect(await logText()).not.toContain(server.password);
  });
});
