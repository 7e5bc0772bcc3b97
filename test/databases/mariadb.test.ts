// A real MariaDB server behind a Glue connection: tested, crawled and ingested.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, openCrawlFixture } from '../conformance/crawl-fixture.js';
import { openIngestFixture, type IngestFixture, type Row } from '../ingest/ingest-fixture.js';
import { requireIngestLaw } from './ingest-law.js';
import { missingMariadb, startMariadb } from './mariadb-server.js';
import type { TestDatabase } from './server-process.js';

describe.skipIf(missingMariadb)(`MariaDB (${missingMariadb ?? 'a server here'})`, () => {
  let server: TestDatabase;
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());

  let lake: IngestFixture;
  const connectionInput = (parameters = '', properties: Record<string, string> = {}) => ({
    Name: 'shop-db',
    ConnectionType: 'JDBC' as const,
    ConnectionProperties: { ...server.properties('shop', parameters), ...properties },
  });
  beforeEach(async () => {
    await server.run('mysql', 'DROP DATABASE IF EXISTS shop', 'CREATE DATABASE shop CHARACTER SET utf8mb4');
    lake = await openIngestFixture();
    await lake.clients.glue.createConnection({ ConnectionInput: connectionInput() });
  });
  afterEach(() => lake.close());

  const connection = { connection: 'shop-db' };
  const load = async (more: Parameters<IngestFixture['run']>[0] = {}) =>
    (await lake.run({ ...connection, ...more })).tables;

  it.each<[string, string, Record<string, string>, RegExp]>([
    ['a wrong password', '', { PASSWORD: 'wrong-secret' }, /Access denied.*Check its USERNAME and PASSWORD/],
    ['an unknown database', '', {}, /Unknown database 'nowhere'.*at the end of its JDBC_CONNECTION_URL/],
    [
      'encryption that the server lacks',
      '?useSSL=true',
      {},
      /The server offers no encryption and the connection asks for it/,
    ],
    ['a secret', '', { SECRET_ID: 'x' }, /SECRET_ID is not supported/],
  ])('says what is wrong with %s, and no password', async (what, parameters, properties, message) => {
    const { ConnectionType, ConnectionProperties } = connectionInput(parameters, properties);
    const url = ConnectionProperties.JDBC_CONNECTION_URL ?? '';
    const JDBC_CONNECTION_URL = what === 'an unknown database' ? url.replace('/shop', '/nowhere') : url;
    const TestConnectionInput = {
      ConnectionType,
      ConnectionProperties: { ...ConnectionProperties, JDBC_CONNECTION_URL },
    };
    const error = await lake.clients.glue
      .testConnection({ TestConnectionInput })
      .catch((reason: Error) => reason);
    expect(error).toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringMatching(message) as string,
    });
    expect((error as Error).message).not.toMatch(/wrong-secret|s a secret/);
  });

  it('succeeds with a connection as it is', async () => {
    await lake.clients.glue.testConnection({ ConnectionName: 'shop-db' });
  });

  it('is crawled: tables and views of the database, without those excluded', async () => {
    await server.run(
      'shop',
      `CREATE TABLE orders (id bigint unsigned PRIMARY KEY, total decimal(12,2) COMMENT 'with tax') COMMENT 'all orders'`,
      'CREATE TABLE Orders_old (id int)',
      'CREATE TABLE orders_tmp (id int)',
      'CREATE VIEW recent AS SELECT * FROM orders',
      'INSERT INTO orders VALUES (1, 1), (2, 2)',
      'ANALYZE TABLE orders',
    );
    const crawls = await openCrawlFixture();
    try {
      await crawls.glue.createConnection({ ConnectionInput: connectionInput() });
      await crawls.create({
        Targets: {
          JdbcTargets: [
            {
              ConnectionName: 'shop-db',
              Path: 'shop/%',
              Exclusions: ['*_tmp'],
              EnableAdditionalMetadata: ['COMMENTS', 'RAWTYPES'],
            },
          ],
        },
      });
      await crawls.crawl();
      const tables = await crawls.tables();
      expect(tables.map(({ Name, StorageDescriptor }) => [Name, StorageDescriptor?.Location])).toEqual([
        ['shop_orders', 'shop.orders'],
        ['shop_orders_old', 'shop.Orders_old'],
        ['shop_recent', 'shop.recent'],
      ]);
      expect(tables[0]?.Parameters).toMatchObject({
        classification: 'mysql',
        connectionName: 'shop-db',
        typeOfData: 'table',
        recordCount: '2',
        comment: 'all orders',
      });
      expect(tables[2]?.Parameters?.typeOfData).toBe('view');
      expect(columnsOf(tables[0]!)).toEqual(['id decimal(20,0)', 'total decimal(12,2)']);
      expect(tables[0]?.StorageDescriptor?.Columns?.[1]).toMatchObject({
        Comment: 'with tax',
        Parameters: { rawType: 'decimal(12,2)' },
      });
      await crawls.crawl();
      expect((await crawls.table('shop_orders')).VersionId).toBe('0');
    } finally {
      await crawls.close();
    }
  });

  it("keeps every type's values as they are", async () => {
    await server.run(
      'shop',
      `CREATE TABLE t (
        id bigint unsigned PRIMARY KEY, tiny tinyint(1), utiny tinyint unsigned, medium mediumint, uint int unsigned,
        big bigint, price decimal(38,10), wide decimal(65,30), f float, d double, b1 bit(1), b20 bit(20), b64 bit(64),
        y year, day date, at datetime(6), instant timestamp(3) NULL, span time(2), body json, kind enum('a','b'),
        flags set('x','y'), raw varbinary(8), doc blob, words varchar(40), latin varchar(10) CHARACTER SET latin1)`,
      `INSERT INTO t VALUES (
        18446744073709551615, 127, 255, -8388608, 4294967295, -9223372036854775808, '1234567890123456789012345678.0123456789',
        '12345678901234567890123456789012345.123456789012345678901234567890', 1.1, 0.1, b'1', b'11111111111111111111',
        0xFFFFFFFFFFFFFFFF, 2024, '1000-01-01', '2024-02-29 23:59:59.123456', '2024-01-01 00:00:00.5', '-838:59:59',
        '{"a": [1.10]}', 'b', 'x,y', x'00FF0A', x'5C4E', CONCAT('tab', CHAR(9), 'null', CHAR(0), 'line', CHAR(10), '\\\\N 店😀'), 'café')`,
      'INSERT INTO t (id) VALUES (0)',
    );
    expect(await load()).toMatchObject([{ table: 'shop_t', status: 'loaded', counts: { added: 2 } }]);
    const [nothing, row] = await lake.read('shop_t');
    expect(new Set(Object.values(nothing as Row))).toEqual(new Set(['0', null]));
    expect(row).toEqual({
      id: '18446744073709551615',
      tiny: 127,
      utiny: 255,
      medium: -8388608,
      uint: '4294967295',
      big: '-9223372036854775808',
      price: '1234567890123456789012345678.0123456789',
      wide: '12345678901234567890123456789012345.123456789012345678901234567890',
      f: 1.100000023841858,
      d: 0.1,
      b1: true,
      b20: '1048575',
      b64: '18446744073709551615',
      y: 2024,
      day: '1000-01-01',
      at: '2024-02-29 23:59:59.123456',
      instant: '2024-01-01 00:00:00.5',
      span: '-838:59:59.00',
      body: '{"a": [1.10]}',
      kind: 'b',
      flags: 'x,y',
      raw: '\\x00\\xFF\\x0A',
      doc: '\\N',
      words: 'tab\tnull\0line\n\\N 店😀',
      latin: 'café',
    });
  });

  it('reads only what an increment needs', async () => {
    await server.run(
      'shop',
      'CREATE TABLE orders (id int PRIMARY KEY, name varchar(20), updated_at datetime(6), KEY (updated_at))',
      `INSERT INTO orders SELECT seq, 'old', '2024-01-01' + INTERVAL seq SECOND FROM seq_1_to_5000`,
    );
    expect(await load()).toMatchObject([{ load: 'full', counts: { read: 5000 } }]);
    await server.run(
      'shop',
      `UPDATE orders SET name = 'changed', updated_at = '2024-02-01 00:00:00.000001' WHERE id <= 3`,
    );
    const before = server.reads().length;
    expect(await load()).toMatchObject([
      { load: 'incremental', counts: { read: 4, added: 0, updated: 3 }, rows: 5000 },
    ]);
    expect(server.reads().slice(before)).toEqual([
      expect.stringContaining(
        "FROM `shop`.`orders` WHERE ((`updated_at` >= TIMESTAMP'2024-01-01 01:23:20.000000') OR `updated_at` IS NULL)",
      ),
    ]);
    expect(await load()).toMatchObject([{ status: 'unchanged' }]);
  });

  it('goes on by an unsigned number', async () => {
    await server.run(
      'shop',
      'CREATE TABLE t (id bigint unsigned PRIMARY KEY)',
      'INSERT INTO t VALUES (5), (9)',
    );
    const byId = { cursor: 'id', disposition: 'append' } as const;
    await load(byId);
    await server.run('shop', 'INSERT INTO t VALUES (8), (12)');
    expect(await load(byId)).toMatchObject([{ counts: { read: 2, added: 1 } }]);
    expect(server.reads().at(-1)).toMatch(/WHERE .*`id` >= 9/);
    expect((await lake.read('shop_t')).map(({ id }) => id)).toEqual(['5', '9', '12']);
  });

  it(
    'ends as the model does, whatever is written, late, deleted, marked, without times, and wherever runs die',
    { timeout: 3_600_000 },
    () =>
      requireIngestLaw(server, lake, {
        prefix: 'shop_',
        timestamp: 'datetime(6)',
        escaped: (text) => text.replace(/['\\]/g, '\\$&'),
        widen: (table) => `ALTER TABLE ${table} MODIFY amount bigint`,
      }),
  );

  it('stops at zero dates, or leaves them out if the spec or the URL says so', async () => {
    await server.run(
      'shop',
      `SET sql_mode = ''`,
      'CREATE TABLE t (id int PRIMARY KEY, day date, at datetime)',
      `INSERT INTO t VALUES (1, '0000-00-00', '2024-00-10 10:00:00'), (2, '2024-05-01', '2024-05-01')`,
    );
    const clean = [
      { id: 1, day: null, at: null },
      { id: 2, day: '2024-05-01', at: '2024-05-01 00:00:00' },
    ];
    expect(await load()).toMatchObject([
      {
        status: 'failed',
        reason: expect.stringMatching(
          /none of its column's type: .*0000-00-00.*"oddDates": "null"/s,
        ) as string,
      },
    ]);
    expect(await load({ oddDates: 'null' })).toMatchObject([{ status: 'loaded' }]);
    expect(await lake.read('shop_t')).toEqual(clean);
    await lake.clients.glue.updateConnection({
      Name: 'shop-db',
      ConnectionInput: connectionInput('?zeroDateTimeBehavior=convertToNull'),
    });
    expect(await load({ load: 'full' })).toMatchObject([{ status: 'loaded' }]);
    expect(await lake.read('shop_t')).toEqual(clean);
  });

  it('fails a table whose connection is cut off, and writes nothing of it', async () => {
    await server.run(
      'shop',
      'CREATE TABLE t (id int PRIMARY KEY, wait text)',
      `INSERT INTO t SELECT seq, REPEAT('x', 1000) FROM seq_1_to_20000`,
      `CREATE FUNCTION cut_off() RETURNS int BEGIN KILL CONNECTION CONNECTION_ID(); RETURN 1; END`,
      'CREATE VIEW cut AS SELECT id, CASE WHEN id > 10000 THEN cut_off() ELSE wait END AS wait FROM t',
    );
    await lake.clients.glue.createTable({
      DatabaseName: 'shop',
      TableInput: {
        Name: 'cut',
        StorageDescriptor: { Location: 'shop.cut', Columns: [{ Name: 'id', Type: 'int' }] },
        Parameters: { classification: 'mysql', connectionName: 'shop-db', typeOfData: 'view' },
      },
    });
    expect((await lake.run()).tables).toMatchObject([
      {
        table: 'cut',
        status: 'failed',
        reason: expect.stringMatching(/^Connection shop-db \(mysql, /) as string,
      },
    ]);
    expect(await lake.keys('parquet/cut/')).toEqual([]);
  });
});
