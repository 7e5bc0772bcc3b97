// The undo function whose time runs out: at any call of a plan, an apply or a resume, with an answer that is true and a way on.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATABASE } from '../../test/conformance/crawl-fixture.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from '../../test/crawl-undo/undo-fixture.js';
import type { Clock } from '../base/clock.js';
import { readUndoSettings } from './crawl-undo-settings.js';
import { handleCrawlUndo, type CrawlUndoResult } from './crawl-undo.js';

const TABLES = ['orders', 'people'];
let lake: UndoFixture;
let before: Record<string, string>;
let after: Record<string, string>;

/** A day of each table. */
const day = (name: string) =>
  Object.fromEntries(TABLES.map((table) => [`${table}/day=${name}/part.csv`, csv('id,amount', '1,10.5')]));

beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.clients.s3.createBucket({ Bucket: 'kept' });
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  await lake.create({
    Targets: { S3Targets: TABLES.map((table) => ({ Path: `s3://bucket/${table}/` })) },
  });
  lake.put(day('1'));
  await lake.crawlLater();
  before = await lake.content();
  lake.put(day('2'));
  await lake.crawlLater();
  after = await lake.content();
});
afterEach(() => lake.close());

/** The time of the function is up right before its Glue call of this number; never when there are not so many. */
async function invoke(event: object, lastCall = Infinity): Promise<CrawlUndoResult> {
  let ring: (() => void) | undefined;
  // The first is the function's; those of leases come later.
  const clock: Clock = { ...lake.clock, alarm: (_, atEnd) => ((ring ??= atEnd), () => {}) };
  const clients = lake.aws.clients();
  let calls = 0;
  clients.glue.middlewareStack.add(
    (next) => (call) => {
      if (++calls === lastCall) ring?.();
      return next(call);
    },
    { step: 'initialize' },
  );
  const settings = readUndoSettings({ GLUEPOT_SNAPSHOT_STORE: 's3://kept/snapshots' });
  const context = { getRemainingTimeInMillis: () => 900_000 };
  return handleCrawlUndo(clients, settings, event, context, () => {}, clock);
}

const invokeOrTimeOut = (event: object, lastCall: number) =>
  invoke(event, lastCall).catch((error: unknown) => {
    expect(error).toMatchObject({ kind: 'timed-out' });
    return 'timed-out' as const;
  });

const planned = async (action: 'plan-undo' | 'plan-redo') => {
  const result = await invoke(action === 'plan-undo' ? { action, crawlerName: CRAWLER } : { action });
  if (result.decision !== 'planned') throw new Error(JSON.stringify(result));
  return result.planId;
};

it('leaves no plan when its time is up while it plans', async () => {
  let timeOuts = 0;
  for (let lastCall = 1; ; lastCall++) {
    const result = await invokeOrTimeOut({ action: 'plan-undo', crawlerName: CRAWLER }, lastCall);
    const { Contents = [] } = await lake.clients.s3.listObjectsV2({ Bucket: 'kept' });
    if (result !== 'timed-out') {
      expect(result.decision).toBe('planned');
      break;
    }
    timeOuts++;
    expect(Contents).toEqual([]);
  }
  expect(timeOuts).toBeGreaterThan(3);
  expect(await lake.content()).toEqual(after);
});

it('has changed nothing, or says what it left, when its time is up at any call of an apply; the next one goes on', async () => {
  const outcomes = { 'timed-out': 0, 'partly-applied': 0 };
  for (let lastCall = 1; ; lastCall += 2) {
    const apply = { action: 'apply', planId: await planned('plan-undo') };
    const result = await invokeOrTimeOut(apply, lastCall);
    if (result === 'timed-out') {
      outcomes['timed-out']++;
      expect(await lake.content()).toEqual(after);
      continue;
    }
    if (result.decision === 'applied') break;
    if (result.decision !== 'partly-applied') throw new Error(JSON.stringify(result));
    outcomes['partly-applied']++;
    expect(result.message).toContain(`${result.report.applied} changes were made`);
    // Asked again by who knows the plan alone, or by who has the answer.
    const { journalId } = result;
    const next = lastCall % 4 === 1 ? apply : { action: 'resume', journalId };
    const goneOnWith = result.report.applied > 0 ? { journalId } : {};
    expect(await invoke(next)).toMatchObject({
      ...{ decision: 'applied', report: { ...goneOnWith, verified: true } },
    });
    expect(await lake.content()).toEqual(before);
    lake.later();
    await invoke({ action: 'apply', planId: await planned('plan-redo') });
    lake.later();
  }
  expect(await lake.content()).toEqual(before);
  expect(outcomes['timed-out']).toBeGreaterThan(1);
  expect(outcomes['partly-applied']).toBeGreaterThan(1);
});

it.each(['resume', 'roll-back'])(
  'comes to its end in steps when the time of every %s is short',
  async (action) => {
    const planId = await planned('plan-undo');
    let lastCall = 1;
    let result = await invokeOrTimeOut({ action: 'apply', planId }, lastCall);
    while (result === 'timed-out') result = await invokeOrTimeOut({ action: 'apply', planId }, ++lastCall);
    let steps = 0;
    for (lastCall = 1; result === 'timed-out' || result.decision !== 'applied'; lastCall++) {
      if (result !== 'timed-out' && result.decision !== 'partly-applied')
        throw new Error(JSON.stringify(result));
      const [journalId = ''] = result === 'timed-out' ? [] : [result.journalId];
      const known = journalId || (await lastJournal());
      result = await invokeOrTimeOut({ action, journalId: known }, lastCall);
      steps++;
    }
    expect(steps).toBeGreaterThan(1);
    expect(await lake.content()).toEqual(action === 'resume' ? before : after);
  },
);

async function lastJournal(): Promise<string> {
  const { CommonPrefixes = [] } = await lake.clients.s3.listObjectsV2({
    ...{ Bucket: 'kept', Prefix: 'snapshots/journals/', Delimiter: '/' },
  });
  return CommonPrefixes.at(-1)?.Prefix?.split('/').at(-2) ?? '';
}
