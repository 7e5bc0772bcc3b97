// What others edit while a plan is applied or rolled back: each edit that AWS took is there at the end, or is told of.
import type { PartitionInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
  keyText,
  openJournal,
  resumeApply,
  rollBackApply,
  type CatalogAccess,
  type CatalogObjectKey,
} from '../index.js';
import { PartialApplyError, type ApplyReport } from './apply-report.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
});
afterEach(() => fixture.close());

interface Edit {
  key: CatalogObjectKey;
  make(): Promise<unknown>;
}

const theirs = (day: string) => partition(day, 's3://theirs/') as PartitionInput;
const of = (TableName: string) => ({ DatabaseName, TableName });
const moved = (name: string, day: string): Edit => ({
  key: partitionKey(name, day),
  make: () =>
    fixture.glue.updatePartition({ ...of(name), PartitionValueList: [day], PartitionInput: theirs(day) }),
});
const added = (name: string, day: string): Edit => ({
  key: partitionKey(name, day),
  make: () => fixture.glue.createPartition({ ...of(name), PartitionInput: theirs(day) }),
});
const dropped = (name: string, day: string): Edit => ({
  key: partitionKey(name, day),
  make: () => fixture.glue.deletePartition({ ...of(name), PartitionValues: [day] }),
});
const described = (name: string): Edit => ({
  key: tableKey(name),
  make: () => fixture.glue.updateTable({ DatabaseName, TableInput: tableOfTheirs(name) }),
});
const made = (name: string): Edit => ({
  key: tableKey(name),
  make: () => fixture.glue.createTable({ DatabaseName, TableInput: tableOfTheirs(name) }),
});
const tableOfTheirs = (name: string) => ({ ...table(name), Description: 'theirs' });
const indexed = (name: string): Edit => ({
  key: { kind: 'partition-index', ...of(name), IndexName: 'theirs' },
  make: () =>
    fixture.glue.createPartitionIndex({
      ...of(name),
      PartitionIndex: { IndexName: 'theirs', Keys: ['day'] },
    }),
});

/** Made at once; none of them keeps what another of them is of. */
const EDITS = [
  () => [described('updated'), moved('updated', '1'), moved('updated', '0'), described('removed')],
  () => [indexed('removed'), dropped('updated', '1'), described('made'), made('removed'), made('made')],
  () => [added('removed', 'x'), added('made', 'x')],
];

/** Writes for which AWS knows no condition. */
const WITHOUT_CONDITION = ['BatchUpdatePartition', 'BatchDeletePartition', 'BatchDeleteTable'];

/** What may still be read when an object was looked at for the last time before such a write: it takes most of the time to read partitions. */
const READ_AFTERWARDS: Partial<Record<CatalogObjectKey['kind'], readonly string[]>> = {
  partition: ['GetPartitionIndexes', 'GetTable'],
  'partition-index': ['GetTable'],
};

/**
 * When the edits are made, and what becomes of the request that is sent then: made right before it; before one that is refused;
 * in the pause after one that was refused; after one that is done and whose answer is lost.
 */
type Moment = 'before' | 'refused' | 'pause' | 'lost';

interface Story {
  edits: Edit[];
  moment: Moment;
  /** The number of a request, from 1 on. */
  at: number;
}

/** Acts while others edit; tells the requests that were sent, and what of the edits is lost and not told of. */
async function actAmidst(act: (access: CatalogAccess) => Promise<ApplyReport>, story: Story) {
  const { edits, moment, at } = story;
  const requests: string[] = [];
  const taken: { key: CatalogObjectKey; text: string }[] = [];
  let isPauseNext = false;
  const textOf = async (key: CatalogObjectKey) => JSON.stringify(await fixture.now(key)) ?? 'absent';
  const edit = async () => {
    for (const { key, make } of edits) {
      const isTaken = await make().then(
        () => true,
        () => false,
      );
      if (isTaken) taken.push({ key, text: await textOf(key) });
    }
  };
  const glue = fixture.persistent();
  glue.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        requests.push(commandName.replace(/Command$/, ''));
        if (requests.length !== at) return next(request);
        if (moment === 'before' || moment === 'refused') await edit();
        if (moment === 'before') return next(request);
        if (moment === 'lost') {
          await next(request);
          await edit();
        }
        isPauseNext = moment === 'pause';
        throw Object.assign(new Error('No answer.'), { name: 'TimeoutError' });
      },
    { step: 'deserialize', priority: 'low' },
  );
  const clock = {
    ...fixture.clock,
    sleep: async (ms: number) => {
      if (isPauseNext) await edit();
      isPauseNext = false;
      await fixture.clock.sleep(ms);
    },
  };
  const report = await act({ glue, clock }).catch((error: unknown) => {
    if (error instanceof PartialApplyError) return error.report;
    throw error;
  });
  const told = new Set([...report.conflicts, ...report.failed].map(({ key }) => keyText(key)));
  const write = requests.findIndex((name, index) => index + 1 >= at && WITHOUT_CONDITION.includes(name));
  const lost: string[] = [];
  for (const { key, text } of taken) {
    if (told.has(keyText(key)) || (await textOf(key)) === text) continue;
    const between = requests.slice(at - 1, write);
    const isUnseen = between.every((name) => READ_AFTERWARDS[key.kind]?.includes(name));
    if (moment !== 'before' || !isUnseen) lost.push(`${keyText(key)}, ${moment} ${at} ${requests[at - 1]}`);
  }
  return { requests, lost, taken: taken.length };
}

async function clear(): Promise<void> {
  const { TableList = [] } = await fixture.glue.getTables({ DatabaseName });
  for (const { Name } of TableList) await fixture.glue.deleteTable({ DatabaseName, Name });
}

it.each(['apply', 'rollback'] as const)(
  '%s: no edit that it could have seen is overwritten, whenever it is made',
  async (op) => {
    const { store } = fixture;
    const options = { onConflict: 'keep-current', concurrency: 1, journal: store } as const;
    const actAnew = async (story: Story) => {
      await clear();
      const plan = await fixture.mixedPlan(3, 2);
      const apply = ({ glue, clock }: CatalogAccess) => applyPlan({ glue }, plan, { ...options, clock });
      if (op === 'apply') return actAmidst(apply, story);
      const { journalId = '' } = await apply(fixture.access);
      return actAmidst(
        ({ glue, clock }) => rollBackApply({ glue }, store, journalId, { ...options, clock }),
        story,
      );
    };
    const { requests } = await actAnew({ edits: [], moment: 'before', at: 0 });
    const lost: string[] = [];
    let taken = 0;
    const isWrite = (name: string) => !/Get/.test(name);
    for (const [index, name] of requests.slice(0, requests.findLastIndex(isWrite) + 1).entries()) {
      // Waiting for an index to be built it asks the same again and again.
      if (name === requests[index - 1] && name === 'GetPartitionIndexes') continue;
      const isBlind = WITHOUT_CONDITION.includes(name);
      for (const moment of isBlind
        ? (['before', 'refused', 'pause', 'lost'] as const)
        : ['before' as const]) {
        for (const edits of EDITS) {
          const result = await actAnew({ edits: edits(), moment, at: index + 1 });
          lost.push(...result.lost);
          taken += result.taken;
        }
      }
    }
    expect(lost).toEqual([]);
    expect(taken).toBeGreaterThan(100);
  },
  240_000,
);

it('an update that AWS refused over an edit is known not to have been made, by its rollback and its resume', async () => {
  const { createTable, planOf, change, store, clock, access, around, now } = fixture;
  for (const name of ['a', 'b']) await createTable(name);
  const plan = await planOf(...['a', 'b'].map((name) => change(tableKey(name), table(name, 'int'))));
  let isEdited = false;
  const edited = around('UpdateTable', async (call) => {
    // Of the second one, when the first is done.
    if (isEdited) await described('b').make();
    isEdited = true;
    return call();
  });
  const options = { journal: store, clock, concurrency: 1 };
  const { journalId = '', conflicts } = await shortcomingsOf(applyPlan(edited, plan, options));
  expect(conflicts.map(({ key }) => key)).toEqual([tableKey('b')]);
  const { history } = await openJournal(store, journalId);
  expect(['a', 'b'].map((name) => history.isChanged(tableKey(name)))).toEqual([true, false]);
  await expect(resumeApply(access, store, journalId, { clock })).rejects.toThrow(
    'no longer as the plan found it',
  );
  expect(await rollBackApply(access, store, journalId, { clock })).toMatchObject({
    applied: 1,
    verified: true,
  });
  expect(await now(tableKey('a'))).toMatchObject(table('a'));
  expect(await now(tableKey('b'))).toMatchObject({ Description: 'theirs' });
});

it('one whose answer was lost before the edit may have been made', async () => {
  const { createTable, planOf, change, store, clock, around } = fixture;
  await createTable('a');
  const plan = await planOf(change(tableKey('a'), table('a', 'int')));
  const edited = around('UpdateTable', async (call) => {
    await call();
    await described('a').make();
    throw Object.assign(new Error('The answer is lost.'), { name: 'TimeoutError' });
  });
  const apply = applyPlan(edited, plan, { journal: store, clock });
  const journalId = await apply.catch(
    (error: unknown) => (error as { result: { report: ApplyReport } }).result.report.journalId,
  );
  const { history } = await openJournal(store, journalId as string);
  expect(history.isChanged(tableKey('a'))).toBe(true);
});
