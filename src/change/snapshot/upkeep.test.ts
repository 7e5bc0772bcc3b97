// A store of snapshots stays whole: whoever dies at whatever call, whatever is pruned while something is written.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Glue } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import {
  listSnapshots,
  planPrune,
  pruneSnapshots,
  readSnapshot,
  resolveSnapshotId,
  takeSnapshot,
  verifySnapshots,
  type SnapshotReason,
} from './index.js';
import type { TableEntry } from './manifest.js';
import { objectName } from './snapshot-store.js';
import { byChance } from '../../../test/law.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const DAY_MS = 24 * 3600_000;

let embedded: Embedded;
let glue: Glue;
const root = mkdtempSync(join(tmpdir(), 'gluepot-upkeep-'));
let folder: string;
let store: DocumentStore;
let storeCount = 0;

beforeAll(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  await embedded.clients().s3.createBucket({ Bucket: 'kept' });
  await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
  for (const Name of ['orders', 'customers']) {
    const TableInput = { Name, PartitionKeys: [{ Name: 'day', Type: 'int' }] };
    await glue.createTable({ DatabaseName: 'sales', TableInput });
    const PartitionInputList = [{ Values: ['1'] }, { Values: ['2'] }];
    await glue.batchCreatePartition({ DatabaseName: 'sales', TableName: Name, PartitionInputList });
  }
});

afterAll(async () => {
  await embedded.close();
  rmSync(root, { recursive: true, force: true });
});

beforeEach(() => newStore());

function newStore() {
  folder = join(root, String(storeCount++));
  store = openDocumentStore(folder, embedded.clients());
}

const later = (ms: number): Clock => ({
  now: () => new Date(Date.now() + ms),
  sleep: (pauseMs, signal) => systemClock.sleep(pauseMs, signal),
});

function take(into: DocumentStore = store, clock: Clock = systemClock, reason: SnapshotReason = 'manual') {
  const asked = { scope: {}, reason, tool: { name: 'gluepot', version: '1' } };
  return takeSnapshot({ glue }, HOME, into, asked, { clock });
}

let edits = 0;
const edit = () =>
  glue.updateTable({
    DatabaseName: 'sales',
    TableInput: {
      Name: 'orders',
      PartitionKeys: [{ Name: 'day', Type: 'int' }],
      Owner: String(edits++),
    },
  });

async function ids(): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of listSnapshots(store)) found.push(id);
  return found;
}

class Died extends Error {}

/** A store that is there for `calls` calls; the next one dies before or after its effect, and so do all that follow. */
function mortal(inner: DocumentStore, calls: number, isAfterEffect: boolean) {
  let left = calls;
  const living = async <T>(act: () => Promise<T>): Promise<T> => {
    if (left < 0) throw new Died();
    if (left-- > 0) return act();
    if (isAfterEffect) await act();
    throw new Died();
  };
  const store: DocumentStore = {
    location: inner.location,
    get: (name) => living(() => inner.get(name)),
    put: (...given) => living(() => inner.put(...given)),
    delete: (...given) => living(() => inner.delete(...given)),
    async *list(prefix) {
      await living(() => Promise.resolve());
      yield* inner.list(prefix);
    },
    folders: (parent) => inner.folders(parent),
  };
  return { store, hasDied: () => left < 0 };
}

describe.each([false, true])('who dies at a call to the store, after its effect: %s', (isAfterEffect) => {
  it('while taking a snapshot leaves what was there, and litter that a prune removes', async () => {
    const before = await take();
    let deaths = 0;
    for (let calls = 0; ; calls++) {
      await edit();
      const { store: dying, hasDied } = mortal(store, calls, isAfterEffect);
      const outcome = await take(dying).catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
        return undefined;
      });
      const { problems } = await verifySnapshots(store);
      expect(problems).toEqual([]);
      expect(await ids()).toContain(before.manifest.id);
      if (outcome && !hasDied()) break;
      deaths++;
    }
    expect(deaths).toBeGreaterThan(6);
    const report = await pruneSnapshots(store, { keepLast: 1 }, { clock: later(2 * DAY_MS) });
    expect(report).toMatchObject({ waitingFor: [], isPartial: false });
    expect(await verifySnapshots(store)).toMatchObject({ snapshots: 1, problems: [], unreferenced: 0 });
    const left: string[] = [];
    for await (const { name } of store.list()) left.push(name.split('/')[0] as string);
    expect([...new Set(left)]).toEqual(['manifests', 'objects']);
  });

  it('while pruning leaves whole snapshots, and the next prune ends the work', async () => {
    const clock = later(0);
    for (let calls = 0; ; calls++) {
      await edit();
      await take();
      await edit();
      await take();
      const { store: dying, hasDied } = mortal(store, calls, isAfterEffect);
      await pruneSnapshots(dying, { keepLast: 1 }).catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
      });
      expect((await verifySnapshots(store)).problems).toEqual([]);
      if (!hasDied()) break;
      await pruneSnapshots(store, { keepLast: 1 }, { clock: later(DAY_MS) });
      expect(await verifySnapshots(store)).toMatchObject({ snapshots: 1, problems: [], unreferenced: 0 });
    }
    await take(store, clock);
  });
});

it('a prune and snapshots at the same time, in whatever order their calls come, leave every snapshot whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      newStore();
      // The database is again what it was in the snapshot that is pruned, so its object is needed again.
      const describeDatabase = (Description: string) =>
        glue.updateDatabase({ Name: 'sales', DatabaseInput: { Name: 'sales', Description } });
      await describeDatabase('one');
      await take();
      await describeDatabase('other');
      await take();
      await describeDatabase('one');
      const inner = store;
      const scheduled: DocumentStore = {
        location: inner.location,
        get: async (name) => (await scheduler.schedule(Promise.resolve()), inner.get(name)),
        put: async (...given) => (await scheduler.schedule(Promise.resolve()), inner.put(...given)),
        delete: async (...given) => (await scheduler.schedule(Promise.resolve()), inner.delete(...given)),
        async *list(prefix) {
          await scheduler.schedule(Promise.resolve());
          yield* inner.list(prefix);
        },
        folders: (parent) => inner.folders(parent),
      };
      const clock: Clock = {
        now: () => new Date(),
        sleep: () => new Promise((resolve) => setTimeout(resolve, 1)),
      };
      const work = [
        take(scheduled, clock),
        pruneSnapshots(scheduled, { keepLast: 1 }, { clock }),
        take(scheduled, clock, 'pre-crawl'),
      ];
      await scheduler.waitFor(Promise.all(work));
      expect((await verifySnapshots(inner)).problems).toEqual([]);
    }),
    byChance({ numRuns: 15, seed: 20_261_122 }),
  );
});

it('a snapshot that is begun while objects go waits, and so relies on none of them', async () => {
  const describeDatabase = (Description: string) =>
    glue.updateDatabase({ Name: 'sales', DatabaseInput: { Name: 'sales', Description } });
  await describeDatabase('one');
  await take();
  await describeDatabase('other');
  await take();
  await describeDatabase('one');
  const clock: Clock = { ...systemClock, sleep: () => systemClock.sleep(5) };
  let taking: Promise<unknown> | undefined;
  const slow: DocumentStore = {
    ...store,
    async delete(name, condition) {
      if (name.startsWith('objects/')) {
        taking ??= take(store, clock);
        await Promise.race([taking, systemClock.sleep(200)]);
      }
      await store.delete(name, condition);
    },
  };
  expect(await pruneSnapshots(slow, { keepLast: 1 })).toMatchObject({ objects: 1 });
  await taking;
  expect(await verifySnapshots(store)).toMatchObject({ snapshots: 2, problems: [] });
});

describe('pruning', () => {
  it('shows what it would do, and does that', async () => {
    const first = await take();
    await edit();
    const second = await take();
    const plan = await planPrune(store, { keepLast: 1 });
    expect(plan).toMatchObject({
      keep: [{ id: second.manifest.id, reasons: ['one of the last'] }],
      remove: [first.manifest.id],
      unreadable: [],
    });
    expect(plan.objects).toHaveLength(1);
    expect(await ids()).toHaveLength(2);
    const report = await pruneSnapshots(store, { keepLast: 1 });
    expect(report).toEqual({
      removed: [first.manifest.id],
      objects: 1,
      bytes: plan.objects[0]?.size,
      abandoned: 0,
      waitingFor: [],
      isPartial: false,
    });
    expect(await ids()).toEqual([second.manifest.id]);
  });

  it('removes no object while a snapshot is being written, and says for which one', async () => {
    await take();
    await edit();
    await take();
    await store.put('writing/somebody.json', Buffer.from(JSON.stringify({ startedAt: new Date() })));
    const report = await pruneSnapshots(store, { keepLast: 1 });
    expect(report).toMatchObject({ objects: 0, waitingFor: ['somebody'], isPartial: false });
    expect(report.removed).toHaveLength(1);
    expect(await pruneSnapshots(store, { keepLast: 1 }, { clock: later(2 * DAY_MS) })).toMatchObject({
      objects: 1,
    });
  });

  it.each(['is interrupted', 'fails'])(
    'that %s lets others at the store when nothing is being removed any more',
    async (ending) => {
      await take();
      // More objects than are removed at once.
      for (let edited = 0; edited < 20; edited++) {
        await edit();
        await take();
      }
      const controller = new AbortController();
      let begun = 0;
      let underWay = 0;
      const underWayAtEnd: number[] = [];
      const slow: DocumentStore = {
        ...store,
        async delete(name, condition) {
          if (name === 'pruning.json') underWayAtEnd.push(underWay);
          if (!name.startsWith('objects/')) return store.delete(name, condition);
          const isFirst = begun++ === 0;
          underWay++;
          // The others take longer than the first.
          await systemClock.sleep(isFirst ? 1 : 50);
          if (isFirst) controller.abort(new Error('It is interrupted.'));
          underWay--;
          if (isFirst && ending === 'fails') throw new Error('It fails.');
          await store.delete(name);
        },
      };
      const options = ending === 'fails' ? {} : { signal: controller.signal };
      await expect(pruneSnapshots(slow, { keepLast: 1 }, options)).rejects.toThrow(`It ${ending}.`);
      expect(underWayAtEnd).toEqual([0]);
      expect(await pruneSnapshots(store, { keepLast: 1 })).toMatchObject({ removed: [] });
      expect(await verifySnapshots(store)).toMatchObject({ snapshots: 1, problems: [], unreferenced: 0 });
    },
  );

  it('removes what killed writers left in the folder, when none of them can be at work any more', async () => {
    await take();
    const left = ['objects/.0123456789abcdef.tmp', 'manifests/.pruning.json.lock.0a1b2c3d.tmp'];
    const mine = ['objects/.hidden', 'objects/notes.tmp'];
    for (const name of [...left, ...mine]) writeFileSync(join(folder, name), 'cut short');
    expect(await planPrune(store, {})).toMatchObject({ abandoned: [] });
    expect(await pruneSnapshots(store, {})).toMatchObject({ abandoned: 0 });
    const clock = later(DAY_MS + 1000);
    const { abandoned } = await planPrune(store, {}, clock);
    expect(abandoned.map(({ path, size }) => [path, size]).sort()).toEqual(
      left.map((name) => [join(folder, name), 9]).sort(),
    );
    expect(await pruneSnapshots(store, {}, { clock })).toMatchObject({ abandoned: 2 });
    expect([...left, ...mine].filter((name) => existsSync(join(folder, name)))).toEqual(mine);
  });

  it('leaves alone what it cannot read, and what that may need', async () => {
    const first = await take();
    await edit();
    await take();
    writeFileSync(join(folder, 'manifests', `${first.manifest.id}.json.gz`), gzipSync('{}'));
    writeFileSync(join(folder, 'objects', 'notes.txt'), 'mine');
    const plan = await planPrune(store, { keepLast: 1 });
    expect(plan).toMatchObject({ remove: [], objects: [], unreadable: [{ id: first.manifest.id }] });
    await pruneSnapshots(store, { keepLast: 1 });
    expect(await ids()).toHaveLength(2);
  });

  it('waits for nobody and is refused while another prune is at work', async () => {
    await take();
    const killed = { ...store, delete: () => Promise.reject(new Error('It was killed.')) };
    await expect(pruneSnapshots(killed, {})).rejects.toThrow('It was killed.');
    await expect(pruneSnapshots(store, {})).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/, should it have been killed, after \d{4}-.*Z\.$/) as string,
    });
    const impatient = { ...later(0), now: () => new Date(Date.now() + (edits += 50_000)) };
    await expect(take(store, impatient)).rejects.toMatchObject({ kind: 'conflict' });
    expect((await verifySnapshots(store)).problems).toEqual([]);
  });
});

describe('verifying', () => {
  it('finds what is missing or altered, and which snapshots that concerns', async () => {
    const first = await take();
    await edit();
    const second = await take();
    const shared = first.manifest.databases[0];
    if (!shared) throw new Error('There is a database.');
    const path = (hash: string) => join(folder, 'objects', `${hash}.json.gz`);
    writeFileSync(path(shared.sha256), gzipSync('{}'));
    const own = second.manifest.databases[0]?.tables.find(({ TableName }) => TableName === 'orders');
    rmSync(path(own?.sha256 ?? ''));
    const both = [first.manifest.id, second.manifest.id];
    expect((await verifySnapshots(store)).problems).toEqual(
      expect.arrayContaining([
        {
          snapshots: both,
          problem: `Object objects/${shared.sha256}.json.gz in ${folder} is damaged: its content has another checksum.`,
        },
        {
          snapshots: [second.manifest.id],
          problem: `Object objects/${own?.sha256}.json.gz in ${folder} is missing.`,
        },
      ]),
    );
    const reader = await readSnapshot(store, second.manifest.id);
    await expect(reader.table('sales', 'orders')).rejects.toMatchObject({ kind: 'failed' });
    const one = await verifySnapshots(store, first.manifest.id);
    expect(one.problems).toHaveLength(1);
    // What other snapshots need is not looked up for one.
    expect(one).not.toHaveProperty('unreferenced');
    const chunk = second.manifest.databases[0]?.tables.find(({ chunks }) => chunks.length > 0)?.chunks[0];
    rmSync(path(chunk?.sha256 ?? ''));
    const { problems } = await verifySnapshots(store);
    // Several of their tables have it, and each of them is named once.
    expect(problems.find(({ problem }) => problem.includes(chunk?.sha256 ?? ''))?.snapshots).toEqual(both);
  });

  it('finds an altered manifest, and a new snapshot does without it', async () => {
    const first = await take();
    const path = join(folder, 'manifests', `${first.manifest.id}.json.gz`);
    writeFileSync(path, gzipSync(JSON.stringify({ ...first.manifest, checksum: 'x' })));
    await expect(readSnapshot(store, first.manifest.id)).rejects.toThrow(
      'its checksum does not fit its content',
    );
    expect((await verifySnapshots(store)).problems).toHaveLength(1);
    const second = await take();
    expect(second.manifest).not.toHaveProperty('parent');
    expect(second.written.objects).toBe(0);
    const listed = [];
    for await (const one of listSnapshots(store)) listed.push('problem' in one);
    expect(listed).toEqual([false, true]);
  });
});

it('a new snapshot writes again what the store has lost or cut short, and so makes older ones whole, too', async () => {
  await take();
  const names: string[] = [];
  for await (const { name } of store.list('objects/')) names.push(name);
  // A database, two tables, and their partitions, which are alike unless a second passed between them.
  expect(names.length).toBeGreaterThan(3);
  rmSync(join(folder, names[0] as string));
  writeFileSync(join(folder, names[1] as string), 'cut short');
  expect((await verifySnapshots(store)).problems).toHaveLength(2);
  expect((await take()).written.objects).toBe(2);
  expect(await verifySnapshots(store)).toMatchObject({ snapshots: 2, objects: names.length, problems: [] });
  expect((await take()).written.objects).toBe(0);
});

it.each(['lost', 'cut short'])(
  'a backup of one table does not need what an older snapshot has %s',
  async (how) => {
    const { databases } = (await take()).manifest;
    const { sha256, size } = databases[0]?.tables.find(
      ({ TableName }) => TableName === 'orders',
    ) as TableEntry;
    const path = join(folder, objectName(sha256));
    expect(statSync(path).size).toBe(size);
    if (how === 'lost') rmSync(path);
    else writeFileSync(path, 'cut short');
    const scope = { databases: ['sales'], tables: ['orders'], partsOf: [] };
    const asked = { scope, reason: 'pre-apply' as const, tool: { name: 'gluepot', version: '1' } };
    const { manifest } = await takeSnapshot({ glue }, HOME, store, asked);
    expect(manifest.counts).toMatchObject({ tables: 1, partitions: 2 });
    expect((await verifySnapshots(store)).problems).toEqual([]);
  },
);

it('a snapshot is listed with the size of all that it needs, of which tables may share some', async () => {
  await take();
  let stored = 0;
  for await (const { size } of store.list('objects/')) stored += size;
  for await (const listed of listSnapshots(store)) {
    expect('summary' in listed ? listed.summary.size : 0).toBeGreaterThanOrEqual(stored);
  }
  expect(stored).toBeGreaterThan(0);
});

it('a snapshot is meant by its id, the beginning of it, or as the latest', async () => {
  await expect(resolveSnapshotId(store, 'latest')).rejects.toMatchObject({ kind: 'usage' });
  const { id } = (await take()).manifest;
  await expect(resolveSnapshotId(store, '')).rejects.toThrow('There is no snapshot ""');
  const newest = (await take()).manifest.id;
  expect(await resolveSnapshotId(store, 'latest')).toBe(newest);
  expect(await resolveSnapshotId(store, id)).toBe(id);
  expect(await resolveSnapshotId(store, id.slice(0, -1))).toBe(id);
  await expect(resolveSnapshotId(store, '20')).rejects.toThrow('is the beginning of 2 snapshots');
  await expect(resolveSnapshotId(store, 'x')).rejects.toThrow('There is no snapshot "x"');
});

it('is kept below an S3 prefix as in a folder', async () => {
  const inS3 = openDocumentStore('s3://kept/snapshots', embedded.clients());
  await take(inS3);
  await edit();
  const second = await take(inS3);
  expect(second.written.objects).toBe(1);
  expect(await verifySnapshots(inS3)).toMatchObject({ snapshots: 2, problems: [], unreferenced: 0 });
  expect(await pruneSnapshots(inS3, { keepLast: 1 })).toMatchObject({ objects: 1 });
  expect(await verifySnapshots(inS3)).toMatchObject({ snapshots: 1, problems: [], unreferenced: 0 });
});
