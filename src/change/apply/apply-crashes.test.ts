// Crashes at every call of an apply, of its resume and of its rollback: nothing is lost, and nothing done that was not meant.
import { beforeEach, afterEach, expect, it } from 'vitest';
import { openApplyFixture, type ApplyFixture } from '../../../test/change/apply-fixture.js';
import type { DocumentStore } from '../document-store.js';
import { applyPlan } from './apply-plan.js';
import { DATABASE_LEASE_MS } from './database-leases.js';
import { resumeApply } from './resume-apply.js';
import { rollBackApply } from './roll-back-apply.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
});
afterEach(() => fixture.close());

type Access = Pick<ApplyFixture['access'], 'glue' | 'clock'>;
type Act = (access: Access, store: DocumentStore) => Promise<unknown>;
interface Crash {
  call: number;
  when: 'before' | 'after';
}

/** Does `act` in a process that dies at the crash; false when it makes fewer calls than that. */
async function isCrashed(crash: Crash, act: Act): Promise<boolean> {
  const { glue, storeOf, calls } = fixture.faulty({ crashAt: crash });
  const { clock, store } = fixture;
  const isAlive = await act({ glue, clock }, storeOf(store)).then(
    () => true,
    () => false,
  );
  expect(isAlive, `call ${crash.call} of ${calls.length}`).toBe(calls.length < crash.call);
  return !isAlive;
}

/** The journal that `act` begins; undefined when it does not get as far. */
async function journalOf(act: () => Promise<unknown>): Promise<string | undefined> {
  const known = new Set(await fixture.journalIds());
  await act();
  return (await fixture.journalIds()).find((id) => !known.has(id));
}

async function openPlan() {
  const { clock, catalogText, mixedPlan } = fixture;
  // One call after the other, so that a call's number says which it is.
  const options = { clock, concurrency: 1 };
  const plan = await mixedPlan(3, 2);
  const apply: Act = (access, journal) => applyPlan(access, plan, { journal, ...options });
  const resume =
    (journalId: string): Act =>
    (access, journal) =>
      resumeApply(access, journal, journalId, options);
  const rollBack =
    (journalId: string): Act =>
    (access, journal) =>
      rollBackApply(access, journal, journalId, options);
  const whole = (act: Act) => act(fixture.access, fixture.store);
  const before = await catalogText();
  const first = (await journalOf(() => whole(apply))) as string;
  const after = await catalogText();
  await whole(rollBack(first));
  expect(await catalogText()).toBe(before);
  return { apply, resume, rollBack, whole, before, after };
}

/** As many calls as are crashed at least, or a test would have tried nothing. */
const CALLS_MIN = 15;

const WHENS = ['before', 'after'] as const;

it.each(WHENS)(
  'crashed %s any call and resumed, ends as if nothing had happened; rolled back, as it began',
  async (when) => {
    const { catalogText, clock } = fixture;
    const { apply, resume, rollBack, whole, before, after } = await openPlan();
    let call = 0;
    for (let isDead = true; isDead;) {
      call++;
      const journalId = await journalOf(async () => (isDead = await isCrashed({ call, when }, apply)));
      // Before the journal was begun nothing was done, and nobody can go on in the place of who died.
      if (journalId === undefined) {
        await clock.sleep(DATABASE_LEASE_MS);
        expect(await catalogText(), `call ${call}`).toBe(before);
        continue;
      }
      if (call % 2 === 0) {
        await whole(resume(journalId));
        expect(await catalogText(), `call ${call}`).toBe(after);
      }
      await whole(rollBack(journalId));
      expect(await catalogText(), `call ${call}`).toBe(before);
    }
    expect(call).toBeGreaterThan(CALLS_MIN);
  },
  120_000,
);

it.each(WHENS)(
  'its resume and its rollback crashed %s any call and begun again, ends as if nothing had happened, and as it began',
  async (when) => {
    const { catalogText } = fixture;
    const { apply, resume, rollBack, whole, before, after } = await openPlan();
    let call = 0;
    for (let isDead = true; isDead;) {
      call++;
      // It died after its first write, of which there is no result in the journal.
      const journalId = (await journalOf(async () => {
        const { glue, storeOf } = fixture.faulty({ faultOf: () => 'crash' });
        await expect(apply({ glue, clock: fixture.clock }, storeOf(fixture.store))).rejects.toThrow();
      })) as string;
      const isResumeDead = await isCrashed({ call, when }, resume(journalId));
      await whole(resume(journalId));
      expect(await catalogText(), `call ${call}`).toBe(after);
      const isRollBackDead = await isCrashed({ call, when }, rollBack(journalId));
      await whole(rollBack(journalId));
      expect(await catalogText(), `call ${call}`).toBe(before);
      isDead = isResumeDead || isRollBackDead;
    }
    expect(call).toBeGreaterThan(CALLS_MIN);
  },
  120_000,
);
