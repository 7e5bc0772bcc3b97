// Two who go on with one journal at once, in whatever order their calls come: the journal stays whole, and leads to either end.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openApplyFixture, table, tableKey, type ApplyFixture } from '../../../test/change/apply-fixture.js';
import { byChance, isReplay } from '../../../test/law.js';
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import { openJournal } from '../journal/journal.js';
import type { Plan } from '../plan.js';
import { applyPlan } from './apply-plan.js';
import { resumeApply } from './resume-apply.js';
import { rollBackApply } from './roll-back-apply.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
});
afterEach(() => fixture.close());

const NAMES = ['a', 'b', 'c'];
const ACTS = { resume: resumeApply, rollback: rollBackApply };

/** A journal of an apply that died after its second write. */
async function journalOfTheDead(plan: Plan): Promise<string> {
  const { clock, store, faulty } = fixture;
  let writes = 0;
  const { glue, storeOf } = faulty({ faultOf: () => (++writes === 2 ? 'crash' : undefined) });
  let journalId = '';
  const options = { journal: storeOf(store), clock, concurrency: 1 };
  const apply = applyPlan({ glue }, plan, { ...options, onJournal: (id) => (journalId = id) });
  await expect(apply).rejects.toThrow();
  return journalId;
}

/** All calls wait for their turn, which `onTurn` is told of. */
function inTurns(scheduler: fc.Scheduler, onTurn: () => void) {
  const turn = async () => {
    await scheduler.schedule(Promise.resolve());
    onTurn();
  };
  const { store, clock } = fixture;
  const { glue } = fixture.faulty({});
  glue.middlewareStack.add((next) => async (call) => (await turn(), next(call)), { step: 'initialize' });
  const inner: DocumentStore = {
    ...store,
    get: async (name) => (await turn(), store.get(name)),
    put: async (...given) => (await turn(), store.put(...given)),
    delete: async (...given) => (await turn(), store.delete(...given)),
  };
  return { access: { glue, clock }, store: inner };
}

it.each([
  ['resume', 'resume'],
  ['resume', 'rollback'],
  ['rollback', 'rollback'],
] as const)('%s and %s', async (...both) => {
  const { access, clock, store, change, planOf, createTable, now } = fixture;
  for (const name of NAMES) await createTable(name);
  const plan = await planOf(...NAMES.map((name) => change(tableKey(name), table(name, 'int'))));
  const are = async (type: string) => {
    for (const name of NAMES) expect(await now(tableKey(name))).toMatchObject(table(name, type));
  };
  const options = { clock, concurrency: 1 };
  let interleavedCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const journalId = await journalOfTheDead(plan);
      const turns: number[] = [];
      const work = both.map(async (act, one) => {
        const mine = inTurns(scheduler, () => turns.push(one));
        return ACTS[act](mine.access, mine.store, journalId, options).catch((error: unknown) => error);
      });
      const ends = await scheduler.waitFor(Promise.all(work));
      for (const end of ends) {
        if (!(end instanceof Error)) continue;
        expect(end).toBeInstanceOf(GluepotError);
        expect(end.message).toMatch(
          /Somebody else writes journal|given up for dead|was rolled back|took it back/,
        );
      }
      if (turns.lastIndexOf(0) > turns.indexOf(1) && turns.lastIndexOf(1) > turns.indexOf(0))
        interleavedCount++;
      const { history } = await openJournal(store, journalId);
      if (!history.isRollbackBegun) {
        expect(await resumeApply(access, store, journalId, options)).toMatchObject({ verified: true });
        await are('int');
      }
      expect(await rollBackApply(access, store, journalId, options)).toMatchObject({ verified: true });
      await are('string');
      for await (const { name } of store.list('applying/')) expect(name).toBe('given back');
    }),
    byChance({ numRuns: 15, seed: 20_261_122 }),
  );
  if (!isReplay) expect(interleavedCount).toBeGreaterThan(0);
});
