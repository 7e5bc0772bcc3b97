// Rules of apply, one by one: conflicts, what AWS answers for single items, and what is found half-way.
import type { ColumnStatistics } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
import {
  applyPlan,
  readObjects,
  resumeApply,
  rollBackApply,
  type CatalogObjectKey,
  type Change,
  type Plan,
  type ReadObjects,
} from '../index.js';
import { journalEntries } from '../journal/journal.js';
import { thrownFailure } from './write-failure.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
});
afterEach(() => fixture.close());

const deletedTable = (name: string) => fixture.change(tableKey(name), undefined);

describe('a plan with a conflict', () => {
  let plan: Plan;
  const inConflict = async (): Promise<Change> => ({
    ...(await fixture.change(tableKey('theirs'), table('theirs', 'int'))),
    action: 'conflict',
  });
  beforeEach(async () => {
    const { createTable, change, planOf } = fixture;
    for (const name of ['ours', 'theirs']) await createTable(name);
    plan = await planOf(change(tableKey('ours'), table('ours', 'int')), inConflict());
  });

  it('is refused, and nothing is done or begun', async () => {
    const { access, clock, store, catalogText, journalIds } = fixture;
    const before = await catalogText();
    await expect(applyPlan(access, plan, { clock, journal: store })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('the plan has 1 conflicts, e.g. table sales.theirs') as string,
    });
    expect(await catalogText()).toBe(before);
    expect(await journalIds()).toEqual([]);
  });

  it('leaves the object when it is to be kept, says so, and does the rest', async () => {
    const { access, clock, now } = fixture;
    const report = await applyPlan(access, plan, { clock, onConflict: 'keep-current' });
    expect(report).toMatchObject({ applied: 1, verified: true });
    expect(report.conflicts.map(({ key }) => key)).toEqual([tableKey('theirs')]);
    expect(await now(tableKey('theirs'))).toMatchObject(table('theirs'));
    expect(await now(tableKey('ours'))).toMatchObject(table('ours', 'int'));
  });

  it('overwrites it when forced; cut short, a resume finishes what was begun so', async () => {
    const { clock, store, access, now } = fixture;
    let writes = 0;
    const dying = fixture.faulty({ faultOf: () => (++writes === 2 ? 'crash' : undefined) });
    const options = { clock, concurrency: 1, onConflict: 'force' as const };
    const apply = applyPlan({ glue: dying.glue, clock }, plan, {
      ...options,
      journal: dying.storeOf(store),
    });
    await expect(apply).rejects.toThrow();
    const [journalId = ''] = await fixture.journalIds();
    const report = await resumeApply(access, store, journalId, { clock });
    expect(report).toMatchObject({ conflicts: [], failed: [], verified: true });
    expect(await now(tableKey('theirs'))).toMatchObject(table('theirs', 'int'));
  });
});

it('begins nothing more once it meets somebody else’s edit', async () => {
  const { glue, clock, access, change, planOf, createTable, now } = fixture;
  for (const name of ['a', 'b']) await createTable(name);
  const changes = ['a', 'b'].map((name) => change(tableKey(name), table(name, 'int')));
  const firstLook: ReadObjects = async (...asked) => {
    await readObjects(...asked);
    await glue.updateTable({ DatabaseName, TableInput: table('a', 'double') });
  };
  const apply = applyPlan(access, await planOf(...changes), { clock, concurrency: 1, firstLook });
  await expect(apply).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('table sales.a: It is no longer as the plan found it.') as string,
  });
  expect(await now(tableKey('b'))).toMatchObject(table('b'));
});

it('is refused when it is not the plan that was made', async () => {
  const { access, clock, change, planOf, createTable, catalogText } = fixture;
  await createTable('a');
  const plan = await planOf(change(tableKey('a'), table('a', 'int')));
  const before = await catalogText();
  for (const altered of [{ planHash: 'f'.repeat(64) }, { region: 'eu-west-1' }, { changes: [] }]) {
    await expect(applyPlan(access, { ...plan, ...altered }, { clock })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`the plan ${plan.planId} is not what was made`) as unknown,
    });
  }
  expect(await catalogText()).toBe(before);
});

it('minds no move of what it skips', async () => {
  const { glue, access, clock, change, planOf, createTable } = fixture;
  for (const name of ['a', 'skipped']) await createTable(name);
  const skipped: Promise<Change> = change(tableKey('skipped'), table('skipped', 'int')).then((one) => ({
    ...one,
    action: 'skip',
  }));
  const plan = await planOf(change(tableKey('a'), table('a', 'int')), skipped);
  await glue.updateTable({ DatabaseName, TableInput: table('skipped', 'double') });
  expect(await applyPlan(access, plan, { clock })).toMatchObject({ applied: 1, skipped: 1, verified: true });
});

it('has so many batches at work at a time, and no more', async () => {
  const { clock, change, planOf, createTable } = fixture;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) await createTable(name);
  const plan = await planOf(...names.map((name) => change(tableKey(name), table(name, 'int'))));
  let atWork = 0;
  const seen: number[] = [];
  const access = fixture.around('UpdateTable', async (call) => {
    seen.push(++atWork);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return call().finally(() => atWork--);
  });
  await applyPlan(access, plan, { clock, concurrency: 2 });
  expect(seen).toHaveLength(names.length);
  expect(Math.max(...seen)).toBe(2);
});

it('proves by reading back: what somebody changes right behind its write is told', async () => {
  const { glue, clock, change, planOf, createTable } = fixture;
  await createTable('a');
  const plan = await planOf(change(tableKey('a'), table('a', 'int')));
  const access = fixture.around('UpdateTable', async (call) => {
    const answer = await call();
    await glue.updateTable({ DatabaseName, TableInput: table('a', 'double') });
    return answer;
  });
  const report = await shortcomingsOf(applyPlan(access, plan, { clock }));
  expect(report).toMatchObject({ applied: 1, verified: false });
  expect(report.failed).toEqual([{ key: tableKey('a'), reason: 'Read back, it is not as it was to be.' }]);
});

it('a rollback that died before it was told of its write is in the journal once it is begun again', async () => {
  const { store, clock, access, change, planOf, createTable } = fixture;
  await createTable('a');
  const plan = await planOf(change(tableKey('a'), table('a', 'int')));
  const { journalId = '' } = await applyPlan(access, plan, { journal: store, clock });
  const dying = fixture.faulty({ faultOf: () => 'crash' });
  const rollBack = rollBackApply({ glue: dying.glue, clock }, dying.storeOf(store), journalId, { clock });
  await expect(rollBack).rejects.toThrow();
  expect(await rollBackApply(access, store, journalId, { clock })).toMatchObject({
    applied: 1,
    verified: true,
  });
  const lines: string[] = [];
  for await (const document of journalEntries(store, journalId)) {
    lines.push(...document.map(({ op, state }) => `${op} ${state}`));
  }
  expect(lines).toEqual([...['apply intended', 'apply done', 'rollback intended', 'rollback done']]);
});

describe('what would go with an object that is removed:', () => {
  it('an index that the plan does not know keeps its table', async () => {
    const { glue, access, clock, now, planOf, createTable } = fixture;
    await createTable('removed');
    const plan = await planOf(deletedTable('removed'));
    await glue.createPartitionIndex({
      ...{ DatabaseName, TableName: 'removed' },
      PartitionIndex: { IndexName: 'theirs', Keys: ['day'] },
    });
    await expect(applyPlan(access, plan, { clock })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('index theirs of sales.removed') as string,
    });
    expect(await now(tableKey('removed'))).toBeDefined();
  });

  it('tables that are removed as well go before their database; somebody’s table keeps it', async () => {
    const { glue, access, clock, store, now, change, planOf, createTable } = fixture;
    await createTable('removed', 2);
    const database: CatalogObjectKey = { kind: 'database', DatabaseName };
    const plan = await planOf(
      change(database, undefined),
      deletedTable('removed'),
      ...['0', '1'].map((day) => change(partitionKey('removed', day), undefined)),
    );
    const { journalId = '', ...report } = await applyPlan(access, plan, { clock, journal: store });
    expect(report).toMatchObject({ applied: 4, verified: true });
    expect(await now(database)).toBeUndefined();
    await rollBackApply(access, store, journalId, { clock });

    const again = await planOf(change(database, undefined));
    await glue.createTable({ DatabaseName, TableInput: table('theirs') });
    const { failed } = await shortcomingsOf(applyPlan(access, again, { clock }));
    expect(failed).toMatchObject([
      { key: database, reason: expect.stringContaining('It still has tables, e.g. removed') as string },
    ]);
    expect(await now(tableKey('theirs'))).toBeDefined();
  });
});

describe('what AWS answers for single items is read:', () => {
  const days = (count: number) => Array.from({ length: count }, (_, day) => String(day));

  it('of partitions that are updated and removed, and of tables that are removed', async () => {
    const { clock, change, planOf, createTable } = fixture;
    await createTable('kept', 127);
    for (const name of ['x', 'y', 'z']) await createTable(name);
    const plan = await planOf(
      ...days(127).map((day) =>
        change(partitionKey('kept', day), Number(day) < 26 ? undefined : partition(day, 's3://elsewhere/')),
      ),
      ...['x', 'y', 'z'].map(deletedTable),
    );
    const met = new Set<string>();
    const faulty = fixture.faulty({
      faultOf: (name) => (met.has(name) ? undefined : (met.add(name), 'fail-items')),
    });
    const report = await applyPlan({ glue: faulty.glue, clock }, plan, { clock });
    expect(report).toMatchObject({ applied: 130, failed: [], verified: true });
    // At most 25 are removed and 100 updated at once; the items that failed are tried again, the others are not.
    for (const name of met) {
      expect(faulty.calls.filter((call) => call === name).length, name).toBe(
        { BatchDeletePartition: 3, BatchUpdatePartition: 3, BatchDeleteTable: 2 }[name],
      );
    }
    expect(met.size).toBe(3);
  });

  it('of column statistics', async () => {
    const { clock, change, planOf, createTable } = fixture;
    await createTable('a');
    const key: CatalogObjectKey = { kind: 'table-statistics', DatabaseName, TableName: 'a' };
    const plan = await planOf(change(key, statistics({ a: 1 })));
    const Error = { ErrorCode: 'InvalidInputException', ErrorMessage: 'No such column.' };
    const access = fixture.around('UpdateColumnStatisticsForTable', () =>
      Promise.resolve({ output: { Errors: [{ ColumnStatistics: {}, Error }], $metadata: {} } }),
    );
    const { failed } = await shortcomingsOf(applyPlan(access, plan, { clock }));
    expect(failed).toEqual([{ key, reason: 'InvalidInputException: No such column.' }]);
  });

  it('of an index that AWS could not build', async () => {
    const { clock, change, planOf, createTable } = fixture;
    await createTable('a');
    const key: CatalogObjectKey = { kind: 'partition-index', DatabaseName, TableName: 'a', IndexName: 'i' };
    const plan = await planOf(change(key, { IndexName: 'i', Keys: ['day'] }));
    const access = fixture.around('GetPartitionIndexes', async (call) => {
      const { output } = await call();
      const { PartitionIndexDescriptorList: list = [] } = output as {
        PartitionIndexDescriptorList?: { IndexStatus?: string }[];
      };
      const failure = { IndexStatus: 'FAILED', BackfillErrors: [{ Code: 'ENCRYPTED_PARTITION_ERROR' }] };
      const failing = list.map((one) => (one.IndexStatus === 'ACTIVE' ? { ...one, ...failure } : one));
      return { output: { ...output, PartitionIndexDescriptorList: failing } };
    });
    const { failed } = await shortcomingsOf(applyPlan(access, plan, { clock }));
    expect(await fixture.now(key)).toBeUndefined();
    expect(failed).toMatchObject([
      {
        reason: expect.stringContaining(
          'could not build index i, so it is removed again: ENCRYPTED_PARTITION_ERROR',
        ) as string,
      },
    ]);
  });

  it('what is refused for good is tried once, what a server failed at is tried again', async () => {
    const { clock, change, planOf, createTable } = fixture;
    await createTable('a');
    const plan = await planOf(change(tableKey('a'), table('a', 'int')));
    const denied = fixture.faulty({ faultOf: () => 'deny' });
    const { failed } = await shortcomingsOf(applyPlan({ glue: denied.glue, clock }, plan, { clock }));
    expect(failed[0]?.reason).toContain('AccessDeniedException');
    expect(denied.calls.filter((name) => name === 'UpdateTable')).toHaveLength(1);
    const failure = (httpStatusCode: number) =>
      thrownFailure(
        Object.assign(new Error('What?'), { name: 'NobodyKnows', $metadata: { httpStatusCode } }),
      );
    expect([500, 503, 400].map((code) => failure(code).looksMax > 0)).toEqual([true, true, false]);
  });
});

const statistics = (columns: Record<string, number>): ColumnStatistics[] =>
  Object.entries(columns).map(([ColumnName, NumberOfNulls]) => ({
    ...{ ColumnName, ColumnType: 'int', AnalyzedTime: new Date(0) },
    StatisticsData: { Type: 'LONG', LongColumnStatisticsData: { NumberOfNulls, NumberOfDistinctValues: 1 } },
  }));

describe('what takes several calls goes on where it was cut short:', () => {
  const of = { DatabaseName, TableName: 'a' };
  const indexKey: CatalogObjectKey = { kind: 'partition-index', ...of, IndexName: 'i' };
  const statisticsKey: CatalogObjectKey = { kind: 'table-statistics', ...of };
  const wantedIndex = { IndexName: 'i', Keys: ['day', 'hour'] };

  /** Dies after the write that `isLast` tells, and hears nothing of it. */
  async function dies(plan: Plan, isLast: (name: string, call: number) => boolean): Promise<string> {
    const { clock, store } = fixture;
    const dying = fixture.faulty({ faultOf: (name, call) => (isLast(name, call) ? 'crash' : undefined) });
    const apply = applyPlan({ glue: dying.glue, clock }, plan, { clock, journal: dying.storeOf(store) });
    await expect(apply).rejects.toThrow();
    const [journalId = ''] = await fixture.journalIds();
    return journalId;
  }
  const goesOn = (journalId: string) =>
    resumeApply(fixture.access, fixture.store, journalId, { clock: fixture.clock });
  const WHOLE = { applied: 1, verified: true };

  /** AWS takes its time for an index: it can be removed once it is built, and its name is free once it is gone. */
  const aMinuteLater = () => fixture.clock.sleep(60_000);

  /** An index by day, which is to be one by day and hour. */
  async function indexPlan(): Promise<Plan> {
    const { glue, change, planOf, createTable } = fixture;
    await createTable('a');
    await glue.createPartitionIndex({ ...of, PartitionIndex: { IndexName: 'i', Keys: ['day'] } });
    await glue.updateTable({
      DatabaseName,
      TableInput: { ...table('a'), PartitionKeys: ['day', 'hour'].map((Name) => ({ Name, Type: 'string' })) },
    });
    return planOf(change(indexKey, wantedIndex));
  }

  /** Statistics of sixty columns: the first two go, the next eight stay, the others change or come. */
  async function statisticsPlan() {
    const { glue, change, planOf } = fixture;
    const names = Array.from({ length: 60 }, (_, index) => `c${String(index).padStart(2, '0')}`);
    const Columns = names.map((Name) => ({ Name, Type: 'int' }));
    await glue.createTable({ DatabaseName, TableInput: { Name: 'a', StorageDescriptor: { Columns } } });
    const all = (nulls: (index: number) => number) =>
      statistics(Object.fromEntries(names.map((name, index) => [name, nulls(index)])));
    const first = all(() => 1).slice(0, 50);
    for (const start of [0, 25]) {
      const ColumnStatisticsList = first.slice(start, start + 25);
      await glue.updateColumnStatisticsForTable({ ...of, ColumnStatisticsList });
    }
    const wanted = all((index) => (index < 10 ? 1 : 2)).slice(2);
    return { wanted, plan: await planOf(change(statisticsKey, wanted)) };
  }

  it('an index that is replaced is gone in between', async () => {
    const journalId = await dies(await indexPlan(), (name) => name === 'DeletePartitionIndex');
    expect(await fixture.now(indexKey)).toBeUndefined();
    expect(await goesOn(journalId)).toMatchObject(WHOLE);
    expect(await fixture.now(indexKey)).toEqual(wantedIndex);
  });

  it('an index whose making fails is gone in between, and is made all the same', async () => {
    const plan = await indexPlan();
    let failures = 3;
    const trouble = fixture.faulty({
      faultOf: (name) => (name === 'CreatePartitionIndex' && failures-- > 0 ? 'throttle' : undefined),
    });
    const { clock } = fixture;
    expect(await applyPlan({ glue: trouble.glue, clock }, plan, { clock })).toMatchObject(WHOLE);
    expect(await fixture.now(indexKey)).toEqual(wantedIndex);
  });

  it('an index that somebody else made in between is theirs', async () => {
    const journalId = await dies(await indexPlan(), (name) => name === 'DeletePartitionIndex');
    const { glue, now } = fixture;
    await aMinuteLater();
    await glue.createPartitionIndex({ ...of, PartitionIndex: { IndexName: 'i', Keys: ['hour'] } });
    await expect(goesOn(journalId)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await now(indexKey)).toEqual({ IndexName: 'i', Keys: ['hour'] });
  });

  it('an index that was not begun and is gone is somebody’s doing', async () => {
    const plan = await indexPlan();
    const { glue, clock, access, now } = fixture;
    const firstLook: ReadObjects = async (...asked) => {
      await readObjects(...asked);
      await aMinuteLater();
      await glue.deletePartitionIndex({ ...of, IndexName: 'i' });
    };
    await expect(applyPlan(access, plan, { clock, firstLook })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await now(indexKey)).toBeUndefined();
  });

  it('statistics are written for twenty-five columns at a time, and only those that differ', async () => {
    const { wanted, plan } = await statisticsPlan();
    const journalId = await dies(plan, (name) => name === 'UpdateColumnStatisticsForTable');
    // Neither as they were nor as they are to be: two columns less, twenty-five changed, twenty-five to come.
    expect(await fixture.now(statisticsKey)).toHaveLength(48);
    expect(await goesOn(journalId)).toMatchObject(WHOLE);
    expect(await fixture.now(statisticsKey)).toEqual(wanted);
  });

  it('statistics in which somebody else changed a column in between are theirs', async () => {
    const { plan } = await statisticsPlan();
    const journalId = await dies(plan, (name) => name === 'UpdateColumnStatisticsForTable');
    const ColumnStatisticsList = statistics({ c05: 9 });
    await fixture.glue.updateColumnStatisticsForTable({ ...of, ColumnStatisticsList });
    const theirs = await fixture.now(statisticsKey);
    await expect(goesOn(journalId)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await fixture.now(statisticsKey)).toEqual(theirs);
  });
});
