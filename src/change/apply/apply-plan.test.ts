// Plans carried out on a real catalog: what is done, what is refused, what is found out after failures.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue, TableInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { withFaults, type Fault } from '../../../test/faults/faulty-glue.js';
import type { CatalogObjectKey, Definition } from '../catalog-object.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import { observeObject } from '../observe-catalog.js';
import type { Change, Plan } from '../plan.js';
import { readObjects, type ReadObjects } from '../read-objects.js';
import { buildPlan } from '../plan/build-plan.js';
import { applyPlan, resumeApply, rollBackApply } from './apply-plan.js';
import { PartialApplyError } from './apply-report.js';

let embedded: Embedded;
let glue: Glue;
let store: DocumentStore;
let folder: string;
const clock = steppingClock();

const DatabaseName = 'sales';
const tableKey = (TableName: string): CatalogObjectKey => ({ kind: 'table', DatabaseName, TableName });
const partitionKey = (TableName: string, day: string): CatalogObjectKey => ({
  kind: 'partition',
  ...{ DatabaseName, TableName, Values: [day] },
});
const table = (Name: string, Type = 'string'): TableInput => ({
  Name,
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'a', Type }], Location: `s3://lake/${Name}/` },
});
const days = (count: number) => Array.from({ length: count }, (_, day) => String(day));
const partition = (day: string, Location = `s3://lake/${day}/`): Definition => ({
  Values: [day],
  StorageDescriptor: { Location },
});

beforeEach(async () => {
  embedded = await openEmbedded({ clock });
  glue = embedded.clients().glue;
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  folder = await mkdtemp(join(tmpdir(), 'gluepot-apply-'));
  store = openDocumentStore(folder, { s3: embedded.clients().s3 });
});

afterEach(async () => {
  await embedded.close();
  await rm(folder, { recursive: true });
});

const access = () => ({ glue, clock });
const now = async (key: CatalogObjectKey) => (await observeObject(access(), key))?.definition;

async function change(key: CatalogObjectKey, wanted: Definition | undefined): Promise<Change> {
  const current = await now(key);
  return {
    action: current === undefined ? 'recreate' : wanted === undefined ? 'delete' : 'update',
    key,
    ...(current === undefined ? {} : { current }),
    ...(wanted === undefined ? {} : { wanted }),
    reason: 'A test wants it.',
    evidence: [],
  };
}

async function planOf(...changes: Promise<Change>[]): Promise<Plan> {
  const subject = { operation: 'snapshot-restore' as const, resolved: {} };
  const home = { accountId: '123456789012', region: 'us-east-1' };
  return buildPlan({ ...home, subject, changes: await Promise.all(changes) }, { clock });
}

async function createTable(name: string, partitionCount = 0) {
  await glue.createTable({ DatabaseName, TableInput: table(name) });
  for (let start = 0; start < partitionCount; start += 100) {
    await glue.batchCreatePartition({
      ...{ DatabaseName, TableName: name },
      PartitionInputList: days(partitionCount)
        .slice(start, start + 100)
        .map((day) => ({ Values: [day], StorageDescriptor: { Location: `s3://lake/${day}/` } })),
    });
  }
}

/** Updates a table and a partition, removes a table with partitions, makes one with an index and partitions. */
async function mixedPlan(removed = 130, made = 120): Promise<Plan> {
  await createTable('updated', 2);
  await createTable('removed', removed);
  return planOf(
    change(tableKey('updated'), table('updated', 'int')),
    change(partitionKey('updated', '1'), partition('1', 's3://elsewhere/')),
    change(partitionKey('updated', '0'), undefined),
    change(tableKey('removed'), undefined),
    ...days(removed).map((day) => change(partitionKey('removed', day), undefined)),
    change(tableKey('made'), table('made')),
    change(
      { kind: 'partition-index', DatabaseName, TableName: 'made', IndexName: 'by_day' },
      { IndexName: 'by_day', Keys: ['day'] },
    ),
    ...days(made).map((day) => change(partitionKey('made', day), partition(day))),
  );
}

async function catalogText(): Promise<string> {
  const { TableList = [] } = await glue.getTables({ DatabaseName });
  const texts = await Promise.all(
    TableList.map(async ({ Name: TableName, StorageDescriptor }) => {
      const { Partitions = [] } = await glue.getPartitions({ DatabaseName, TableName });
      const places = Partitions.map(({ Values, StorageDescriptor: at }) => [Values, at?.Location]);
      const { PartitionIndexDescriptorList: indexes = [] } = await glue.getPartitionIndexes({
        ...{ DatabaseName, TableName },
      });
      const names = indexes.filter((one) => one.IndexStatus !== 'DELETING').map((one) => one.IndexName);
      return [TableName, StorageDescriptor?.Columns, places, names];
    }),
  );
  return JSON.stringify(texts);
}

it('does all of a plan, proves it, and does nothing the second time', async () => {
  const plan = await mixedPlan();
  const report = await applyPlan(access(), plan, { journal: store, clock });
  expect(report).toMatchObject({ applied: 256, alreadySo: 0, conflicts: [], failed: [], verified: true });
  expect(report.notRestored).toEqual([
    'table sales.made: its older versions, tags and Lake Formation grants are gone for good.',
  ]);
  expect(await now(tableKey('removed'))).toBeUndefined();
  const after = await catalogText();
  const again = await resumeApply(access(), store, report.journalId as string, { clock });
  expect(again.verified).toBe(true);
  expect(await catalogText()).toBe(after);
});

it('rolls an apply back to what was there, and rolling back again changes nothing', async () => {
  const plan = await mixedPlan();
  const before = await catalogText();
  const { journalId = '' } = await applyPlan(access(), plan, { journal: store, clock });
  const report = await rollBackApply(access(), store, journalId, { clock });
  expect(report).toMatchObject({ applied: 256, failed: [], verified: true });
  expect(await catalogText()).toBe(before);
  expect(await rollBackApply(access(), store, journalId, { clock })).toMatchObject({ verified: true });
  expect(await catalogText()).toBe(before);
  await expect(resumeApply(access(), store, journalId, { clock })).rejects.toMatchObject({
    kind: 'conflict',
  });
});

it('does nothing at all when one object has moved since', async () => {
  const plan = await mixedPlan();
  await glue.updateTable({ DatabaseName, TableInput: table('updated', 'double') });
  const before = await catalogText();
  await expect(applyPlan(access(), plan, { clock })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('table sales.updated') as string,
  });
  expect(await catalogText()).toBe(before);
});

it('updates no table that somebody changed after the first look, for the update names the version it saw', async () => {
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  const edited = table('updated', 'double');
  const firstLook: ReadObjects = async (...asked) => {
    await readObjects(...asked);
    await glue.updateTable({ DatabaseName, TableInput: edited });
  };
  const faulty = withFaults(embedded.clients().glue, {});
  await expect(applyPlan({ glue: faulty.glue, clock }, plan, { clock, firstLook })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(await now(tableKey('updated'))).toMatchObject(edited);
  expect(faulty.calls).toContain('UpdateTable');
});

it('refuses what a first look saw differently, and keeps nothing', async () => {
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  const firstLook: ReadObjects = async (_, keys, visit) => {
    for (const key of keys) visit(key, undefined);
    return Promise.resolve();
  };
  await expect(applyPlan(access(), plan, { clock, firstLook, journal: store })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('Nothing was done: the catalog has moved') as string,
  });
  expect(await journalIds()).toEqual([]);
});

it('removes no table that has a partition the plan does not know', async () => {
  await createTable('removed', 2);
  const plan = await planOf(
    change(tableKey('removed'), undefined),
    change(partitionKey('removed', '0'), undefined),
  );
  await expect(applyPlan(access(), plan, { clock })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('partition sales.removed [1]') as string,
  });
  expect(await now(tableKey('removed'))).toBeDefined();
});

it('overwrites a later edit when forced, and puts it back when rolled back', async () => {
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  await glue.updateTable({ DatabaseName, TableInput: table('updated', 'double') });
  const options = { journal: store, clock, onConflict: 'force' as const };
  const { journalId = '' } = await applyPlan(access(), plan, options);
  expect(await now(tableKey('updated'))).toMatchObject(table('updated', 'int'));
  await rollBackApply(access(), store, journalId, { clock });
  expect(await now(tableKey('updated'))).toMatchObject(table('updated', 'double'));
});

it.each<Fault>(['throttle', 'lose-answer', 'fail-items', 'stale-version'])(
  'gets through when every second write meets: %s',
  async (fault) => {
    const plan = await mixedPlan();
    let writes = 0;
    const faulty = withFaults(embedded.clients().glue, {
      pageSize: 3,
      faultOf: () => (writes++ % 2 === 0 ? fault : undefined),
    });
    const report = await applyPlan({ glue: faulty.glue, clock }, plan, { clock });
    expect(report).toMatchObject({ applied: 256, failed: [], verified: true });
  },
);

it('proves nothing that it was interrupted before it read back', async () => {
  await createTable('updated');
  const plan = await planOf(change(tableKey('updated'), table('updated', 'int')));
  const controller = new AbortController();
  const onEvent = () => controller.abort(new Error('Interrupted.'));
  const error: unknown = await applyPlan(access(), plan, {
    ...{ journal: store, clock, onEvent, signal: controller.signal },
  }).catch((it: unknown) => it);
  expect(error).toBeInstanceOf(PartialApplyError);
  const { message, report } = error as PartialApplyError;
  expect(report).toMatchObject({ applied: 1, failed: [], verified: false });
  expect(message).toContain('Nothing was read back.');
  const resumed = await resumeApply(access(), store, report.journalId as string, { clock });
  expect(resumed).toMatchObject({ failed: [], verified: true });
});

it('reports what AWS refuses, does the rest, and says how to go on', async () => {
  const plan = await planOf(
    change(tableKey('good'), table('good')),
    change(tableKey('bad'), { ...table('bad'), StorageDescriptor: { SchemaReference: {} } }),
    change(partitionKey('bad', '1'), partition('1')),
  );
  const error: unknown = await applyPlan(access(), plan, { journal: store, clock }).catch(
    (it: unknown) => it,
  );
  expect(error).toBeInstanceOf(PartialApplyError);
  const { message, report } = error as PartialApplyError;
  expect(report).toMatchObject({ applied: 1, verified: false });
  expect(report.failed.map(({ key }) => key.kind)).toEqual(['table', 'partition']);
  expect(message).toContain(`Resume journal ${report.journalId}, or roll it back.`);
});

it.each(['before', 'after'] as const)(
  'crashed %s any call and resumed, ends as if nothing had happened; rolled back, as it began',
  async (when) => {
    const plan = await mixedPlan(3, 2);
    const before = await catalogText();
    const whole = withFaults(embedded.clients().glue, {});
    const { journalId: first = '' } = await applyPlan({ glue: whole.glue, clock }, plan, {
      journal: store,
      clock,
    });
    const after = await catalogText();
    await rollBackApply(access(), store, first, { clock });

    for (let call = 1; call <= whole.calls.length; call++) {
      const known = new Set(await journalIds());
      const faulty = withFaults(embedded.clients().glue, { crashAt: { call, when } });
      const journal = faulty.storeOf(store);
      await applyPlan({ glue: faulty.glue, clock }, plan, { journal, clock, concurrency: 2 }).catch(() => {});
      const journalId = (await journalIds()).find((id) => !known.has(id));
      // Before the journal was begun nothing was done.
      if (journalId === undefined) {
        expect(await catalogText()).toBe(before);
        continue;
      }
      if (call % 2 === 0) {
        await resumeApply(access(), store, journalId, { clock });
        expect(await catalogText(), `call ${call}`).toBe(after);
      }
      await rollBackApply(access(), store, journalId, { clock });
      expect(await catalogText(), `call ${call}`).toBe(before);
    }
  },
);

async function journalIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { name } of store.list('journals/')) {
    if (name.endsWith('/plan.json')) ids.push(name.split('/')[1] as string);
  }
  return ids;
}
