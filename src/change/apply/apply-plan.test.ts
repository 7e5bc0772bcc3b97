// Plans carried out on a real catalog: what is done, what is refused, what is found out after failures.
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  DatabaseName,
  openApplyFixture,
  partition,
  partitionKey,
  table,
  tableKey,
  type ApplyFixture,
} from '../../../test/change/apply-fixture.js';
import type { Fault } from '../../../test/faults/faulty-glue.js';
import { readObjects, type ReadObjects } from '../read-objects.js';
import { applyPlan } from './apply-plan.js';
import { resumeApply } from './resume-apply.js';
import { rollBackApply } from './roll-back-apply.js';
import { PartialApplyError } from './apply-report.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
});
afterEach(() => fixture.close());

it('does all of a plan, proves it, and does nothing the second time', async () => {
  const { store, clock, access, now, mixedPlan, catalogText } = fixture;
  const plan = await mixedPlan();
  const report = await applyPlan(access, plan, { journal: store, clock });
  expect(report).toMatchObject({ applied: 256, alreadySo: 0, conflicts: [], failed: [], verified: true });
  expect(report.notRestored).toEqual([
    '1 table is made anew without older versions, tags and Lake Formation grants, which are gone for good.',
    '1 table is deleted: older versions, tags and Lake Formation grants go for good.',
    '131 partitions are deleted: column statistics of theirs, if there are any, go for good.',
    '120 partitions are made anew without column statistics, for none are known of.',
  ]);
  expect(await now(tableKey('removed'))).toBeUndefined();
  const after = await catalogText();
  const again = await resumeApply(access, store, report.journalId as string, { clock });
  expect(again).toMatchObject({ applied: 0, alreadySo: 256, verified: true });
  expect(await catalogText()).toBe(after);
});

it('rolls an apply back to what was there, and rolling back again changes nothing', async () => {
  const { store, clock, access, mixedPlan, catalogText } = fixture;
  const plan = await mixedPlan();
  const before = await catalogText();
  const { journalId = '' } = await applyPlan(access, plan, { journal: store, clock });
  const report = await rollBackApply(access, store, journalId, { clock });
  expect(report).toMatchObject({ applied: 256, failed: [], verified: true });
  expect(await catalogText()).toBe(before);
  const again = await rollBackApply(access, store, journalId, { clock });
  expect(again).toMatchObject({ applied: 0, alreadySo: 256, verified: true });
  expect(await catalogText()).toBe(before);
  await expect(resumeApply(access, store, journalId, { clock })).rejects.toMatchObject({
    kind: 'conflict',
  });
});

it('does not count as rolled back what somebody else has put back already', async () => {
  const { glue, store, clock, access, change, planOf, createTable } = fixture;
  await createTable('updated');
  await createTable('other');
  const changes = ['updated', 'other'].map((name) => change(tableKey(name), table(name, 'int')));
  const plan = await planOf(...changes);
  const before = await glue.getTable({ DatabaseName, Name: 'updated' });
  const { journalId = '' } = await applyPlan(access, plan, { journal: store, clock });
  const TableInput = table('updated', before.Table?.StorageDescriptor?.Columns?.[0]?.Type);
  await glue.updateTable({ DatabaseName, TableInput });
  const report = await rollBackApply(access, store, journalId, { clock });
  expect(report).toMatchObject({ applied: 1, alreadySo: 1, verified: true });
});

it('does nothing at all when one object has moved since', async () => {
  const { glue, clock, access, mixedPlan, catalogText } = fixture;
  const plan = await mixedPlan();
  await glue.updateTable({ DatabaseName, TableInput: table('updated', 'double') });
  const before = await catalogText();
  await expect(applyPlan(access, plan, { clock })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('table sales.updated') as string,
  });
  expect(await catalogText()).toBe(before);
});

it('updates no table that somebody changed after the first look, for the update names the version it saw', async () => {
  const { glue, clock, now, change, planOf, createTable } = fixture;
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  const edited = table('updated', 'double');
  const firstLook: ReadObjects = async (...asked) => {
    await readObjects(...asked);
    await glue.updateTable({ DatabaseName, TableInput: edited });
  };
  const faulty = fixture.faulty({});
  await expect(applyPlan({ glue: faulty.glue, clock }, plan, { clock, firstLook })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(await now(tableKey('updated'))).toMatchObject(edited);
  expect(faulty.calls).toContain('UpdateTable');
});

it('refuses what a first look saw differently, and keeps nothing', async () => {
  const { store, clock, access, change, planOf, createTable, journalIds } = fixture;
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  const firstLook: ReadObjects = async (_, keys, visit) => {
    for (const key of keys) visit(key, undefined);
    return Promise.resolve();
  };
  await expect(applyPlan(access, plan, { clock, firstLook, journal: store })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('Nothing was done: the catalog has moved') as string,
  });
  expect(await journalIds()).toEqual([]);
});

it('removes no table that has a partition the plan does not know', async () => {
  const { clock, access, now, change, planOf, createTable } = fixture;
  await createTable('removed', 2);
  const plan = await planOf(
    change(tableKey('removed'), undefined),
    change(partitionKey('removed', '0'), undefined),
  );
  await expect(applyPlan(access, plan, { clock })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('partition sales.removed [1]') as string,
  });
  expect(await now(tableKey('removed'))).toBeDefined();
});

/** A journal whose apply made `a` of a table an int, though somebody had made it a double meanwhile. */
async function overwriteAnEdit(): Promise<string> {
  const { glue, store, clock, access, change, planOf, createTable } = fixture;
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  await glue.updateTable({ DatabaseName, TableInput: table('updated', 'double') });
  const options = { journal: store, clock, onConflict: 'force' as const };
  const { journalId = '' } = await applyPlan(access, plan, options);
  return journalId;
}

it('overwrites a later edit when forced, and puts it back when rolled back', async () => {
  const { store, clock, access, now } = fixture;
  const journalId = await overwriteAnEdit();
  expect(await now(tableKey('updated'))).toMatchObject(table('updated', 'int'));
  await rollBackApply(access, store, journalId, { clock });
  expect(await now(tableKey('updated'))).toMatchObject(table('updated', 'double'));
});

it('rolls nothing back by a journal whose note of an overwritten edit is damaged', async () => {
  const { store, clock, access, now } = fixture;
  const journalId = await overwriteAnEdit();
  const name = `journals/${journalId}/00000001.jsonl`;
  const { bytes = new Uint8Array() } = (await store.get(name)) ?? {};
  const text = Buffer.from(bytes).toString('utf8');
  await store.put(name, Buffer.from(text.replace('"found":{', '"found":{"Colour":"red",')));
  await expect(rollBackApply(access, store, journalId, { clock })).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('Nothing was rolled back') as string,
  });
  expect(await now(tableKey('updated'))).toMatchObject(table('updated', 'int'));
});

it.each<Fault>(['throttle', 'lose-answer', 'fail-items', 'stale-version'])(
  'gets through when every second write meets: %s',
  async (fault) => {
    const { clock, mixedPlan } = fixture;
    const plan = await mixedPlan();
    let writes = 0;
    const faulty = fixture.faulty({
      pageSize: 3,
      faultOf: () => (writes++ % 2 === 0 ? fault : undefined),
    });
    const report = await applyPlan({ glue: faulty.glue, clock }, plan, { clock });
    expect(report).toMatchObject({ applied: 256, failed: [], verified: true });
  },
);

it('proves nothing that it was interrupted before it read back', async () => {
  const { store, clock, access, change, planOf, createTable } = fixture;
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  const controller = new AbortController();
  const onEvent = () => controller.abort(new Error('Interrupted.'));
  const error: unknown = await applyPlan(access, plan, {
    ...{ journal: store, clock, onEvent, signal: controller.signal },
  }).catch((it: unknown) => it);
  expect(error).toBeInstanceOf(PartialApplyError);
  const { message, report } = error as PartialApplyError;
  expect(report).toMatchObject({ applied: 1, failed: [], verified: false });
  expect(message).toContain('Nothing was read back.');
  const resumed = await resumeApply(access, store, report.journalId as string, { clock });
  expect(resumed).toMatchObject({ failed: [], verified: true });
});

it('reports what AWS refuses, does the rest, and says how to go on', async () => {
  const { store, clock, access, change, planOf } = fixture;
  const plan = await planOf(
    change(tableKey('good'), table('good')),
    change(tableKey('bad'), {
      ...table('bad'),
      StorageDescriptor: { SchemaReference: { SchemaVersionNumber: 1 } },
    }),
    change(partitionKey('bad', '1'), partition('1')),
  );
  const error: unknown = await applyPlan(access, plan, { journal: store, clock }).catch((it: unknown) => it);
  expect(error).toBeInstanceOf(PartialApplyError);
  const { message, report } = error as PartialApplyError;
  expect(report).toMatchObject({ applied: 1, verified: false });
  expect(report.failed.map(({ key }) => key.kind)).toEqual(['table', 'partition']);
  expect(report.notRestored).toEqual([expect.stringContaining('1 table is made anew')]);
  expect(message).toContain(`Resume journal ${report.journalId}, or roll it back.`);
});
