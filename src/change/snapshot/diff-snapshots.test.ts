// A comparison of snapshots finds what a comparison of everything would find, though it skips what has the same hash.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { ObjectOf } from '../catalog-object.js';
import { openFolderDocuments } from '../document-store/folder-documents.js';
import { diffSnapshots } from './diff-snapshots.js';
import type { SnapshotManifest } from './manifest.js';
import { writePartitionChunks } from './partition-chunks.js';
import { openSnapshot, type Snapshot } from './read-snapshot.js';
import { openObjectWriter } from './snapshot-store.js';
import { byChance } from '../../../test/law.js';

const folder = mkdtempSync(join(tmpdir(), 'gluepot-diff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const store = openFolderDocuments(folder);
const writer = openObjectWriter(store, { whole: [], damaged: new Set() });

/** Partitions of the one table: the value, and what it is. */
type Partitions = ReadonlyMap<number, string>;

async function snapshotOf(partitions: Partitions): Promise<Snapshot> {
  async function* pages(): AsyncGenerator<ObjectOf<'partition'>[]> {
    yield [...partitions].map(([day, Location]) => ({
      key: { kind: 'partition', DatabaseName: 'd', TableName: 't', Values: [String(day)] },
      definition: { Values: [String(day)], StorageDescriptor: { Location } },
      provenance: {},
    }));
  }
  const chunks = await writePartitionChunks(writer, pages());
  const json = { kind: 'table', DatabaseName: 'd', definition: { Name: 't' }, provenance: {}, indexes: [] };
  const table = await writer.write(JSON.stringify(json));
  const database = await writer.write('{"kind":"database","definition":{"Name":"d"}}');
  const manifest: SnapshotManifest = {
    schemaVersion: 1,
    id: '20240501T100000.000Z-aaaaaaaa-bbbbbb',
    accountId: '123456789012',
    region: 'us-east-1',
    startedAt: '2024-05-01T10:00:00.000Z',
    takenAt: '2024-05-01T10:00:00.000Z',
    scope: {},
    reason: 'manual',
    labels: {},
    tool: { name: 'gluepot', version: '1' },
    counts: { databases: 1, tables: 1, partitions: partitions.size, moving: 0 },
    databases: [{ DatabaseName: 'd', ...database, tables: [{ TableName: 't', ...table, chunks }] }],
  };
  return openSnapshot(store, manifest);
}

function naiveDifferences(before: Partitions, after: Partitions): string[] {
  const found: string[] = [];
  for (const [day, location] of after) {
    if (!before.has(day)) found.push(`create ${day}`);
    else if (before.get(day) !== location) found.push(`update ${day}`);
  }
  for (const day of before.keys()) if (!after.has(day)) found.push(`delete ${day}`);
  return found.sort();
}

it('of partitions, whatever comes, goes and changes', async () => {
  const day = fc.integer({ min: 0, max: 3999 });
  const edits = fc.record({
    size: fc.integer({ min: 0, max: 3000 }),
    gone: fc.array(day, { maxLength: 20 }),
    come: fc.array(day, { maxLength: 20 }),
    changed: fc.array(day, { maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(edits, async ({ size, gone, come, changed }) => {
      const before = new Map(Array.from({ length: size }, (_, index) => [index, 's3://old/']));
      const after = new Map(before);
      for (const one of gone) after.delete(one);
      for (const one of come) after.set(one, after.get(one) ?? 's3://came/');
      for (const one of changed) if (after.has(one)) after.set(one, 's3://new/');
      const [old, now] = [await snapshotOf(before), await snapshotOf(after)];
      const found: string[] = [];
      for await (const { action, key } of diffSnapshots(old, now)) {
        found.push(`${action} ${key.kind === 'partition' ? key.Values.join() : key.kind}`);
      }
      expect(found.sort()).toEqual(naiveDifferences(before, after));
    }),
    byChance({ numRuns: 25, seed: 20_261_122 }),
  );
});
