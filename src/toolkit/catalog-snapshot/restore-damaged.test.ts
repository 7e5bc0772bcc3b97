// A restore of a snapshot of which the store has lost a part: what is whole comes back when it is named, and what is not is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue, TableInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDocumentStore, type DocumentStore } from '../../change/document-store.js';
import { keyLabel } from '../../change/index.js';
import { readSnapshot } from '../../change/snapshot/index.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { planRestore } from './plan-restore.js';
import { snapshotCatalog } from './snapshot-catalog.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const DatabaseName = 'sales';
const NAMES = ['customers', 'orders', 'returns'];

let embedded: Embedded;
let glue: Glue;
let folder: string;
let store: DocumentStore;
const ids = { chosen: '', last: '' };

const table = (Name: string, Owner: string): TableInput => ({
  ...{ Name, Owner, PartitionKeys: [{ Name: 'day', Type: 'int' }] },
  StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint' }] },
});

const take = async () =>
  (await snapshotCatalog(embedded.clients(), { store: folder, version: '1' })).manifest.id;

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  folder = mkdtempSync(join(tmpdir(), 'gluepot-damaged-'));
  store = openDocumentStore(folder, embedded.clients());
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  for (const Name of NAMES) {
    await glue.createTable({ DatabaseName, TableInput: table(Name, 'before') });
    await glue.createPartition({
      DatabaseName,
      TableName: Name,
      PartitionInput: { Values: ['1'], Parameters: { of: Name } },
    });
  }
  ids.chosen = await take();
  for (const Name of NAMES) {
    await glue.updateTable({ DatabaseName, TableInput: table(Name, 'after') });
    await glue.deletePartition({ DatabaseName, TableName: Name, PartitionValues: ['1'] });
  }
  ids.last = await take();
});

afterEach(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes the objects of a table in a snapshot away: the table itself, or its partitions. */
async function lose(id: string, name: string, part: 'table' | 'partitions'): Promise<string[]> {
  const { manifest } = await readSnapshot(store, id);
  const entry = manifest.databases[0]?.tables.find(({ TableName }) => TableName === name);
  const objects = part === 'table' ? [entry] : (entry?.chunks ?? []);
  const names = objects.map((object) => `objects/${object?.sha256}.json.gz`);
  expect(names.length).toBeGreaterThan(0);
  for (const lost of names) await store.delete(lost);
  return names;
}

async function linesOf(tables?: string[]): Promise<string[]> {
  const { plan } = await planRestore({ glue }, HOME, store, { snapshotId: ids.chosen, tables });
  return plan.changes.map(({ action, key, reason }) =>
    action === 'skip' ? `skip ${keyLabel(key)}: ${reason}` : `${action} ${keyLabel(key)}`,
  );
}

it.each(['table', 'partitions'] as const)(
  'restores what is whole when it is named: another’s %s is lost',
  async (part) => {
    await lose(ids.chosen, 'customers', part);
    expect(await linesOf(['orders'])).toEqual([
      'update table sales.orders',
      'recreate partition sales.orders [1]',
    ]);
  },
);

it('refuses all when something of what was asked for is damaged, and names each', async () => {
  const [customers = ''] = await lose(ids.chosen, 'customers', 'table');
  const [returned = ''] = await lose(ids.chosen, 'returns', 'partitions');
  const message = (label: string, object: string) => `${label} (Object ${object} in ${folder} is missing)`;
  await expect(linesOf()).rejects.toMatchObject({
    kind: 'failed',
    message:
      `Nothing was done: of snapshot ${ids.chosen}, what was asked for is damaged: ` +
      `${message('table sales.customers', customers)}, ${message('table sales.returns', returned)}. What is whole can be ` +
      'restored by itself, with --database, --table or --except; these can come from another snapshot.',
  });
  await expect(linesOf(['*s'])).rejects.toThrow(message('table sales.returns', returned));
  await expect(linesOf(['c*'])).rejects.not.toThrow('sales.returns');
});

it('takes for somebody else’s what the last snapshot cannot tell of any more, and does the rest', async () => {
  await lose(ids.last, 'orders', 'table');
  expect(await linesOf(['[co]*'])).toEqual([
    'update table sales.customers',
    'conflict table sales.orders',
    'recreate partition sales.customers [1]',
    'conflict partition sales.orders [1]',
  ]);
});
