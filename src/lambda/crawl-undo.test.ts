// The undo function, called as Lambda calls it, on a lake that was crawled.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from '../../test/conformance/crawl-fixture.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from '../../test/crawl-undo/undo-fixture.js';
import { withFaults } from '../../test/faults/faulty-glue.js';
import { openDocumentStore } from '../change/index.js';
import { openProgress } from '../cli/progress.js';
import { readSavedPlan } from '../cli/saved-plan.js';
import { applyUndo } from '../toolkit/crawl-undo/index.js';
import { readUndoSettings } from './crawl-undo-settings.js';
import { handleCrawlUndo, type CrawlUndoResult } from './crawl-undo.js';

const STORE = 's3://kept/snapshots';
let lake: UndoFixture;
let before: Record<string, string>;
let after: Record<string, string>;

const orders = (day: string) => ({ [`orders/day=${day}/part.csv`]: csv('id,amount', '1,10.5', '2,11.5') });

beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.clients.s3.createBucket({ Bucket: 'kept' });
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  lake.put(orders('1'));
  await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
  await lake.crawlLater();
  before = await lake.content();
  lake.put(orders('2'));
  await lake.crawlLater();
  after = await lake.content();
});
afterEach(() => lake.close());

const invoke = (event: unknown, { remainingMs = 900_000, clients = lake.aws.clients(), env = {} } = {}) =>
  handleCrawlUndo(
    clients,
    readUndoSettings({ GLUEPOT_SNAPSHOT_STORE: STORE, ...env }),
    event,
    { getRemainingTimeInMillis: () => remainingMs },
    () => {},
    lake.clock,
  );

const planned = async (event: object = { action: 'plan-undo', crawlerName: CRAWLER }) => {
  const result = await invoke(event);
  if (result.decision !== 'planned') throw new Error(JSON.stringify(result));
  return result;
};

it('plans without changing anything, applies what it planned, and takes that back', async () => {
  const { planId, resolved, counts, changes } = await planned();
  expect(resolved).toMatchObject({ crawler: CRAWLER, database: DATABASE });
  expect(counts).toMatchObject({ delete: 1, update: 1 });
  expect(changes).toEqual(['delete partition lake.orders [2]', 'update table lake.orders']);
  expect(await lake.content()).toEqual(after);
  // One of the three objects that were looked at is deleted.
  const env = { GLUEPOT_MAX_DELETES: '34%' };
  expect(await invoke({ action: 'apply', planId }, { env })).toMatchObject({
    decision: 'applied',
    report: { applied: 2 },
  });
  expect(await lake.content()).toEqual(before);
  lake.later();
  const redo = await planned({ action: 'plan-redo' });
  await invoke({ action: 'apply', planId: redo.planId });
  expect(await lake.content()).toEqual(after);
});

it('leaves out what is protected when it is asked to, and redo is of what it did', async () => {
  lake.put({ 'users/u.csv': csv('id,name', '1,Ann', '2,Bob') });
  await lake.glue.updateCrawler({
    Name: CRAWLER,
    Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }, { Path: 's3://bucket/users/' }] },
  });
  await lake.crawlLater();
  const since = { action: 'plan-undo', crawlerName: CRAWLER, since: 'now-1h' };
  const env = { GLUEPOT_PROTECT: 'users' };
  expect(await invoke({ action: 'apply', planId: (await planned(since)).planId }, { env })).toMatchObject({
    decision: 'refused',
    message: expect.stringContaining('Leave them out, with --except or the event’s except') as unknown,
  });
  const rest = await planned({ ...since, except: ['users'] });
  expect(rest.resolved).toMatchObject({ except: 'users', tablesLeftOut: '1' });
  expect(await invoke({ action: 'apply', planId: rest.planId }, { env })).toMatchObject({
    decision: 'applied',
  });
  expect((await lake.tables()).map(({ Name }) => Name)).toEqual(['users']);
  lake.later();
  const redo = await planned({ action: 'plan-redo', tables: ['orders'] });
  expect(redo.resolved).toMatchObject({ tables: 'orders', tablesLeftOut: '0' });
  expect(redo.resolved).not.toHaveProperty('except');
  await invoke({ action: 'apply', planId: redo.planId });
  expect((await lake.tables()).map(({ Name }) => Name)).toEqual(['orders', 'users']);
});

it('says what was cut short, and finishes it or takes it back when it is asked to', async () => {
  const cutShort = async (): Promise<CrawlUndoResult & { decision: 'partly-applied' }> => {
    const { planId } = await planned();
    const clients = lake.aws.clients();
    withFaults(clients.glue, { faultOf: (name) => (name === 'UpdateTable' ? 'deny' : undefined) });
    const result = await invoke({ action: 'apply', planId }, { clients });
    if (result.decision !== 'partly-applied') throw new Error(JSON.stringify(result));
    expect(await lake.content()).not.toEqual(after);
    return result;
  };
  const first = await cutShort();
  expect(await invoke({ action: 'roll-back', journalId: first.journalId })).toMatchObject({
    decision: 'applied',
  });
  expect(await lake.content()).toEqual(after);
  const second = await cutShort();
  expect(await invoke({ action: 'resume', journalId: second.journalId })).toMatchObject({
    decision: 'applied',
  });
  expect(await lake.content()).toEqual(before);
});

it('names the first of many shortcomings, for its answer has to be small', async () => {
  const days = Array.from({ length: 60 }, (_, index) => String(index + 3));
  lake.put(Object.assign({}, ...days.map(orders)) as Record<string, string>);
  await lake.crawlLater();
  const { planId } = await planned();
  const clients = lake.aws.clients();
  withFaults(clients.glue, { faultOf: (name) => (name === 'BatchDeletePartition' ? 'deny' : undefined) });
  const result = await invoke({ action: 'apply', planId }, { clients });
  if (result.decision !== 'partly-applied') throw new Error(JSON.stringify(result));
  expect(result.report).toMatchObject({ failedCount: 60, conflictCount: 0 });
  expect(result.report.failed).toHaveLength(50);
});

it('keeps plans as the command line reads them', async () => {
  const { plan, planId } = await planned();
  expect(plan).toBe(`${STORE}/plans/${planId}.json.gz`);
  const { Body } = await lake.clients.s3.getObject({
    Bucket: 'kept',
    Key: `snapshots/plans/${planId}.json.gz`,
  });
  const file = join(lake.folder, 'plan.json.gz');
  writeFileSync(file, (await Body?.transformToByteArray()) ?? '');
  const meant = { operations: ['crawl-undo' as const], resolved: { crawler: CRAWLER } };
  expect(await readSavedPlan(file, meant, openProgress({ isQuiet: true }))).toMatchObject({ planId });
  writeFileSync(file, readFileSync(file).subarray(0, 40));
  await expect(readSavedPlan(file, meant, openProgress({ isQuiet: true }))).rejects.toMatchObject({
    kind: 'usage',
  });
  await expect(
    readSavedPlan(join(lake.folder, 'none.gz'), meant, openProgress({ isQuiet: true })),
  ).rejects.toMatchObject({ kind: 'usage' });
});

it('refuses a kept plan that somebody edited', async () => {
  const { planId } = await planned();
  const kept = { Bucket: 'kept', Key: `snapshots/plans/${planId}.json.gz` };
  const { Body } = await lake.clients.s3.getObject(kept);
  const text = gunzipSync((await Body?.transformToByteArray()) ?? '').toString('utf8');
  const edited = text.replace('"action":"delete"', '"action":"skip"');
  expect(edited).not.toBe(text);
  await lake.clients.s3.putObject({ ...kept, Body: gzipSync(edited) });
  await expect(invoke({ action: 'apply', planId })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(
      `The plan ${planId} cannot be used: it does not say what it said`,
    ) as unknown,
  });
  expect(await lake.content()).toEqual(after);
});

describe('refuses, and does nothing,', () => {
  afterEach(async () => expect(await lake.content()).toEqual(after));

  it.each<[string, Record<string, string>, object, string]>([
    ['too many changes', { GLUEPOT_MAX_CHANGES: '1' }, {}, 'at most 1 are allowed'],
    ['more than was asked for', {}, { maxChanges: 0 }, 'at most 0 are allowed'],
    [
      'more than the function may, whatever was asked for',
      { GLUEPOT_MAX_CHANGES: '1' },
      { maxChanges: 9 },
      'at most 1 are',
    ],
    ['too many deletions', { GLUEPOT_MAX_DELETES: '0' }, {}, 'deletes 1 objects, and at most 0'],
    ['too large a part deleted', { GLUEPOT_MAX_DELETES: '0.5%' }, {}, 'at most 0.5% are allowed'],
    ['what is protected', { GLUEPOT_PROTECT: 'x, orders' }, {}, 'table lake.orders (by its name)'],
  ])('%s', async (_, env, more, message) => {
    const { planId } = await planned();
    expect(await invoke({ action: 'apply', planId, ...more }, { env })).toMatchObject({
      decision: 'refused',
      kind: 'guard-refused',
      message: expect.stringContaining(message) as unknown,
    });
  });

  it.each(['apply', 'resume', 'roll-back'] as const)(
    'while a crawler is at work in the database, to %s',
    async (action) => {
      const { planId } = await planned();
      const clients = lake.aws.clients();
      withFaults(clients.glue, {
        faultOf: (name) => (/^(Update|BatchDelete)/.test(name) ? 'deny' : undefined),
      });
      const journalId = async () => {
        const result = await invoke({ action: 'apply', planId }, { clients });
        if (result.decision !== 'partly-applied') throw new Error(JSON.stringify(result));
        return result.journalId;
      };
      const request = action === 'apply' ? { action, planId } : { action, journalId: await journalId() };
      await lake.create({ Name: 'other', Targets: { S3Targets: [{ Path: 's3://bucket/other/' }] } });
      const release = lake.holdCrawls();
      await lake.glue.startCrawler({ Name: 'other' });
      expect(await invoke(request)).toMatchObject({
        ...{ decision: 'refused', kind: 'guard-refused' },
        message: expect.stringContaining('other is crawling into lake') as unknown,
      });
      release();
      await lake.ready('other');
    },
  );

  it('while another change of the database is at work', async () => {
    const { planId } = await planned();
    const clients = lake.aws.clients();
    const { glue } = clients;
    let refused: unknown;
    let isAsked = false;
    glue.middlewareStack.add(
      (next) => async (call) => {
        // Its look at what it is about to change.
        if (!isAsked) {
          isAsked = true;
          refused = await invoke({ action: 'apply', planId });
        }
        return next(call);
      },
      { step: 'initialize' },
    );
    const other = { version: 'test', signal: lake.scope.signal, clock: lake.clock };
    const store = openDocumentStore(STORE, clients);
    const { journalId } = await applyUndo(clients, store, await lake.plan(), other);
    expect(refused).toMatchObject({
      ...{ decision: 'refused', kind: 'guard-refused' },
      message: expect.stringContaining(
        `lake is being changed with the store ${STORE}: crawl-undo`,
      ) as unknown,
    });
    expect(await invoke({ action: 'roll-back', journalId })).toMatchObject({ decision: 'applied' });
  });
  it('when time is up', async () => {
    const { planId } = await planned();
    await expect(invoke({ action: 'apply', planId }, { remainingMs: 0 })).rejects.toMatchObject({
      kind: 'timed-out',
      message: expect.stringContaining('Give the function more, 15 minutes at most') as unknown,
    });
  });

  it.each([
    [{ action: 'undo' }, 'action'],
    [{ action: 'plan-undo' }, 'crawlerName'],
    [{ action: 'plan-undo', crawlerName: CRAWLER, crawler: 'x' }, 'crawler'],
    [{ action: 'plan-undo', crawlerName: CRAWLER, tables: [] }, 'tables'],
    [{ action: 'plan-undo', crawlerName: CRAWLER, except: ['odrers'] }, 'Did you mean orders?'],
    [{ action: 'apply', planId: '../secret' }, 'There is no plan ../secret'],
    [{ action: 'resume', journalId: 'x' }, 'There is no journal x'],
    [{ action: 'plan-undo', crawlerName: 'nobody' }, 'There is no crawler nobody'],
  ])('%j, by name', async (event, message) => {
    await expect(invoke(event)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(message) as unknown,
    });
  });
});

it.each([
  [{}, 'GLUEPOT_SNAPSHOT_STORE is ""; it must be s3://BUCKET/PREFIX'],
  [
    { GLUEPOT_SNAPSHOT_STORE: STORE, GLUEPOT_MAX_CHANGES: 'x' },
    'GLUEPOT_MAX_CHANGES is "x"; it must be a whole number',
  ],
  [
    { GLUEPOT_SNAPSHOT_STORE: STORE, GLUEPOT_MAX_DELETES: '120%' },
    'GLUEPOT_MAX_DELETES: "120%" limits no deletions',
  ],
  [{ GLUEPOT_SNAPSHOT_STORE: STORE, GLUEPOT_SNAPSHOT_STATISTICS: 'some' }, 'must be none, tables or all'],
])('the settings %j are refused', (environment, message) => {
  expect(() => readUndoSettings(environment)).toThrow(message);
});
