// Which snapshot, or which backup, is the evidence of what a table and its partitions were on a side of the crawls.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDocumentStore } from '../../change/document-store.js';
import { openSnapshot, type Snapshot, type SnapshotManifest } from '../../change/snapshot/index.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { snapshotCatalog } from '../catalog-snapshot/index.js';
import { partitionKnowledge, tableKnowledge } from './object-knowledge.js';
import type { SampleBackup } from './sample-backup/read-backup.js';
import { untouchedPartitionCount, viewOfTable, type Side, type SnapshotsAround } from './table-view.js';

const DatabaseName = 'sales';
const key = { kind: 'table' as const, DatabaseName, TableName: 'orders' };
let embedded: Embedded;
let glue: Glue;
let folder: string;

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  folder = mkdtempSync(join(tmpdir(), 'gluepot-knowledge-'));
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  await glue.createTable({ DatabaseName, TableInput: table('first') });
  await addPartition('1');
});
afterEach(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true });
});

const table = (Owner: string) => ({
  ...{ Name: 'orders', Owner, PartitionKeys: [{ Name: 'day', Type: 'int' }] },
});
const addPartition = (value: string) =>
  glue.createPartition({ DatabaseName, TableName: 'orders', PartitionInput: { Values: [value] } });

/** A snapshot of now, with what `alter` makes of its entry of the table. */
async function snapshot(
  alter: (entry: SnapshotManifest['databases'][0]['tables'][0]) => object = (entry) => entry,
  scope = {},
): Promise<Snapshot> {
  const { manifest } = await snapshotCatalog(embedded.clients(), { store: folder, version: '1', scope });
  const databases = manifest.databases.map((database) => ({
    ...database,
    tables: database.tables.map((entry) => alter(entry) as typeof entry),
  }));
  return openSnapshot(openDocumentStore(folder, embedded.clients()), { ...manifest, databases });
}

/** Nothing of a store that nobody touched is damaged. */
const viewOf = (around: SnapshotsAround, side: Side) =>
  viewOfTable(around, side, key, ({ problem }) => {
    throw new Error(problem);
  });

const backup: SampleBackup = {
  ...{ location: '/backup', run: '', otherRuns: [], takenAt: new Date(0) },
  tables: [
    {
      table: { key, definition: { Name: 'orders', Owner: 'backup' }, provenance: {} },
      partitions: new Map([
        [
          '["7"]',
          {
            key: { kind: 'partition', DatabaseName, TableName: 'orders', Values: ['7'] },
            definition: { Values: ['7'] },
            provenance: {},
          },
        ],
      ]),
    },
  ],
};

describe('a table is known', () => {
  it('by the nearest snapshot that covers it and did not see it move, else by a backup, else not', async () => {
    const older = await snapshot();
    await glue.updateTable({ DatabaseName, TableInput: table('second') });
    const moving = await snapshot((entry) => ({ ...entry, isMoving: true }));
    const elsewhere = await snapshot(undefined, { tables: 'customers*' });
    const ofOwner = async (snapshots: Snapshot[], withBackup = true) => {
      const given = withBackup ? { backup: { side: 'before' as const, from: backup } } : {};
      const around = { before: snapshots, after: [], ...given };
      const knowledge = tableKnowledge(await viewOf(around, 'before'), 'before');
      return knowledge.known ? (knowledge.definition as { Owner: string }).Owner : knowledge.reason;
    };
    expect(await ofOwner([elsewhere, moving, older])).toBe('first');
    expect(await ofOwner([elsewhere, moving])).toBe('backup');
    expect(await ofOwner([elsewhere, moving], false)).toBe('no snapshot from before the crawl covers it');
    expect(await ofOwner([await snapshot(), older])).toBe('second');
    const after = { before: [older], after: [], backup: { side: 'before' as const, from: backup } };
    expect(await viewOf(after, 'after')).toBeUndefined();
  });

  it('and its partitions: those that a snapshot has not were not there, those that a backup has not may have been', async () => {
    const view = await viewOf({ before: [await snapshot()], after: [] }, 'before');
    expect(await partitionKnowledge(view, 'before', ['1'])).toMatchObject({
      known: true,
      definition: { Values: ['1'] },
    });
    expect(await partitionKnowledge(view, 'before', ['2'])).toMatchObject({
      known: true,
      definition: undefined,
    });
    const around = { before: [], after: [], backup: { side: 'before' as const, from: backup } };
    const kept = await viewOf(around, 'before');
    expect(await partitionKnowledge(kept, 'before', ['7'])).toMatchObject({
      ...{ known: true, definition: { Values: ['7'] } },
      evidence: [{ from: 'backup-file', location: '/backup' }],
    });
    expect(await partitionKnowledge(kept, 'before', ['1'])).toMatchObject({ known: false });
  });
});

it('a table is untouched where both sides have the same version of it, with the same partitions', async () => {
  await addPartition('2');
  const [before, after] = [await snapshot(), await snapshot()];
  expect(untouchedPartitionCount({ before: [before], after: [after] }, key)).toBe(2);
  expect(untouchedPartitionCount({ before: [before], after: [] }, key)).toBeUndefined();
  const moving = await snapshot((entry) => ({ ...entry, isMoving: true }));
  expect(untouchedPartitionCount({ before: [moving], after: [after] }, key)).toBeUndefined();
  // Without versions an edit that was taken back between the two cannot be told.
  const unversioned = await snapshot((entry) => ({ ...entry, VersionId: undefined }));
  expect(untouchedPartitionCount({ before: [unversioned], after: [unversioned] }, key)).toBeUndefined();
  await addPartition('3');
  expect(untouchedPartitionCount({ before: [before], after: [await snapshot()] }, key)).toBeUndefined();
});
