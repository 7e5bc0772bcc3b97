// Undo and redo of crawls of databases, through a Glue connection.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { linesOf, openUndoFixture, type UndoFixture } from '../crawl-undo/undo-fixture.js';
import { missingMariadb, startMariadb } from './mariadb-server.js';
import { missingPostgresql, startPostgresql } from './postgresql-server.js';
import type { TestDatabase } from './server-process.js';

const SERVERS = [
  {
    name: 'PostgreSQL',
    ...{ missing: missingPostgresql, start: startPostgresql, admin: 'postgres' },
    ...{ Path: 'shop/public/%', prefix: 'shop_public_', retype: 'ALTER COLUMN amount TYPE text' },
  },
  {
    name: 'MariaDB',
    ...{ missing: missingMariadb, start: startMariadb, admin: 'mysql' },
    ...{ Path: 'shop/%', prefix: 'shop_', retype: 'MODIFY amount text' },
  },
];

for (const { name, missing, start, admin, Path, prefix, retype } of SERVERS) {
  describe.skipIf(missing)(`crawls of ${name} (${missing ?? 'a server here'})`, () => {
    let server: TestDatabase;
    let lake: UndoFixture;
    beforeAll(async () => {
      server = await start();
      await server.run(admin, 'CREATE DATABASE shop');
    });
    afterAll(() => server.stop());

    beforeEach(async () => {
      await server.run('shop', 'CREATE TABLE orders (id int, amount int)', 'CREATE TABLE gone (id int)');
      lake = await openUndoFixture();
      await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
      const ConnectionProperties = server.properties('shop');
      await lake.glue.createConnection({
        ConnectionInput: { Name: 'shop-db', ConnectionType: 'JDBC', ConnectionProperties },
      });
    });
    afterEach(async () => {
      await lake.close();
      await server.run(
        'shop',
        ...['orders', 'gone', 'young'].map((table) => `DROP TABLE IF EXISTS ${table}`),
      );
    });

    it.each(['DELETE_FROM_DATABASE', 'DEPRECATE_IN_DATABASE'] as const)(
      'are taken back and put back under %s: the first by its versions, the second by snapshots',
      async (DeleteBehavior) => {
        await lake.create({
          Targets: { JdbcTargets: [{ ConnectionName: 'shop-db', Path }] },
          SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior },
        });
        await lake.crawlLater();
        const first = await lake.content();
        await lake.apply(await lake.plan());
        expect(await lake.content()).toEqual({});
        await lake.apply(await lake.inverse());
        expect(await lake.content()).toEqual(first);

        await server.run(
          'shop',
          `ALTER TABLE orders ${retype}`,
          'DROP TABLE gone',
          'CREATE TABLE young (id int)',
        );
        const before = await lake.snapshot();
        await lake.crawlLater();
        await lake.snapshot();
        const second = await lake.content();
        const plan = await lake.plan();
        expect(plan.subject.resolved.snapshotBefore).toBe(before);
        const isDeleted = DeleteBehavior === 'DELETE_FROM_DATABASE';
        expect(linesOf(plan).sort()).toEqual(
          [
            `delete table lake.${prefix}young`,
            ...(isDeleted ? [`recreate table lake.${prefix}gone`] : [`update table lake.${prefix}gone`]),
            `update table lake.${prefix}orders`,
          ].sort(),
        );
        await lake.apply(plan);
        expect(await lake.content()).toEqual(first);
        await lake.apply(await lake.inverse());
        expect(await lake.content()).toEqual(second);
      },
    );
  });
}
