// Rules of snapshots and their upkeep that nothing shows until they are broken: times, other catalogs, limits on waiting.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { sha256 } from '../canonical-definition.js';
import type { CatalogHome } from '../catalog-home.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import {
  diffSnapshots,
  pruneSnapshots,
  readSnapshot,
  nearestSnapshots,
  snapshotIds,
  takeSnapshot,
  verifySnapshots,
  type SnapshotScope,
} from './index.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const HOUR_MS = 3600_000;

let embedded: Embedded;
let glue: Glue;
let folder: string;
let store: DocumentStore;

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  folder = mkdtempSync(join(tmpdir(), 'gluepot-rules-'));
  store = openDocumentStore(folder, embedded.clients());
  await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
  await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
});
afterEach(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true });
});

/** Time that goes on by `stepMs` whenever somebody looks at it. */
function striding(stepMs: number): Clock {
  let now = Date.UTC(2024, 0, 1);
  return { ...systemClock, now: () => new Date((now += stepMs)) };
}

const take = (more: { scope?: SnapshotScope; home?: CatalogHome; clock?: Clock } = {}) => {
  const { scope = {}, home = HOME, clock = systemClock } = more;
  const asked = { scope, reason: 'manual' as const, tool: { name: 'gluepot', version: '1' } };
  return takeSnapshot({ glue }, home, store, asked, { clock });
};

it('a snapshot is of the time when its reading ended, and knows when it began', async () => {
  const { startedAt, takenAt } = (await take({ clock: striding(1000) })).manifest;
  expect(Date.parse(takenAt)).toBeGreaterThan(Date.parse(startedAt));
});

it('one that took half a day is given up: what it relies on may be gone', async () => {
  await expect(take({ clock: striding(13 * HOUR_MS) })).rejects.toMatchObject({
    kind: 'timed-out',
    message: expect.stringContaining('more than 12 hours') as string,
  });
  expect((await verifySnapshots(store)).snapshots).toBe(0);
});

it('snapshots of another account or region are none of this catalog', async () => {
  const { manifest } = await take();
  await take({ home: { ...HOME, region: 'eu-west-1' } });
  const elsewhere = (await take({ home: { ...HOME, accountId: '999999999999' } })).manifest;
  expect(elsewhere.parent).toBeUndefined();
  const found = await nearestSnapshots(store, HOME, { ids: await snapshotIds(store), scope: {} });
  expect(found.map((one) => one.manifest.id)).toEqual([manifest.id]);
});

it('what one of two snapshots does not cover is no difference', async () => {
  const narrow = await take({ scope: { databases: ['sales'] } });
  await glue.createDatabase({ DatabaseInput: { Name: 'other' } });
  await glue.createTable({ DatabaseName: 'other', TableInput: { Name: 't' } });
  await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'late' } });
  const wide = await take();
  const [one, other] = [
    await readSnapshot(store, narrow.manifest.id),
    await readSnapshot(store, wide.manifest.id),
  ];
  const differences = async (before: typeof one, after: typeof one) => {
    const lines: string[] = [];
    for await (const { action, key } of diffSnapshots(before, after))
      lines.push(`${action} ${JSON.stringify(key)}`);
    return lines;
  };
  const late = '{"kind":"table","DatabaseName":"sales","TableName":"late"}';
  expect(await differences(one, other)).toEqual([`create ${late}`]);
  expect(await differences(other, one)).toEqual([`delete ${late}`]);
});

it('names are found in any case', async () => {
  const { manifest } = await take();
  const snapshot = await readSnapshot(store, manifest.id);
  expect(await snapshot.database('SALES')).toBeDefined();
  expect((await snapshot.table('Sales', 'ORDERS'))?.table.key.TableName).toBe('orders');
});

it('statistics of partitions are covered only where they were asked for', async () => {
  const key = {
    kind: 'partition-statistics',
    DatabaseName: 'sales',
    TableName: 'orders',
    Values: ['1'],
  } as const;
  const ofTable = { kind: 'table-statistics', DatabaseName: 'sales', TableName: 'orders' } as const;
  const covers = async (statistics: SnapshotScope['statistics']) => {
    const { manifest } = await take({ scope: { statistics } });
    const snapshot = await readSnapshot(store, manifest.id);
    return [snapshot.covers(ofTable), snapshot.covers(key)];
  };
  expect(await covers('none')).toEqual([false, false]);
  expect(await covers('tables')).toEqual([true, false]);
  expect(await covers('all')).toEqual([true, true]);
});

it('a prune that takes too long leaves the rest to a later one', async () => {
  await take();
  for (const Description of ['a', 'b']) {
    await glue.updateTable({ DatabaseName: 'sales', TableInput: { Name: 'orders', Description } });
    await take();
  }
  // It is at work for ten minutes at most; each look at the clock takes six.
  const slow = await pruneSnapshots(store, { keepLast: 1 }, { clock: striding(6 * 60_000) });
  expect(slow).toMatchObject({ isPartial: true });
  const rest = await pruneSnapshots(store, { keepLast: 1 });
  expect(rest).toMatchObject({ isPartial: false });
  expect(slow.objects + rest.objects).toBe(2);
  expect(rest.objects).toBeGreaterThan(0);
});

it('what is beside its objects and manifests is nobody’s garbage', async () => {
  await take();
  await store.put('objects/notes.json.gz', Buffer.from('mine'));
  expect(await pruneSnapshots(store, { keepLast: 1 })).toMatchObject({ objects: 0 });
  expect(await store.get('objects/notes.json.gz')).toBeDefined();
  expect(await verifySnapshots(store)).toMatchObject({ problems: [], unreferenced: 0 });
});

/** The mark of somebody who began so long ago. */
const mark = (name: string, agoMs: number) =>
  store.put(name, Buffer.from(JSON.stringify({ startedAt: new Date(Date.now() - agoMs) })));

it('what a snapshot relies on that is being written stays for a day', async () => {
  const { manifest } = await take();
  await glue.updateTable({ DatabaseName: 'sales', TableInput: { Name: 'orders', Description: 'later' } });
  await take();
  await mark('writing/slow.json', 23 * HOUR_MS);
  const prune = () => pruneSnapshots(store, { keepLast: 1 });
  expect(await prune()).toMatchObject({ removed: [manifest.id], waitingFor: ['slow'], objects: 0 });
  await mark('writing/slow.json', 25 * HOUR_MS);
  expect(await prune()).toMatchObject({ waitingFor: [], objects: 1, isPartial: false });
  expect(await store.get('writing/slow.json')).toBeUndefined();
});

/** It dies before it is done. */
async function killedPrune(agoMs: number) {
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() - agoMs) };
  const dead = { ...store, delete: () => Promise.reject(new Error('It was killed.')) };
  await expect(pruneSnapshots(dead, { keepLast: 1 }, { clock })).rejects.toThrow('It was killed.');
}

it.each([undefined, 21 * 60_000])(
  'of two prunes at once one is at work; another was killed since: %s ms',
  async (agoMs) => {
    await take();
    if (agoMs !== undefined) await killedPrune(agoMs);
    let asking = 0;
    let bothAsked = () => {};
    const both = new Promise<void>((resolve) => (bothAsked = resolve));
    let isRefused = () => {};
    const refused = new Promise<void>((resolve) => (isRefused = resolve));
    const asked: DocumentStore = {
      ...store,
      async get(name) {
        const found = await store.get(name);
        if (name !== 'pruning.json' || agoMs === undefined) return found;
        // Each sees what there was before the other came.
        if (++asking === 2) bothAsked();
        await both;
        return found;
      },
      async *list(prefix) {
        await refused;
        yield* store.list(prefix);
      },
    };
    const ends = await Promise.allSettled(
      [0, 1].map(() => pruneSnapshots(asked, { keepLast: 1 }).finally(isRefused)),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'conflict' } });
    expect(await store.get('pruning.json')).toBeUndefined();
  },
);

it('a prune that was given up for dead leaves the mark of the one that came after it', async () => {
  await take();
  await take();
  const late: DocumentStore = {
    ...store,
    async delete(name, condition) {
      if (name.startsWith('manifests/')) await store.put('pruning.json', Buffer.from('{}'));
      await store.delete(name, condition);
    },
  };
  await expect(pruneSnapshots(late, { keepLast: 1 })).rejects.toMatchObject({ kind: 'conflict' });
  expect(await store.get('pruning.json')).toBeDefined();
});

it('a store that does not answer is no damage', async () => {
  await take();
  const silent = { ...store, get: () => Promise.reject(new Error('No network.')) };
  await expect(verifySnapshots(silent)).rejects.toThrow('No network.');
});

it('a prune that was killed stops nobody after twenty minutes', async () => {
  await killedPrune(19 * 60_000);
  await expect(pruneSnapshots(store, { keepLast: 1 })).rejects.toMatchObject({ kind: 'conflict' });
  await store.delete('pruning.json');
  await killedPrune(21 * 60_000);
  await take();
  expect(await pruneSnapshots(store, { keepLast: 1 })).toMatchObject({ removed: [] });
  expect(await store.get('pruning.json')).toBeUndefined();
});

it('a chunk with another number of partitions than its manifest says is found', async () => {
  const TableInput = { Name: 'daily', PartitionKeys: [{ Name: 'day', Type: 'int' }] };
  await glue.createTable({ DatabaseName: 'sales', TableInput });
  await glue.createPartition({
    DatabaseName: 'sales',
    TableName: 'daily',
    PartitionInput: { Values: ['1'] },
  });
  const { manifest } = await take();
  const name = `manifests/${manifest.id}.json.gz`;
  const bytes = (await store.get(name))?.bytes ?? new Uint8Array();
  const known = JSON.parse(gunzipSync(bytes).toString('utf8')) as Record<string, unknown>;
  delete known.checksum;
  const altered = JSON.parse(JSON.stringify(known).replace('"count":1,', '"count":2,')) as typeof known;
  const { databases, ...head } = altered;
  const text = JSON.stringify({ ...head, databases });
  await store.put(name, gzipSync(JSON.stringify({ checksum: sha256(text), ...altered })));
  const { problems } = await verifySnapshots(store);
  expect(problems.map(({ problem }) => problem)).toEqual([
    expect.stringContaining('has 1 partitions, and should have 2'),
  ]);
});
