// Who reads many snapshots goes on when some of them are pruned meanwhile: what they needed is no damage.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import {
  listSnapshots,
  nearestSnapshots,
  pruneSnapshots,
  snapshotIds,
  takeSnapshot,
  verifySnapshots,
} from './index.js';
import { OBJECTS } from './snapshot-store.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const SNAPSHOTS_COUNT = 20;

const root = mkdtempSync(join(tmpdir(), 'gluepot-pruned-'));
let embedded: Embedded;
let store: DocumentStore;
let newest: string;

beforeAll(async () => {
  embedded = await openEmbedded();
  const { glue } = embedded.clients();
  await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
  const taken = openDocumentStore(join(root, 'taken'), embedded.clients());
  for (let count = 0; count < SNAPSHOTS_COUNT; count++) {
    await glue.updateDatabase({ Name: 'sales', DatabaseInput: { Name: 'sales', Description: `${count}` } });
    const asked = { scope: {}, reason: 'manual' as const, tool: { name: 'gluepot', version: '1' } };
    newest = (await takeSnapshot({ glue }, HOME, taken, asked)).manifest.id;
  }
});
afterAll(async () => {
  await embedded.close();
  rmSync(root, { recursive: true });
});

beforeEach(() => {
  const folder = mkdtempSync(join(root, 'store-'));
  cpSync(join(root, 'taken'), folder, { recursive: true });
  store = openDocumentStore(folder, embedded.clients());
});

/** The store, which is pruned right before the first document of a folder is read. */
function prunedBeforeReading(prefix: string): DocumentStore {
  let pruned: Promise<unknown> | undefined;
  return {
    ...store,
    async get(name) {
      if (name.startsWith(prefix)) await (pruned ??= pruneSnapshots(store, { keepLast: 1 }));
      return store.get(name);
    },
  };
}

it('a list shows those that are left', async () => {
  const listed: string[] = [];
  for await (const { id } of listSnapshots(prunedBeforeReading('manifests/'))) listed.push(id);
  expect(listed).toEqual([newest]);
});

it('the nearest are among those that are left', async () => {
  const asked = { ids: await snapshotIds(store), scope: {} };
  const found = await nearestSnapshots(prunedBeforeReading('manifests/'), HOME, asked);
  expect(found.map(({ manifest }) => manifest.id)).toEqual([newest]);
});

it.each(['manifests/', OBJECTS])('a check reports no damage, pruned before it reads %s', async (prefix) => {
  const { problems } = await verifySnapshots(prunedBeforeReading(prefix));
  expect(problems).toEqual([]);
});

it('a check of one that is gone says so', async () => {
  await expect(verifySnapshots(store, 'gone')).rejects.toThrow('There is no snapshot gone');
});

it('a list of the newest reads no others', async () => {
  const read: string[] = [];
  const reading = { ...store, get: (name: string) => (read.push(name), store.get(name)) };
  const listed: string[] = [];
  for await (const { id } of listSnapshots(reading, { limit: 2 })) listed.push(id);
  expect(listed).toEqual((await snapshotIds(store)).slice(-2).reverse());
  expect(read).toHaveLength(2);
});
