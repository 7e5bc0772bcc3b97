// The fifteen defects of AWS's sample script (aws-glue-samples, Crawler_undo_redo): for each a test that it would not pass.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseInstant } from '../../src/base/instant.js';
import { openJournal, parsePlan, planText, resumeApply, type Plan } from '../../src/change/index.js';
import { connect } from '../../src/connect.js';
import { readSnapshot } from '../../src/toolkit/catalog-snapshot/index.js';
import {
  applyUndo,
  findLastUndo,
  findUndo,
  planInverse,
  requireQuiet,
} from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults } from '../faults/faulty-glue.js';
import { gluepot } from '../journeys/gluepot-process.js';
import { CRAWLER, csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;

const ORDERS = csv('id,amount,city', '1,10.5,Oslo', '2,11.5,Rome', '3,12.5,Lima');
const WIDER = csv('id,amount,city,zip', '1,10.5,Oslo,0150', '2,1.5,Rome,0118');
const orders = (day: string) => ({ [`orders/day=${day}/part.csv`]: ORDERS });
const USERS = { 'users/u.csv': csv('id,name', '1,Ann', '2,Bob') };
const targets = (...folders: string[]) => ({
  Targets: { S3Targets: folders.map((folder) => ({ Path: `s3://bucket/${folder}/` })) },
});

/** Crawled once, long before anything that a test is about. */
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  lake.put(orders('1'));
  await lake.create(targets('orders'));
  await lake.crawlLater();
});
afterEach(() => lake.close());

const startOfLast = async () => {
  const { Crawler } = await lake.glue.getCrawler({ Name: CRAWLER });
  return Crawler?.LastCrawl?.StartTime as Date;
};

const lineOf = (plan: Plan, label: string) => linesOf(plan).find((line) => line.endsWith(label));

it('defect 1: partitions made during the crawl are deleted, and none from before it', async () => {
  lake.put(orders('2'));
  await lake.crawlLater();
  expect(linesOf(await lake.plan())).toEqual([
    'delete partition lake.orders [2]',
    'update table lake.orders',
  ]);
});

it('defect 2: a time in seconds, in milliseconds and none at all mean the same crawl, and it is printed back', async () => {
  lake.put(orders('2'));
  await lake.crawlLater();
  const seconds = Math.floor((await startOfLast()).getTime() / 1000);
  const expected = ['delete partition lake.orders [2]', 'update table lake.orders'];
  expect(linesOf(await lake.plan())).toEqual(expected);
  for (const text of [`${seconds}`, `${seconds}000`, `${seconds}s`, `${seconds}000ms`]) {
    const plan = await lake.plan({ since: parseInstant(text, lake.clock.now()) });
    expect(linesOf(plan), text).toEqual(expected);
    expect(plan.subject.resolved.since).toBe(new Date(seconds * 1000).toISOString());
  }
});

it('defect 3: a table that people made and the crawl changed is as it was before, not deleted', async () => {
  const users = (Type: string, Parameters: Record<string, string>) => ({
    Name: 'users',
    Owner: 'people',
    Parameters: { classification: 'csv', ...Parameters },
    StorageDescriptor: { Columns: [{ Name: 'id', Type }], Location: 's3://bucket/users/' },
  });
  await lake.glue.createTable({ DatabaseName: DATABASE, TableInput: users('int', {}) });
  lake.later();
  const changed = users('bigint', { UPDATED_BY_CRAWLER: CRAWLER });
  await lake.glue.updateTable({ DatabaseName: DATABASE, TableInput: changed });
  const start = new Date(lake.clock.now().getTime() - 1000);
  const crawl = { crawlerName: CRAWLER, crawlId: 'c', start, end: lake.clock.now(), state: 'COMPLETED' };
  const plan = await lake.planOf([{ ...crawl, summary: undefined }]);
  expect(linesOf(plan)).toEqual(['update table lake.users']);
  expect(plan.changes[0]?.wanted).toMatchObject(users('int', {}));
});

it('defect 4: where the version from before is not kept, that is said, and nothing is deleted for it', async () => {
  lake.put({ 'orders/day=1/part.csv': WIDER });
  await lake.crawlLater();
  await lake.glue.deleteTableVersion({ DatabaseName: DATABASE, TableName: 'orders', VersionId: '1' });
  const table = (await lake.plan()).changes.find(({ key }) => key.kind === 'table');
  expect(table).toMatchObject({
    action: 'skip',
    reason: expect.stringContaining('its version before the crawl, 1, is not kept') as unknown,
  });
});

it('defect 5: only what the crawl changed is written, and nothing the second time', async () => {
  lake.put(USERS);
  await lake.glue.updateCrawler({ Name: CRAWLER, ...targets('orders', 'users') });
  await lake.crawlLater();
  const users = await lake.table('users');
  lake.put({ 'orders/day=1/part.csv': WIDER });
  await lake.crawlLater();
  const versionOf = async () => (await lake.table('orders')).VersionId;
  await lake.apply(await lake.plan());
  const after = await versionOf();
  lake.later();
  await lake.apply(await lake.plan());
  expect(await versionOf()).toBe(after);
  expect(await lake.table('users')).toEqual(users);
});

describe('defect 6: what people change is not overwritten,', () => {
  beforeEach(async () => {
    lake.put({ 'orders/day=1/part.csv': WIDER });
    await lake.crawlLater();
  });
  const describeOrders = (text: string) => lake.edit('orders', (input) => (input.Description = text));

  it('between the crawl and the plan: a conflict, unless it is to be kept or overwritten', async () => {
    await describeOrders('ours');
    const table = 'table lake.orders';
    expect(lineOf(await lake.plan(), table)).toBe(`conflict ${table}`);
    expect(lineOf(await lake.plan({ onConflict: 'keep-current' }), table)).toBe(`skip ${table}`);
    expect(lineOf(await lake.plan({ onConflict: 'force' }), table)).toBe(`update ${table}`);
  });

  it('between the plan and its apply: the plan is refused', async () => {
    const plan = await lake.plan();
    await describeOrders('ours');
    await expect(lake.apply(plan)).rejects.toMatchObject({ kind: 'conflict' });
    expect((await lake.table('orders')).Description).toBe('ours');
  });

  it('between the look and the write: AWS refuses a version that is no longer the current one', async () => {
    const plan = await lake.plan();
    const clients = lake.aws.clients();
    let edits = 0;
    clients.glue.middlewareStack.add(
      (next, { commandName }) =>
        async (call) => {
          if (commandName === 'UpdateTableCommand' && edits++ === 0) await describeOrders('ours');
          return next(call);
        },
      { step: 'initialize' },
    );
    const options = { version: 'test', signal: lake.scope.signal, clock: lake.clock };
    await expect(applyUndo(clients, lake.store, plan, options)).rejects.toMatchObject({
      kind: expect.stringMatching(/conflict|partial-apply/) as unknown,
    });
    expect(edits).toBe(1);
    expect((await lake.table('orders')).Description).toBe('ours');
  });
});

describe('defect 7: other crawls', () => {
  it.each(['crawler', 'other'])(
    'under way of %s in the same database are refused, or waited for',
    async (Name) => {
      await lake.create({ Name: 'other', ...targets('users') });
      await lake.glue.updateCrawler({ Name, ...targets(Name) });
      const release = lake.holdCrawls();
      const quiet = (ifRunning: 'refuse' | 'wait') =>
        requireQuiet(lake.scope, [DATABASE], { ifRunning, timeoutMs: 60_000 });
      await lake.glue.startCrawler({ Name });
      await expect(quiet('refuse')).rejects.toMatchObject({
        kind: 'guard-refused',
        message: expect.stringContaining(`${Name} is crawling into lake`) as unknown,
      });
      release();
      await quiet('wait');
      expect((await lake.glue.getCrawler({ Name })).Crawler?.State).toBe('READY');
    },
  );

  it('at the same time by other crawlers are left as they are', async () => {
    await lake.create({ Name: 'other', ...targets('users') });
    lake.put({ 'users/country=no/u.csv': csv('id,name', '1,Ann', '2,Bob'), ...orders('2') });
    lake.later();
    await Promise.all([lake.crawl('other'), lake.crawl()]);
    expect(linesOf(await lake.plan())).toEqual([
      'delete partition lake.orders [2]',
      'update table lake.orders',
    ]);
  });
});

it('defect 8: cut short at any write, an undo is resumed to its end', async () => {
  lake.put({ ...orders('2'), ...orders('3'), ...USERS });
  await lake.snapshot();
  const before = await lake.content();
  lake.put({ 'orders/day=1/part.csv': WIDER });
  await lake.glue.updateCrawler({ Name: CRAWLER, ...targets('orders', 'users') });
  await lake.crawlLater();
  await lake.snapshot();
  const after = await lake.content();
  const left = new Set<string>();
  for (let write = 1; ; write++) {
    lake.later();
    const clients = lake.aws.clients();
    let writes = 0;
    const faulty = withFaults(clients.glue, { faultOf: () => (++writes >= write ? 'crash' : undefined) });
    const options = { version: 'test', signal: lake.scope.signal, clock: lake.clock };
    const plan = await lake.plan();
    const isWhole = await applyUndo(clients, faulty.storeOf(lake.store), plan, options).then(
      () => true,
      () => false,
    );
    const { journalId } = await findLastUndo(lake.store, lake.home);
    if (!isWhole) {
      left.add(JSON.stringify(await lake.content()));
      await resumeApply(lake.scope, lake.store, journalId, { clock: lake.clock });
    }
    expect(await lake.content(), `write ${write}`).toEqual(before);
    if (isWhole) break;
    lake.later();
    await lake.apply(await planInverse(lake.scope, lake.home, await openJournal(lake.store, journalId)));
    expect(await lake.content()).toEqual(after);
  }
  // Half-way states, and the whole one that nobody was told of.
  expect(left.size).toBeGreaterThan(2);
});

it('defect 9: of several undos in one place, redo takes back one', async () => {
  lake.put(orders('2'));
  await lake.crawlLater();
  const first = await lake.apply(await lake.plan());
  const between = await lake.content();
  // The files of day 2 are still there, and it is crawled again.
  lake.put(orders('3'));
  await lake.crawlLater();
  const crawled = await lake.content();
  await lake.apply(await lake.plan());
  expect(await lake.content()).toEqual(between);
  lake.later();
  await lake.apply(await planInverse(lake.scope, lake.home, await findLastUndo(lake.store, lake.home)));
  expect(await lake.content()).toEqual(crawled);
  const ofFirst = await findUndo(lake.store, first.journalId as string);
  expect(linesOf({ ...ofFirst.plan })).toContain('delete partition lake.orders [2]');
  expect(linesOf({ ...ofFirst.plan })).not.toContain('delete partition lake.orders [3]');
});

it('defect 10: redo removes what was not there before the undo, in the database of each object, and nothing else', async () => {
  await lake.glue.createDatabase({ DatabaseInput: { Name: 'elsewhere' } });
  const table = await lake.table('orders');
  const { Name, Parameters, StorageDescriptor, PartitionKeys } = table;
  const TableInput = { Name, Parameters, StorageDescriptor, PartitionKeys };
  await lake.glue.createTable({ DatabaseName: 'elsewhere', TableInput });
  const elsewhere = await lake.content('elsewhere');
  await lake.glue.updateCrawler({
    Name: CRAWLER,
    SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
  });
  await lake.snapshot();
  const before = await lake.content();
  lake.remove('orders');
  await lake.crawlLater();
  expect(await lake.content()).toEqual({});
  await lake.apply(await lake.plan());
  expect(await lake.content()).toEqual(before);
  lake.later();
  const redo = await planInverse(lake.scope, lake.home, await findLastUndo(lake.store, lake.home));
  expect(linesOf(redo)).toContain('delete table lake.orders');
  await lake.apply(redo);
  expect(await lake.content()).toEqual({});
  expect(await lake.content('elsewhere')).toEqual(elsewhere);
});

describe('defect 11: what is kept is read by its own names and version, or refused:', () => {
  it.each<
    [string, (plan: { [member: string]: unknown; changes: Record<string, unknown>[] }) => void, string]
  >([
    ['a newer version', (plan) => (plan['schemaVersion'] = 3), 'its schemaVersion is 3'],
    [
      'a member by another name',
      ({ changes: [change = {}] }) => {
        change['max(updateTime)'] = change['reason'];
        delete change['reason'];
      },
      'changes.0.reason',
    ],
    [
      'a definition with another member',
      ({ changes: [change = {}] }) => (change['current'] = { Name: 'orders', name: 'orders' }),
      'changes.0.current is no definition',
    ],
    ['what was altered', ({ changes }) => changes.pop(), 'planHash'],
  ])('%s', async (_, alter, message) => {
    lake.put(orders('2'));
    await lake.crawlLater();
    const json = JSON.parse(planText(await lake.plan())) as Parameters<typeof alter>[0];
    alter(json);
    expect(() => parsePlan(JSON.stringify(json))).toThrow(message);
  });

  it('a snapshot with another member or version', async () => {
    const id = await lake.snapshot();
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const name = `manifests/${id}.json.gz`;
    const text = gunzipSync((await lake.store.get(name))?.bytes ?? new Uint8Array()).toString();
    await lake.store.put(name, gzipSync(text.replace('"takenAt"', '"max(takenAt)"')));
    await expect(readSnapshot(lake.store, id)).rejects.toMatchObject({
      message: expect.stringContaining('its checksum does not fit') as unknown,
    });
  });
});

it.each([
  ['us-west-2', 'glue.us-west-2.amazonaws.com'],
  ['cn-north-1', 'glue.cn-north-1.amazonaws.com.cn'],
])('defect 12: in %s calls go to %s, signed for that region', async (region, host) => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const connection = await connect({ target: 'aws', region });
  try {
    const asked = new Promise<{ hostname: string; headers: Record<string, string> }>((resolve) => {
      connection.clients.glue.middlewareStack.add(
        () => (call) => {
          resolve(call.request as never);
          return Promise.reject(new Error('Nothing is sent.'));
        },
        { step: 'finalizeRequest', priority: 'low', name: 'nothing-is-sent' },
      );
    });
    const options = { ifRunning: 'refuse' as const, timeoutMs: 1 };
    const scope = { ...lake.scope, glue: connection.clients.glue };
    await expect(requireQuiet(scope, [DATABASE], options)).rejects.toThrow('Nothing is sent.');
    const { hostname, headers } = await asked;
    expect(hostname).toBe(host);
    expect(headers['authorization']).toContain(`/${region}/glue/aws4_request`);
  } finally {
    await connection.close();
    vi.unstubAllEnvs();
  }
});

it('defect 13: names with quotes are names', async () => {
  const Name = `o'brien "or" 1 = 1 --`;
  await lake.create({ Name, ...targets('users') });
  lake.put(USERS);
  await lake.crawlLater(Name);
  const plan = await lake.plan({ crawlerName: Name });
  expect(linesOf(plan)).toEqual(['delete table lake.users']);
  expect(plan.subject.resolved.crawler).toBe(Name);
});

it('defect 14: it takes a few dozen API calls, and nothing else', async () => {
  lake.put({ ...orders('2'), ...orders('3') });
  await lake.crawlLater();
  const clients = lake.aws.clients();
  const counted = withFaults(clients.glue, {});
  const plan = await lake.plan({}, clients.glue);
  const options = { version: 'test', signal: lake.scope.signal, clock: lake.clock };
  await applyUndo(clients, lake.store, plan, options);
  expect(counted.calls.length).toBeLessThan(30);
});

it('defect 15: it shows what it would do, says what it did, and ends with a code that tells', async () => {
  lake.put(orders('2'));
  await lake.crawlLater();
  const crawled = await lake.content();
  const { endpoint } = await lake.aws.listen({ port: 0 });
  const undo = (...args: string[]) =>
    gluepot(
      { cwd: lake.folder },
      ...[
        '--endpoint-url',
        endpoint,
        'crawl',
        'undo',
        CRAWLER,
        '--store',
        join(lake.folder, 'store'),
        ...args,
      ],
    );
  const shown = await undo('--dry-run', '--detailed-exitcode');
  expect(shown.code).toBe(2);
  expect(shown.stdout).toContain('- partition lake.orders [2]');
  expect(await lake.content()).toEqual(crawled);
  const done = await undo('--yes', '--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({
    ok: true,
    result: {
      counts: { delete: 1, update: 1, conflict: 0 },
      report: { applied: 2, failed: [], verified: true, journalId: expect.any(String) as unknown },
    },
  });
  expect((await undo('--dry-run', '--detailed-exitcode')).code).toBe(0);
  expect((await undo('--backup-locaton', 'x')).code).toBe(3);
});
