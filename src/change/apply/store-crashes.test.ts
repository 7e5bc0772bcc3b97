// Crashes at every call of the store, from the first lease that is taken to the last that is given back: who goes on, or begins anew, can.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openApplyFixture, table, tableKey, type ApplyFixture } from '../../../test/change/apply-fixture.js';
import type { CatalogAccess } from '../catalog-access.js';
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

type Act = (access: CatalogAccess, store: DocumentStore) => Promise<unknown>;

/** Does `act` in a process that dies at a call of the store, and answers whether it came to that. */
async function isKilled(at: number, when: 'before' | 'after', act: Act): Promise<boolean> {
  const { store, clock } = fixture;
  let calls = 0;
  const { glue } = fixture.faulty({ faultOf: () => (calls >= at ? 'deny' : undefined) });
  const call = async <T>(asked: () => Promise<T>): Promise<T> => {
    calls++;
    if (calls < at) return asked();
    if (calls === at && when === 'after') await asked();
    throw new Error('The process is dead.');
  };
  await act(
    { glue, clock },
    {
      ...store,
      get: (name) => call(() => store.get(name)),
      put: (...given) => call(() => store.put(...given)),
      delete: (...given) => call(() => store.delete(...given)),
    },
  ).catch(() => {});
  return calls >= at;
}

async function leasesLeft(): Promise<number> {
  let count = 0;
  for await (const lease of fixture.store.list('applying/')) count += lease.size > 0 ? 1 : 0;
  return count;
}

it.each(['before', 'after'] as const)('killed %s any call', async (when) => {
  const { glue, access, store, clock, change, planOf, createTable, now } = fixture;
  const keys = [tableKey('a'), { kind: 'table' as const, DatabaseName: 'zoo', TableName: 'a' }];
  await createTable('a');
  await glue.createDatabase({ DatabaseInput: { Name: 'zoo' } });
  await glue.createTable({ DatabaseName: 'zoo', TableInput: table('a') });
  const plan = await planOf(...keys.map((key) => change(key, table('a', 'int'))));
  const options = { clock, concurrency: 1 };
  const typesNow = async () => {
    const tables = (await Promise.all(keys.map(now))) as ReturnType<typeof table>[];
    return tables.map((one) => one.StorageDescriptor?.Columns?.[0]?.Type);
  };
  const apply: Act = (reach, journal) => applyPlan(reach, plan, { journal, ...options });

  /** Leases that each kill left. */
  const left: number[] = [];
  for (let at = 1; ; at++) {
    const known = await fixture.journalIds();
    if (!(await isKilled(at, when, apply))) break;
    left.push(await leasesLeft());
    let journalId = (await fixture.journalIds()).find((id) => !known.includes(id));
    if (journalId === undefined) {
      expect(await typesNow(), `call ${at}`).toEqual(['string', 'string']);
      const again = () => applyPlan(access, plan, { journal: store, ...options });
      if (left.at(-1)) await expect(again()).rejects.toMatchObject({ kind: 'guard-refused' });
      await clock.sleep(DATABASE_LEASE_MS);
      ({ journalId } = await again());
    } else if (at % 2 === 0) {
      expect(await resumeApply(access, store, journalId, options)).toMatchObject({ verified: true });
      expect(await typesNow(), `call ${at}`).toEqual(['int', 'int']);
    }
    const rolledBack = await rollBackApply(access, store, journalId ?? '', options);
    expect(rolledBack, `call ${at}`).toMatchObject({ verified: true });
    expect(await typesNow(), `call ${at}`).toEqual(['string', 'string']);
    expect(await leasesLeft(), `call ${at}`).toBe(0);
  }
  // Taken one after the other, held all the time, and given back one after the other.
  const held = Array<number>(left.length - 4).fill(2);
  expect(left).toEqual(when === 'before' ? [0, 1, ...held, 2, 1] : [1, 2, ...held, 1, 0]);
});
