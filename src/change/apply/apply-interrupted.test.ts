// An apply that is interrupted: what is under way is finished, what is waited for is not, and who goes on finds out the rest.
import { setImmediate } from 'node:timers/promises';
import type { GetPartitionIndexesCommandOutput, PartitionIndexStatus } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  DatabaseName,
  openApplyFixture,
  partition,
  partitionKey,
  shortcomingsOf,
  table,
  tableKey,
  type ApplyFixture,
} from '../../../test/change/apply-fixture.js';
import type { Fault } from '../../../test/faults/faulty-glue.js';
import { systemClock, type Clock } from '../../base/clock.js';
import { applyPlan, resumeApply, rollBackApply, type CatalogObjectKey } from '../index.js';

let fixture: ApplyFixture;
let controller: AbortController;
const interrupt = () => controller.abort(new Error('Interrupted.'));
beforeEach(async () => {
  fixture = await openApplyFixture();
  controller = new AbortController();
});
afterEach(() => fixture.close());

const planOfUpdate = async () => {
  await fixture.createTable('a');
  return fixture.planOf(fixture.change(tableKey('a'), table('a', 'int')));
};

/** A client of its own that runs `act` right before each attempt of an update is sent. */
function beforeAttempts(act: () => void) {
  const { glue } = fixture.faulty({});
  glue.middlewareStack.add(
    (next, { commandName }) =>
      (request) => {
        if (commandName === 'UpdateTableCommand') act();
        return next(request);
      },
    { step: 'deserialize', priority: 'low' },
  );
  return { glue, clock: fixture.clock };
}

it('finishes the write that is under way', async () => {
  const { store, clock } = fixture;
  const plan = await planOfUpdate();
  const options = { journal: store, clock, signal: controller.signal };
  const report = await shortcomingsOf(applyPlan(beforeAttempts(interrupt), plan, options));
  expect(report).toMatchObject({ applied: 1, failed: [], verified: false });
});

it.each<Fault>(['lose-answer', 'throttle'])(
  'leaves to who goes on whether a write was made that met: %s',
  async (fault) => {
    const { store, clock, access, faulty, now } = fixture;
    const plan = await planOfUpdate();
    const { glue } = faulty({ faultOf: () => (interrupt(), fault) });
    const options = { journal: store, clock, signal: controller.signal };
    const apply = applyPlan({ glue, clock }, plan, options);
    await expect(apply).rejects.toThrow(
      '0 changes were made, 0 failed, 0 are in conflict, 0 were not begun. ' +
        '1 were begun, and whether they were made is found out by who goes on.',
    );
    const { journalId = '' } = await shortcomingsOf(apply);
    expect(await resumeApply(access, store, journalId, { clock })).toMatchObject({
      ...{ applied: 1, failed: [], verified: true },
    });
    expect(await now(tableKey('a'))).toMatchObject(table('a', 'int'));
    expect(await rollBackApply(access, store, journalId, { clock })).toMatchObject({ verified: true });
    expect(await now(tableKey('a'))).toMatchObject(table('a'));
  },
);

it('tries no throttled write again that the SDK would', async () => {
  const { store, clock, access } = fixture;
  const plan = await planOfUpdate();
  let attempts = 0;
  const throttled = beforeAttempts(() => {
    attempts++;
    void setImmediate().then(interrupt);
    throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  });
  const options = { journal: store, clock: systemClock, signal: controller.signal };
  const report = await shortcomingsOf(applyPlan(throttled, plan, options));
  expect(report).toMatchObject({ applied: 0, failed: [], conflicts: [] });
  expect(attempts).toBe(1);
  expect(await resumeApply(access, store, report.journalId ?? '', { clock })).toMatchObject({ applied: 1 });
});

it.each(['BatchGetPartition', 'BatchUpdatePartition'])(
  'does not sit out the pause before a %s is tried again',
  async (name) => {
    const { store, clock, change, planOf, createTable, around } = fixture;
    await createTable('a', 1);
    const plan = await planOf(change(partitionKey('a', '0'), partition('0', 's3://elsewhere/')));
    // Who looks first is the first look, which knows no pauses.
    let passing = name === 'BatchGetPartition' ? 1 : 0;
    const { glue } = around(name, (call) =>
      passing-- > 0
        ? call()
        : Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })),
    );
    let pauses = 0;
    const endless: Clock = {
      ...clock,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          pauses++;
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
          interrupt();
        }),
    };
    const options = { journal: store, clock: endless, signal: controller.signal };
    const report = await shortcomingsOf(applyPlan({ glue }, plan, options));
    expect(report).toMatchObject({ applied: 0, failed: [], verified: false });
    expect(pauses).toBe(1);
  },
);

it('listens for that in each of its calls, and Node.js takes that for no leak', async () => {
  const { store, clock, change, planOf, createTable, around } = fixture;
  await createTable('a', 300);
  const days = Array.from({ length: 300 }, (_, day) => partitionKey('a', String(day)));
  const plan = await planOf(...days.map((key) => change(key, undefined)));
  let underWay = 0;
  let most = 0;
  const { glue } = around('BatchDeletePartition', async (call) => {
    most = Math.max(most, ++underWay);
    await setImmediate();
    return call().finally(() => underWay--);
  });
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  await applyPlan({ glue }, plan, { journal: store, clock, signal: controller.signal });
  await setImmediate();
  expect(most).toBeGreaterThan(10);
  expect(warnings).toEqual([]);
});

it('while it looks, writes nothing', async () => {
  const { store, clock, change, planOf, createTable, catalogText, around } = fixture;
  await createTable('kept', 1);
  const plan = await planOf(change(partitionKey('kept', '0'), undefined));
  const before = await catalogText();
  let looks = 0;
  const access = around('BatchGetPartition', async (call) => {
    const answer = await call();
    if (++looks === 2) interrupt();
    return answer;
  });
  const options = { journal: store, clock, signal: controller.signal };
  expect(await shortcomingsOf(applyPlan(access, plan, options))).toMatchObject({ applied: 0, failed: [] });
  expect(looks).toBe(2);
  expect(await catalogText()).toBe(before);
});

it('ends reading back, and says that nothing was proven', async () => {
  const { store, clock, access, around } = fixture;
  const plan = await planOfUpdate();
  let looks = 0;
  const reading = around('GetTable', (call) => {
    if (++looks === 2) interrupt();
    return call();
  });
  const options = { journal: store, clock, signal: controller.signal };
  const apply = applyPlan(reading, plan, options);
  await expect(apply).rejects.toThrow(/^1 changes were made.*begun. Nothing was read back. Resume journal/);
  const { journalId = '' } = await shortcomingsOf(apply);
  expect(await resumeApply(access, store, journalId, { clock })).toMatchObject({ verified: true });
});

it('is rolled back as far as it got, whatever others did to the rest', async () => {
  const { glue, store, clock, access, change, planOf, createTable, now } = fixture;
  for (const name of ['a', 'b']) await createTable(name);
  const plan = await planOf(...['a', 'b'].map((name) => change(tableKey(name), table(name, 'int'))));
  const options = { journal: store, clock, concurrency: 1, onEvent: interrupt, signal: controller.signal };
  const { journalId = '' } = await shortcomingsOf(applyPlan(access, plan, options));
  await glue.updateTable({ DatabaseName, TableInput: table('b', 'double') });
  const report = await rollBackApply(access, store, journalId, { clock });
  expect(report).toMatchObject({ applied: 1, conflicts: [], failed: [], verified: true });
  expect(await now(tableKey('a'))).toMatchObject(table('a'));
  expect(await now(tableKey('b'))).toMatchObject(table('b', 'double'));
});

describe('while AWS builds an index', () => {
  const key: CatalogObjectKey = { kind: 'partition-index', DatabaseName, TableName: 'a', IndexName: 'i' };

  /** Shows indexes with another status than they have. */
  const showing = (statusNow: () => PartitionIndexStatus) =>
    fixture.around('GetPartitionIndexes', async (call) => {
      const { output } = await call();
      const { PartitionIndexDescriptorList: list = [] } = output as GetPartitionIndexesCommandOutput;
      const shown = list.map((one) => ({ ...one, IndexStatus: statusNow(), BackfillErrors: [] }));
      return { output: { ...output, PartitionIndexDescriptorList: shown } };
    });

  const interruptedJournal = async () => {
    const { store, clock, change, planOf, createTable } = fixture;
    await createTable('a');
    const plan = await planOf(change(key, { IndexName: 'i', Keys: ['day'] }));
    const options = { journal: store, clock, signal: controller.signal };
    const report = await shortcomingsOf(
      applyPlan(
        showing(() => (interrupt(), 'CREATING')),
        plan,
        options,
      ),
    );
    expect(report).toMatchObject({ applied: 0, failed: [] });
    return report.journalId ?? '';
  };

  it('does not wait for that, and who goes on does', async () => {
    const { store, clock } = fixture;
    const journalId = await interruptedJournal();
    let looks = 0;
    const access = showing(() => (++looks < 5 ? 'CREATING' : 'ACTIVE'));
    expect(await resumeApply(access, store, journalId, { clock })).toMatchObject({
      ...{ applied: 1, failed: [], verified: true },
    });
    expect(looks).toBeGreaterThan(4);
  });

  it('leaves to who goes on to find out that it could not be built', async () => {
    const { store, clock, now } = fixture;
    const journalId = await interruptedJournal();
    const { failed } = await shortcomingsOf(
      resumeApply(
        showing(() => 'FAILED'),
        store,
        journalId,
        { clock },
      ),
    );
    expect(failed).toMatchObject([{ reason: expect.stringContaining('it is removed again') as string }]);
    expect(await now(key)).toBeUndefined();
  });
});
