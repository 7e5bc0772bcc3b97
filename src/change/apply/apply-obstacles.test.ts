// What keeps an apply from going on though no change fails: a journal that takes no more, a catalog that cannot be read back.
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  openApplyFixture,
  partitionKey,
  table,
  tableKey,
  type ApplyFixture,
} from '../../../test/change/apply-fixture.js';
import type { DocumentStore } from '../document-store.js';
import { openJournal } from '../journal/journal.js';
import { applyPlan } from './apply-plan.js';
import { PartialApplyError } from './apply-report.js';
import { resumeApply } from './resume-apply.js';
import { rollBackApply } from './roll-back-apply.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
});
afterEach(() => fixture.close());

const NAMES = ['a', 'b', 'c', 'd'];

async function planOfTables() {
  const { change, planOf, createTable } = fixture;
  for (const name of NAMES) await createTable(name);
  return planOf(...NAMES.map((name) => change(tableKey(name), table(name, 'int'))));
}

/** Takes so many documents of lines, and none after them, or none of the `lost` ones that come next. */
function takingNoMoreThan(documents: number, lost = Infinity): DocumentStore {
  const { store } = fixture;
  let left = documents;
  return {
    ...store,
    put: (name, ...rest) =>
      name.endsWith('.jsonl') && left-- <= 0 && left >= -lost
        ? Promise.reject(new Error('SlowDown: Please reduce your request rate.'))
        : store.put(name, ...rest),
  };
}

async function partialOf(act: Promise<unknown>): Promise<PartialApplyError> {
  const error = await act.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PartialApplyError)) throw error;
  return error;
}

/** One table at a time: a line for each intention, and one for what came of it. */
it.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [5, 3],
])(
  'with a journal of %i documents says how many changes it made, and goes on from there',
  async (documents, made) => {
    const { access, clock, store, now } = fixture;
    const plan = await planOfTables();
    const options = { clock, concurrency: 1 };
    const { message, report } = await partialOf(
      applyPlan(access, plan, { journal: takingNoMoreThan(documents), ...options }),
    );
    expect(report).toMatchObject({ applied: made, failed: [], conflicts: [], verified: false });
    const types = await Promise.all(NAMES.map((name) => now(tableKey(name))));
    expect(types.filter((one) => JSON.stringify(one).includes('"Type":"int"'))).toHaveLength(made);
    expect(message).toBe(
      `${made} changes were made, 0 failed, 0 are in conflict, ${4 - made} were not begun. It could not go on: SlowDown: Please ` +
        `reduce your request rate. Nothing was read back. Resume journal ${report.journalId}, or roll it back.`,
    );
    const journalId = report.journalId as string;
    expect(await resumeApply(access, store, journalId, options)).toMatchObject({ verified: true });
    for (const name of NAMES) expect(await now(tableKey(name))).toMatchObject(table(name, 'int'));
    expect(await rollBackApply(access, store, journalId, options)).toMatchObject({ verified: true });
    for (const name of NAMES) expect(await now(tableKey(name))).toMatchObject(table(name));
  },
);

it('waits for batches that are under way, and writes down what came of them', async () => {
  const { access, clock, store } = fixture;
  const plan = await planOfTables();
  const { report } = await partialOf(applyPlan(access, plan, { journal: takingNoMoreThan(1), clock }));
  const { history } = await openJournal(store, report.journalId as string);
  expect(report.applied).toBeGreaterThan(0);
  expect(NAMES.filter((name) => history.isBegun(tableKey(name)))).toHaveLength(report.applied);
});

it.each([0, 1, 2, 3, 4])(
  'can be resumed and rolled back when document %i of its journal was lost while others were under way',
  async (document) => {
    const { access, clock, store, now } = fixture;
    const plan = await planOfTables();
    const options = { clock, concurrency: 3 };
    const { report } = await partialOf(
      applyPlan(access, plan, { journal: takingNoMoreThan(document, 1), ...options }),
    );
    const journalId = report.journalId as string;
    expect(await resumeApply(access, store, journalId, options)).toMatchObject({ verified: true });
    for (const name of NAMES) expect(await now(tableKey(name))).toMatchObject(table(name, 'int'));
    expect(await rollBackApply(access, store, journalId, options)).toMatchObject({ verified: true });
    for (const name of NAMES) expect(await now(tableKey(name))).toMatchObject(table(name));
  },
);

it('says that all was made when nothing can be read back, and proves it once it is resumed', async () => {
  const { clock, store, change, planOf, createTable } = fixture;
  await createTable('a', 2);
  const plan = await planOf(change(partitionKey('a', '0'), undefined));
  const { glue } = fixture.faulty({});
  let isWritten = false;
  glue.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        if (isWritten)
          throw Object.assign(new Error('Not today.'), { name: 'AccessDeniedException', $metadata: {} });
        const answer = await next(call);
        isWritten = commandName === 'BatchDeletePartitionCommand';
        return answer;
      },
    { step: 'initialize' },
  );
  const { message, report } = await partialOf(applyPlan({ glue, clock }, plan, { journal: store, clock }));
  expect(report).toMatchObject({ applied: 1, failed: [], verified: false });
  expect(message).toContain(
    '1 changes were made, 0 failed, 0 are in conflict, 0 were not begun. It could not go on: AWS does not permit this',
  );
  const proven = await resumeApply(fixture.access, store, report.journalId as string, { clock });
  expect(proven).toMatchObject({ alreadySo: 1, verified: true });
});

it('ends the second of two that carry out the same journal, and says why', async () => {
  const { access, clock, store } = fixture;
  const plan = await planOfTables();
  const { report } = await partialOf(applyPlan(access, plan, { journal: takingNoMoreThan(0), clock }));
  const journalId = report.journalId as string;
  const lateStore: DocumentStore = {
    ...store,
    async put(name, ...rest) {
      // Another one that resumes is done before this one writes its first line.
      if (name.endsWith('/00000001.jsonl')) await resumeApply(access, store, journalId, { clock });
      return store.put(name, ...rest);
    },
  };
  const late = await partialOf(resumeApply(access, lateStore, journalId, { clock }));
  expect(late.message).toContain(
    `Somebody else writes journal ${journalId} in ${store.location} at the same time`,
  );
  expect(late.report.applied).toBe(0);
});
