// A restore puts the catalog back, and is itself taken back by a restore.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyLabel } from '../../change/catalog-key.js';
import { openDocumentStore, type DocumentStore } from '../../change/document-store.js';
import { listSnapshots, readSnapshot } from '../../change/snapshot/index.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { applyRestore } from './apply-restore.js';
import { compareSnapshots, NOW } from './compare-snapshots.js';
import { planRestore } from './plan-restore.js';
import { snapshotCatalog } from './snapshot-catalog.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const DatabaseName = 'sales';

let embedded: Embedded;
let glue: Glue;
let folder: string;
let store: DocumentStore;

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  folder = mkdtempSync(join(tmpdir(), 'gluepot-restore-'));
  store = openDocumentStore(folder, embedded.clients());
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  await makeTable('orders', 250);
  await makeTable('customers', 3);
});

afterEach(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true, force: true });
});

const table = (Name: string) => ({
  Name,
  StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint' }], Location: `s3://lake/${Name}/` },
  PartitionKeys: [{ Name: 'day', Type: 'int' }],
});

async function makeTable(Name: string, partitionCount: number) {
  const PartitionIndexes = [{ IndexName: 'by_day', Keys: ['day'] }];
  await glue.createTable({ DatabaseName, TableInput: table(Name), PartitionIndexes });
  for (let start = 0; start < partitionCount; start += 100) {
    const PartitionInputList = Array.from({ length: Math.min(100, partitionCount - start) }, (_, index) => ({
      Values: [String(start + index)],
      StorageDescriptor: { Location: `s3://lake/${Name}/${start + index}/` },
    }));
    await glue.batchCreatePartition({ DatabaseName, TableName: Name, PartitionInputList });
  }
}

/** Deletes, makes and changes tables and partitions. */
async function damage() {
  await glue.deleteTable({ DatabaseName, Name: 'orders' });
  await makeTable('strange', 130);
  await glue.updateTable({ DatabaseName, TableInput: { ...table('customers'), Owner: 'somebody' } });
  const TableName = 'customers';
  await glue.deletePartition({ DatabaseName, TableName, PartitionValues: ['0'] });
  await glue.createPartition({ DatabaseName, TableName, PartitionInput: { Values: ['9'] } });
  const PartitionInput = { Values: ['1'], StorageDescriptor: { Location: 's3://elsewhere/' } };
  await glue.updatePartition({ DatabaseName, TableName, PartitionValueList: ['1'], PartitionInput });
}

const take = async () =>
  (await snapshotCatalog(embedded.clients(), { store: folder, version: '1' })).manifest.id;
const plan = async (snapshotId: string) => (await planRestore({ glue }, HOME, store, { snapshotId })).plan;
const restore = async (id: string) =>
  applyRestore(embedded.clients(), store, await plan(id), { version: '1' });

async function differencesSince(id: string): Promise<number> {
  const { differences, close } = await compareSnapshots({ glue }, HOME, store, [id, NOW]);
  let count = 0;
  for await (const { action } of differences) if (action) count++;
  await close();
  return count;
}

it('makes the catalog what it was, and what it was before that, and what it was again', async () => {
  const good = await take();
  await damage();
  const damaged = await take();
  const changes = await differencesSince(good);
  expect(changes).toBeGreaterThan(380);

  const report = await restore(good);
  expect(report).toMatchObject({ applied: changes, failed: [], conflicts: [], verified: true });
  expect(report.notRestored).toEqual([
    expect.stringMatching(/ made anew without older versions/),
    expect.stringMatching(/ deleted: older versions/),
    expect.stringMatching(/ deleted: column statistics/),
    expect.stringMatching(/ made anew without column statistics/),
  ]);
  expect(await differencesSince(good)).toBe(0);

  const back = await restore(report.beforeId);
  expect(back).toMatchObject({ applied: changes, verified: true });
  expect(await differencesSince(damaged)).toBe(0);
  await restore(report.afterId);
  expect(await differencesSince(good)).toBe(0);
});

it('keeps what was before and what came of it under names that say so', async () => {
  const good = await take();
  await damage();
  await take();
  const planned = await plan(good);
  const { beforeId, afterId } = await applyRestore(embedded.clients(), store, planned, { version: '2' });
  const of = { labels: { restored: good, plan: planned.planId }, tool: { name: 'gluepot', version: '2' } };
  expect((await readSnapshot(store, beforeId)).manifest).toMatchObject({ reason: 'pre-apply', ...of });
  expect((await readSnapshot(store, afterId)).manifest).toMatchObject({ reason: 'post-apply', ...of });
});

it('does nothing, and keeps nothing, with a plan of another account or region', async () => {
  const good = await take();
  await damage();
  await take();
  const elsewhere = { ...(await plan(good)), region: 'eu-west-1' };
  await expect(applyRestore(embedded.clients(), store, elsewhere, { version: '1' })).rejects.toMatchObject({
    kind: 'usage',
    message:
      'The plan is of account 123456789012 in eu-west-1, and this is account 123456789012 in us-east-1. ' +
      'Look at --profile and --region.',
  });
  expect(await differencesSince(good)).toBeGreaterThan(0);
  const kept: string[] = [];
  for await (const { id } of listSnapshots(store)) kept.push(id);
  expect(kept).toHaveLength(2);
});

it('does nothing when the catalog moved after it was planned, and has taken its snapshot', async () => {
  const good = await take();
  await damage();
  await take();
  const planned = await plan(good);
  await glue.updateTable({ DatabaseName, TableInput: { ...table('customers'), Owner: 'somebody else' } });
  await expect(applyRestore(embedded.clients(), store, planned, { version: '1' })).rejects.toMatchObject({
    kind: 'conflict',
  });
  const { Table } = await glue.getTable({ DatabaseName, Name: 'customers' });
  expect(Table?.Owner).toBe('somebody else');
  await expect(glue.getTable({ DatabaseName, Name: 'orders' })).rejects.toThrow('not found');
  const conflicts = (await plan(good)).changes.filter(({ action }) => action === 'conflict');
  expect(conflicts.map(({ key }) => keyLabel(key))).toEqual(['table sales.customers']);
});
