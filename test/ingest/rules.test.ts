// Rules of ingesting, one by one: what is refused, what is left alone, and what a run may not lose.
import type { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compactTables,
  runIngest,
  type IngestSpec,
  type RunOptions,
} from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, ORDERS, type IngestFixture, type Row } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const row = (id: number | null, name: string, updated_at: string | null): Row => ({ id, name, updated_at });
const day = (of: number) => `2024-01-0${of} 00:00:00`;
const MERGE: Partial<IngestSpec> = { key: ['id'] };

async function run(name: string, more: Partial<IngestSpec> = MERGE, options: RunOptions = {}) {
  const { tables } = await lake.run({ include: [name], ...more }, options);
  expect(tables).toHaveLength(1);
  return tables[0]!;
}
async function define(name: string, rows: readonly Row[]): Promise<void> {
  await lake.defineTable(name);
  await lake.setRows(name, rows);
}
async function outputOf(name: string) {
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop_parquet', Name: name });
  return Table!;
}
const prefixOf = async (name: string) =>
  ((await outputOf(name)).StorageDescriptor?.Location ?? '').replace('s3://lake/', '');

describe('a spec that names what is not there fails its table, whatever the policies say:', () => {
  it.each<[string, Partial<IngestSpec>, string]>([
    [
      'a column of the key',
      { key: ['id', 'nope'] },
      'There is no key column nope. Its columns are: id, name',
    ],
    ['the cursor', { key: ['id'], cursor: 'nope', noCursor: 'replace' }, 'There is no cursor column nope.'],
    ['the mark of deletion', { key: ['id'], softDelete: 'nope' }, 'There is no softDelete column nope.'],
    ['no key to merge by', { disposition: 'merge', noKey: 'replace' }, 'No key is known.'],
  ])('%s', async (what, more, reason) => {
    const name = `no_${what.replaceAll(' ', '_')}`;
    await define(name, [row(1, 'a', day(1))]);
    const failed = { status: 'failed', kind: 'usage', reason: expect.stringContaining(reason) as unknown };
    expect(await run(name, more)).toMatchObject(failed);
    await expect(lake.read(name)).rejects.toThrow();
  });
});

it.each<[string, Partial<IngestSpec>, string]>([
  ['disposition', { ...MERGE, disposition: 'append' }, 'The disposition was merge and is append'],
  ['key', { key: ['id', 'name'] }, 'The key was id and is id, name'],
])('another %s than the last run’s loads the table anew, and says why', async (what, more, warning) => {
  const name = `other_${what}`;
  const rows = [row(1, 'a', day(1)), row(1, 'b', day(1))];
  await define(name, rows);
  await run(name);
  const { load, warnings } = await run(name, more);
  expect(load).toBe('full');
  expect(warnings.join()).toContain(warning);
  expect(await lake.read(name)).toEqual(rows);
});

describe('an output table', () => {
  it('that no ingest made is not overwritten', async () => {
    await define('theirs', [row(1, 'a', day(1))]);
    await define('first', [row(1, 'a', day(1))]);
    await run('first');
    const TableInput = { Name: 'theirs', Description: 'ours', Parameters: {} };
    await lake.clients.glue.createTable({ DatabaseName: 'shop_parquet', TableInput });
    expect(await run('theirs')).toMatchObject({
      ...{ status: 'failed', kind: 'guard-refused' },
      reason: expect.stringContaining('was not made by an ingest of shop.theirs') as unknown,
    });
    expect((await outputOf('theirs')).Description).toBe('ours');
    expect(await lake.keys('parquet/theirs/')).toEqual([]);
  });

  it('keeps what people wrote into it, also while it is pointed at the next files', async () => {
    await define('described', [row(1, 'a', day(1))]);
    await run('described');
    const describe = async (Description: string) => {
      const { Name, TableType, StorageDescriptor, Parameters } = await outputOf('described');
      const Columns = (StorageDescriptor?.Columns ?? []).map((column) => ({
        ...column,
        Comment: column.Name,
      }));
      await lake.clients.glue.updateTable({
        DatabaseName: 'shop_parquet',
        TableInput: {
          ...{ Name, Description, TableType, StorageDescriptor: { ...StorageDescriptor, Columns } },
          Parameters: { ...Parameters, team: 'ours' },
        },
      });
    };
    await describe('before');
    await lake.setRows('described', [row(1, 'b', day(2))]);
    const clients = lake.aws.clients();
    let edits = 0;
    clients.glue.middlewareStack.add(
      (next, { commandName }) =>
        async (call) => {
          if (commandName === 'UpdateTableCommand' && edits++ === 0) await describe('meanwhile');
          return next(call);
        },
      { step: 'initialize', name: 'edits' },
    );
    const report = await runIngest(lake.spec({ include: ['described'], ...MERGE }), clients, {
      clock: lake.clock,
    });
    expect(report.tables).toMatchObject([{ status: 'loaded' }]);
    expect(edits).toBe(2);
    expect(await outputOf('described')).toMatchObject({
      Description: 'meanwhile',
      Parameters: { team: 'ours' },
      StorageDescriptor: { Columns: ORDERS.map(({ Name }) => ({ Name, Comment: Name })) },
    });
    expect(await lake.read('described')).toEqual([row(1, 'b', day(2))]);
  });
});

describe('of several files', () => {
  /** One file for each list of rows, which no run before it knew. */
  async function files(name: string, ...parts: (readonly Row[])[]): Promise<void> {
    await define(name, []);
    for (let count = 1; count <= parts.length; count++) {
      await lake.setRows(name, parts.slice(0, count).flat());
      await run(name);
    }
    expect(await lake.keys(await prefixOf(name))).toHaveLength(parts.length);
  }
  const three = [[row(1, 'a', day(1))], [row(2, 'b', day(2))], [row(3, 'c', day(3))]];

  it.each([
    ['CopyObjectCommand', 'the files that stay are copied'],
    ['UpdateTableCommand', 'readers are led to them'],
  ])('a run that dies at %s, before %s, loses none: the next one goes on', async (command) => {
    for (const [kind, added] of [
      ['merge', row(2, 'changed', day(4))],
      ['addition', row(4, 'd', day(4))],
    ] as const) {
      const name = `died_${kind}_${command.toLowerCase()}`;
      await files(name, ...three);
      const before = await lake.read(name);
      const rows = [...three.flat().filter(({ id }) => id !== added.id), added];
      await lake.setRows(name, rows);
      const clients = lake.aws.clients();
      let isDead = false;
      const orDie = <T>(commandName: string | undefined, act: () => Promise<T>): Promise<T> => {
        isDead ||= commandName === command;
        return isDead ? Promise.reject(new Error('The process is dead.')) : act();
      };
      const at = { step: 'initialize', name: 'dies' } as const;
      clients.glue.middlewareStack.add(
        (next, { commandName }) =>
          (call) =>
            orDie(commandName, () => next(call)),
        at,
      );
      clients.s3.middlewareStack.add(
        (next, { commandName }) =>
          (call) =>
            orDie(commandName, () => next(call)),
        at,
      );
      const died = await runIngest(lake.spec({ include: [name], ...MERGE }), clients, { clock: lake.clock });
      expect(died.tables, kind).toMatchObject([{ status: 'failed' }]);
      expect(isDead, kind).toBe(true);
      const sorted = [...rows].sort((one, other) => Number(one.id) - Number(other.id));
      // A file that is only added is seen once it is in the folder that readers are at.
      const isSeen = kind === 'addition' && command === 'UpdateTableCommand';
      expect(await lake.read(name), kind).toEqual(isSeen ? sorted : before);
      expect((await run(name)).status, kind).not.toBe('failed');
      expect(await lake.read(name), kind).toEqual(sorted);
    }
  });

  it('a column that became wider is wider in all of them, touched or not', async () => {
    await files('widened', ...three);
    const Columns = ORDERS.map((column) => (column.Name === 'id' ? { ...column, Type: 'bigint' } : column));
    const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: 'widened' });
    await lake.clients.glue.updateTable({
      DatabaseName: 'shop',
      TableInput: { Name: 'widened', StorageDescriptor: { ...Table?.StorageDescriptor, Columns } },
    });
    await lake.setRows('widened', [...three.flat().slice(0, 2), row(3, 'changed', day(4))]);
    await run('widened');
    const keys = await lake.keys(await prefixOf('widened'));
    const types = await Promise.all(
      keys.map((key) =>
        lake.query(`SELECT type FROM parquet_schema('${lake.aws.dataDir}/s3/lake/${key}') WHERE name = 'id'`),
      ),
    );
    expect(new Set(types.flat().map(({ type }) => type))).toEqual(new Set(['INT64']));
  });

  it('few small ones are made of many, and a single one is left as it is', async () => {
    await files('small', ...three);
    const compact = () =>
      compactTables(lake.spec({ fileSizeMb: 1 }), lake.clients, { only: ['small'], clock: lake.clock });
    expect(await compact()).toMatchObject([{ status: 'compacted', filesBefore: 3, filesAfter: 1 }]);
    const keys = await lake.keys(await prefixOf('small'));
    expect(await compact()).toMatchObject([{ status: 'unchanged', filesBefore: 1 }]);
    expect(await lake.keys(await prefixOf('small'))).toEqual(keys);
    expect(await lake.read('small')).toEqual(three.flat());
  });
});

it('a column that is new in the source is in the output, though no row is', async () => {
  await define('grown', [row(1, 'a', day(1))]);
  await run('grown');
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: 'grown' });
  const Columns = [...ORDERS, { Name: 'extra', Type: 'int' }];
  await lake.clients.glue.updateTable({
    DatabaseName: 'shop',
    TableInput: { Name: 'grown', StorageDescriptor: { ...Table?.StorageDescriptor, Columns } },
  });
  expect(await run('grown')).toMatchObject({ status: 'loaded', counts: { added: 0, updated: 0 } });
  const names = (await outputOf('grown')).StorageDescriptor?.Columns?.map(({ Name }) => Name);
  expect(names).toEqual(['id', 'name', 'updated_at', 'extra']);
});

it('the high-water mark moves where the newest rows leave nothing to write', async () => {
  await lake.defineTable('marked', [...ORDERS, { Name: 'gone', Type: 'boolean' }]);
  const live = { ...row(1, 'a', day(1)), gone: false };
  await lake.setRows('marked', [live]);
  const more = { ...MERGE, softDelete: 'gone' };
  await run('marked', more);
  await lake.setRows('marked', [live, { ...row(2, 'b', day(3)), gone: true }]);
  expect(await run('marked', more)).toMatchObject({ watermark: '2024-01-03T00:00:00.000000Z' });
  expect(await lake.read('marked')).toEqual([live]);
  expect(await run('marked', more)).toMatchObject({ status: 'unchanged' });
});

it('rows without a cursor are read by every run of an append, and stored once', async () => {
  const rows = [row(1, 'a', day(1)), row(2, 'b', null)];
  await define('undated', rows);
  const more: Partial<IngestSpec> = { disposition: 'append' };
  await run('undated', more);
  expect(await run('undated', more)).toMatchObject({ status: 'unchanged' });
  await lake.setRows('undated', [...rows, row(3, 'c', null)]);
  expect(await run('undated', more)).toMatchObject({ counts: { added: 1 } });
  expect(await lake.read('undated')).toEqual([...rows, row(3, 'c', null)]);
});

it('a backfill of a range deletes nothing, though deletes are reconciled: it is not all of the source', async () => {
  const rows = [row(1, 'a', day(1)), row(2, 'b', day(2)), row(3, 'c', day(3))];
  const more: Partial<IngestSpec> = { ...MERGE, reconcileDeletes: { maxPercent: 100 } };
  await define('filled', rows);
  await run('filled', more);
  await lake.setRows('filled', [row(2, 'changed', day(2)), rows[2]!]);
  const backfill = { from: '2024-01-02', to: '2024-01-02' };
  expect(await run('filled', more, { backfill })).toMatchObject({ counts: { updated: 1, deleted: 0 } });
  expect(await lake.read('filled')).toEqual([rows[0], row(2, 'changed', day(2)), rows[2]]);
  expect(await run('filled', more)).toMatchObject({ counts: { deleted: 1 } });
});

describe('clean-up', () => {
  const RUN_AT_WORK = 'parquet/tidied/20240601T000000Z-0badcafe/part-00000.parquet';

  it('leaves the files of a run at work, however short replaced ones are kept, and says what AWS refuses', async () => {
    await define('tidied', [row(1, 'a', day(1))]);
    const more: Partial<IngestSpec> = { ...MERGE, keepReplaced: '0s' };
    // Objects are written by the system's clock.
    const now = { now: () => new Date(), sleep: () => Promise.resolve() };
    const clock = { clock: now as never };
    await run('tidied', more, clock);
    await lake.put(RUN_AT_WORK, 'unfinished');
    await lake.setRows('tidied', [row(1, 'b', day(2))]);
    expect(await run('tidied', more, clock)).toMatchObject({ status: 'loaded' });
    expect(await lake.keys('parquet/tidied/')).toContain(RUN_AT_WORK);

    const clients = lake.aws.clients();
    clients.s3.middlewareStack.add(
      (next) => async (call) => {
        if (!('Delete' in (call.input as Partial<DeleteObjectsCommand['input']>))) return next(call);
        const Errors = [{ Key: 'k', Code: 'AccessDenied', Message: 'No.' }];
        return { output: { Errors, $metadata: {} }, response: undefined };
      },
      { step: 'initialize', name: 'refuses' },
    );
    await lake.setRows('tidied', [row(1, 'c', day(3))]);
    const report = await runIngest(lake.spec({ include: ['tidied'], ...more }), clients, clock);
    expect(JSON.stringify(report.tables)).toContain('k could not be removed: AccessDenied: No.');
    expect(await lake.read('tidied')).toEqual([row(1, 'c', day(3))]);
  });
});
