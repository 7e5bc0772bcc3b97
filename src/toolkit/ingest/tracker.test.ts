// Manifests and trackers: of several runs at once one wins, and no late one takes a tracker back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDocumentStore, type DocumentStore } from '../../change/index.js';
import { advanceTracker, readTracker, writeManifest, type Generation } from './tracker.js';

let folder: string;
let store: DocumentStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-tracker-'));
  // A folder needs no client.
  store = openDocumentStore(folder, { s3: undefined as unknown as S3Client });
});
afterEach(() => rmSync(folder, { recursive: true }));

const generation = (sequence: number, runId: string): Generation => ({
  ...{ schemaVersion: 1, table: 'orders', sequence, runId, load: 'incremental', disposition: 'append' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', committedAt: '2026-01-01T00:01:00.000Z' },
  counts: { read: 0, added: 0, updated: 0, deleted: 0, unchanged: 0, ties: 0 },
  ...{ columns: [], schemaHash: '', location: 's3://lake/orders/', files: [], copies: [], replaced: [] },
});
const present = async () => (await readTracker(store, 'orders')).generation?.runId;

it('lets the first of two runs commit a number, and that run commit it again', async () => {
  await writeManifest(store, generation(1, 'first'));
  await expect(writeManifest(store, generation(1, 'second'))).rejects.toThrow(
    'Another run (first) has ingested orders meanwhile.',
  );
  await expect(writeManifest(store, generation(1, 'first'))).resolves.toBeUndefined();
});

it('is not taken back by a run that read it before another one went further', async () => {
  await advanceTracker(store, generation(1, 'first'), undefined);
  const { ETag } = await readTracker(store, 'orders');
  await advanceTracker(store, generation(3, 'fast'), ETag);
  await advanceTracker(store, generation(2, 'slow'), ETag);
  await advanceTracker(store, generation(1, 'first'), undefined);
  expect(await present()).toBe('fast');
});

it('refuses a run that goes further from a state that is no longer there', async () => {
  await advanceTracker(store, generation(1, 'first'), undefined);
  const { ETag } = await readTracker(store, 'orders');
  await advanceTracker(store, generation(2, 'second'), ETag);
  await expect(advanceTracker(store, generation(3, 'third'), ETag)).rejects.toMatchObject({
    kind: 'conflict',
  });
  await expect(advanceTracker(store, generation(3, 'third'), undefined)).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(await present()).toBe('second');
});
