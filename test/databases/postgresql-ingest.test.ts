// Ingests from a real PostgreSQL server through a Glue connection: every type, increments that only read what is new, snapshots, failures.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planIngest } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture, type Row } from '../ingest/ingest-fixture.js';
import { requireIngestLaw } from './ingest-law.js';
import { missingPostgresql, startPostgresql } from './postgresql-server.js';
import type { TestDatabase } from './server-process.js';

describe.skipIf(missingPostgresql)(
  `an ingest from PostgreSQL (${missingPostgresql ?? 'a server here'})`,
  () => {
    let server: TestDatabase;
    beforeAll(async () => {
      server = await startPostgresql();
      await server.run('postgres', 'CREATE DATABASE shop');
    });
    afterAll(() => server.stop());

    let lake: IngestFixture;
    beforeEach(async () => {
      await server.run('shop', 'DROP SCHEMA public CASCADE', 'CREATE SCHEMA public');
      lake = await openIngestFixture();
      await lake.clients.glue.createConnection({
        ConnectionInput: {
          Name: 'shop-db',
          ConnectionType: 'JDBC',
          ConnectionProperties: server.properties('shop'),
        },
      });
    });
    afterEach(() => lake.close());

    const connection = { connection: 'shop-db' };
    const load = async (more: Parameters<IngestFixture['run']>[0] = {}) => {
      const { tables } = await lake.run({ ...connection, ...more });
      return tables;
    };
    const columns = async (name: string) => {
      const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop_parquet', Name: name });
      return (Table?.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => `${Name} ${Type}`);
    };

    it("keeps every type's values as they are", async () => {
      await server.run(
        'shop',
        `CREATE TYPE mood AS ENUM ('glad', 'sad')`,
        'CREATE TYPE place AS (x int, name text)',
        `CREATE TABLE t (
        id bigint PRIMARY KEY, small smallint, flag boolean, price numeric(38,18), huge numeric, f real, d double precision, odd double precision,
        day date, at timestamp(3), instant timestamptz, "time" time, span interval, body jsonb, uid uuid, raw bytea,
        mood mood, bits bit(5), net inet, period int4range, place place, cash money,
        ints int[], grid int[][], amounts numeric(10,2)[], texts text[], days date[])`,
        `INSERT INTO t VALUES (
        9223372036854775807, -32768, true, 12345678901234567890.123456789012345678, 1e200, 1.1, 0.1, '-Infinity',
        '0001-02-03', '2024-02-29 23:59:59.123', '2024-01-01 00:30:00.123456+02', '24:00', '1 year 2 days', '{"a": [1.10, "x"]}',
        '0f8fad5b-d9cb-469f-a165-70867728950e', '\\xdeadbeef00', 'sad', '10101', '10.0.0.0/8', '[1,5)', (1, 'a"b'), '1234.5',
        '{1,NULL,3}', '{{1,2},{3,4}}', '{0.10,99999999.99}', ARRAY['a,b', E'tab\\there', NULL, 'back\\slash', ''], '{2024-05-01,infinity}')`,
        'INSERT INTO t (id) VALUES (0)',
      );
      expect(await load()).toMatchObject([
        { table: 'shop_public_t', status: 'loaded', counts: { read: 2, added: 2 } },
      ]);
      expect(await columns('shop_public_t')).toEqual([
        'id bigint',
        'small smallint',
        'flag boolean',
        'price decimal(38,18)',
        'huge string',
        'f float',
        'd double',
        'odd double',
        'day date',
        'at timestamp',
        'instant timestamp',
        'time string',
        'span string',
        'body string',
        'uid string',
        'raw binary',
        'mood string',
        'bits string',
        'net string',
        'period string',
        'place string',
        'cash string',
        'ints array<int>',
        'grid array<array<int>>',
        'amounts array<decimal(10,2)>',
        'texts array<string>',
        'days array<string>',
      ]);
      const [nothing, row] = await lake.read('shop_public_t');
      expect(new Set(Object.values(nothing as Row))).toEqual(new Set(['0', null]));
      expect(row).toEqual({
        id: '9223372036854775807',
        small: -32768,
        flag: true,
        price: '12345678901234567890.123456789012345678',
        huge: `1${'0'.repeat(200)}`,
        f: 1.100000023841858,
        d: 0.1,
        odd: '-Infinity',
        day: '0001-02-03',
        at: '2024-02-29 23:59:59.123',
        instant: '2023-12-31 22:30:00.123456',
        time: '24:00:00',
        span: 'P1Y2D',
        body: '{"a": [1.10, "x"]}',
        uid: '0f8fad5b-d9cb-469f-a165-70867728950e',
        raw: '\\xDE\\xAD\\xBE\\xEF\\x00',
        mood: 'sad',
        bits: '10101',
        net: '10.0.0.0/8',
        period: '[1,5)',
        place: '{"x":1,"name":"a\\"b"}',
        cash: '1234.50',
        ints: [1, null, 3],
        grid: [
          [1, 2],
          [3, 4],
        ],
        amounts: ['0.10', '99999999.99'],
        texts: ['a,b', 'tab\there', null, 'back\\slash', ''],
        days: ['2024-05-01', 'infinity'],
      });
    });

    it('keeps any text', async () => {
      await server.run(
        'shop',
        'CREATE TABLE texts (id int PRIMARY KEY, a text)',
        'CREATE TABLE lone (a text)',
      );
      const unit = fc.constantFrom(
        '\\',
        '\n',
        '\r',
        '\t',
        '\v',
        '\b',
        '\f',
        'n',
        't',
        'N',
        '"',
        "'",
        ',',
        '',
        '店',
        '😀',
        ' ',
        '\u0001',
      );
      const sample = fc.sample(fc.string({ unit, maxLength: 12 }), { numRuns: 400, seed: 7 });
      const values = sample.map((text, id) => `(${id}, E'${escaped(text)}')`);
      await server.run(
        'shop',
        `INSERT INTO texts VALUES ${values.join(', ')}`,
        `INSERT INTO lone SELECT a FROM texts`,
        'INSERT INTO lone VALUES (NULL)',
        `INSERT INTO texts VALUES (400, repeat(E'long\\n', 2000000))`,
      );
      await load();
      const rows = await lake.read('shop_public_texts');
      expect(rows.pop()).toEqual({ id: 400, a: 'long\n'.repeat(2_000_000) });
      expect(rows.map(({ a }) => a)).toEqual(sample);
      const lone = (await lake.read('shop_public_lone')).map(({ a }) => a);
      const order = (texts: (string | null)[]) => texts.map((text) => JSON.stringify(text)).sort();
      expect(order(lone as (string | null)[])).toEqual(order([...sample, null]));
    });

    it('reads of a large table only what an increment or a backfill needs', async () => {
      await server.run(
        'shop',
        'CREATE TABLE orders (id bigint PRIMARY KEY, name text, updated_at timestamptz)',
        'CREATE INDEX ON orders (updated_at)',
        `INSERT INTO orders SELECT n, 'order ' || n, '2024-01-01'::timestamptz + n * interval '1 second' FROM generate_series(1, 20000) AS n`,
        `INSERT INTO orders VALUES (0, 'no cursor', NULL)`,
        'VACUUM ANALYZE orders',
      );
      const [plan] = (await planIngest(lake.spec(connection), lake.clients, { clock: lake.clock })).tables;
      expect(plan).toMatchObject({ action: 'full', disposition: 'merge', key: ['id'], rows: 20_001 });
      expect(await load()).toMatchObject([{ load: 'full', counts: { read: 20_001 } }]);
      await server.run(
        'shop',
        `UPDATE orders SET name = 'changed', updated_at = '2024-02-01 00:00:00.000001+00' WHERE id <= 3 AND id > 0`,
        `INSERT INTO orders VALUES (30000, 'new', '2024-02-01 00:00:00.000002+00')`,
        'ALTER TABLE orders ADD COLUMN note text',
      );
      const before = server.reads().length;
      // Rows of the old mark come again: the one that had it, and the one without a cursor.
      expect(await load()).toMatchObject([
        { load: 'incremental', counts: { read: 6, added: 1, updated: 3 }, rows: 20_002 },
      ]);
      expect(server.reads().slice(before)).toEqual([
        expect.stringMatching(
          / FROM "public"\."orders" WHERE \(\("updated_at" >= TIMESTAMPTZ '2024-01-01 05:33:20\.000000\+00'\) OR "updated_at" IS NULL\)$/,
        ),
      ]);
      const rows = await lake.read('shop_public_orders');
      expect(rows.filter(({ name }) => name === 'changed').map(({ id }) => id)).toEqual(['1', '2', '3']);
      expect(rows.at(-1)).toEqual({
        id: '30000',
        name: 'new',
        updated_at: '2024-02-01 00:00:00.000002',
        note: null,
      });
      expect(await load()).toMatchObject([{ status: 'unchanged', counts: { read: 2 } }]);
      const filled = await lake.run(connection, {
        backfill: { from: '2024-01-01T00:00:05Z', to: '2024-01-01T00:00:09Z' },
      });
      expect(filled.tables).toMatchObject([{ counts: { read: 5 } }]);
      expect(server.reads().at(-1)).toContain(
        `WHERE "updated_at" >= TIMESTAMPTZ '2024-01-01 00:00:05.000000+00' AND "updated_at" <= TIMESTAMPTZ '2024-01-01 00:00:09.000000+00'`,
      );
    });

    it.each([
      ['integer', 'n bigint', '(1, 5), (2, 9)', '(3, 9), (4, 8)', 2],
      ['date', 'n date', `(1, '2024-01-05'), (2, '2024-01-09')`, `(3, '2024-01-09'), (4, '2024-01-08')`, 2],
      [
        'timestamp',
        'n timestamp',
        `(1, '2024-01-05'), (2, '2024-01-09 10:00')`,
        `(3, '2024-01-09 10:00')`,
        2,
      ],
      // In the database's words there is no such range: all rows are read, and the right ones taken.
      ['text', 'n text', `(1, '2024-01-05'), (2, '2024-01-09 10:00')`, `(3, '2024-01-09T10:00:00Z')`, 2],
    ])('goes on by a cursor of the kind %s', async (_, column, before, after, read) => {
      await server.run(
        'shop',
        `CREATE TABLE t (id int PRIMARY KEY, ${column})`,
        `INSERT INTO t VALUES ${before}`,
      );
      await load({ cursor: 'n' });
      await server.run('shop', `INSERT INTO t VALUES ${after}`);
      expect(await load({ cursor: 'n' })).toMatchObject([{ counts: { read, added: 1 } }]);
    });

    it('ingests what a crawl catalogued, and names what is gone', async () => {
      await server.run(
        'shop',
        'CREATE TABLE "Dotted.Name" (id int PRIMARY KEY, n int)',
        'CREATE TABLE gone (id int)',
      );
      await server.run('shop', 'INSERT INTO "Dotted.Name" VALUES (1, 2)');
      const table = (Name: string, Location: string) =>
        lake.clients.glue.createTable({
          DatabaseName: 'shop',
          TableInput: {
            Name,
            TableType: 'EXTERNAL_TABLE',
            StorageDescriptor: { Location, Columns: [{ Name: 'id', Type: 'int' }] },
            Parameters: { classification: 'postgresql', connectionName: 'shop-db', typeOfData: 'table' },
          },
        });
      await table('dotted', 'shop.public.Dotted.Name');
      await table('gone', 'shop.public.gone');
      await server.run('shop', 'DROP TABLE gone');
      const { tables } = await lake.run({ key: ['id'] });
      expect(tables).toMatchObject([
        { table: 'dotted', status: 'loaded', rows: 1 },
        {
          table: 'gone',
          status: 'failed',
          reason: expect.stringContaining('no such table behind connection shop-db') as string,
        },
      ]);
      expect(await lake.read('dotted')).toEqual([{ id: 1, n: 2 }]);
    });

    it(
      'ends as the model does, whatever is written, late, deleted, marked, without times, and wherever runs die',
      { timeout: 3_600_000 },
      () =>
        requireIngestLaw(server, lake, {
          prefix: 'shop_public_',
          timestamp: 'timestamptz',
          escaped: (text) => text.replaceAll("'", "''"),
          widen: (table) => `ALTER TABLE ${table} ALTER COLUMN amount TYPE bigint`,
        }),
    );

    it('reads one state of the table, whoever writes meanwhile', async () => {
      await server.run(
        'shop',
        'CREATE TABLE pairs (id int PRIMARY KEY, n int)',
        'INSERT INTO pairs SELECT n, 0 FROM generate_series(1, 30000) AS n',
      );
      let isDone = false;
      const loading = load().finally(() => (isDone = true));
      while (!isDone) await server.run('shop', 'UPDATE pairs SET n = n + 1');
      await loading;
      const states = new Set((await lake.read('shop_public_pairs')).map(({ n }) => n));
      expect(states.size).toBe(1);
    });

    it('stops at dates that no reader has, or leaves them out if it is told to', async () => {
      await server.run(
        'shop',
        'CREATE TABLE t (id int PRIMARY KEY, day date, at timestamptz)',
        `INSERT INTO t VALUES (1, 'infinity', '0044-03-15 BC'), (2, '2024-05-01', '2024-05-01')`,
      );
      expect(await load()).toMatchObject([
        {
          status: 'failed',
          kind: 'failed',
          reason: expect.stringMatching(/no date: infinity.*"oddDates": "null"/s) as string,
        },
      ]);
      expect(await load({ oddDates: 'null' })).toMatchObject([{ status: 'loaded' }]);
      expect(await lake.read('shop_public_t')).toEqual([
        { id: 1, day: null, at: null },
        { id: 2, day: '2024-05-01', at: '2024-05-01 00:00:00' },
      ]);
    });

    it('fails table by table, with what to do, and writes nothing of a table that was cut off', async () => {
      await server.run(
        'shop',
        'CREATE TABLE fine (id int PRIMARY KEY)',
        'CREATE TABLE twice ("Id" int, id int)',
        'CREATE TABLE cut (id int PRIMARY KEY, wait text)',
        'INSERT INTO fine VALUES (1)',
        `INSERT INTO cut SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n`,
        // Ends its own connection when half of the rows are sent.
        `CREATE FUNCTION cut_off() RETURNS text LANGUAGE sql AS 'SELECT pg_terminate_backend(pg_backend_pid())::text'`,
        `CREATE VIEW cut_view AS SELECT id, CASE WHEN id > 10000 THEN cut_off() ELSE wait END AS wait FROM cut`,
      );
      await lake.clients.glue.createTable({
        DatabaseName: 'shop',
        TableInput: {
          Name: 'cut',
          StorageDescriptor: { Location: 'shop.public.cut_view', Columns: [{ Name: 'id', Type: 'int' }] },
          Parameters: { classification: 'postgresql', connectionName: 'shop-db', typeOfData: 'view' },
        },
      });
      const tables = await load({ exclude: ['*_cut'] });
      expect(tables).toMatchObject([
        { table: 'shop_public_fine', status: 'loaded' },
        {
          table: 'shop_public_twice',
          status: 'failed',
          reason: expect.stringContaining('columns Id and id, which are one') as string,
        },
      ]);
      expect((await lake.run()).tables).toMatchObject([
        {
          table: 'cut',
          status: 'failed',
          reason: expect.stringMatching(/^Connection shop-db .*terminating connection/) as string,
        },
      ]);
      expect(await lake.keys('parquet/cut/')).toEqual([]);
    });

    it('says which connection or database is not there', async () => {
      await expect(lake.run({ connection: 'none' })).rejects.toThrow('none');
      await expect(lake.run({ ...connection, database: 'store' })).rejects.toThrow(
        'begins with another database than the one that connection shop-db reaches: shop',
      );
    });
  },
);

/** Between quotes of E'...'. */
function escaped(text: string): string {
  const code = (character: string) => character.charCodeAt(0);
  return [...text]
    .map((character) =>
      code(character) < 32 ? `\\x${code(character).toString(16).padStart(2, '0')}` : character,
    )
    .map((character) => (character === '\\' || character === "'" ? `\\${character}` : character))
    .join('');
}
