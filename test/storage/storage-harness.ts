// Object storage over a temporary folder, for tests of what it does to the files there.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock, type Clock } from '../../src/base/clock.js';
import { randomIds } from '../../src/base/ids.js';
import { documentsSchema } from '../../src/state/documents.js';
import { openState } from '../../src/state/state.js';
import { openObjectStorage } from '../../src/storage/local-object-storage.js';
import type { ObjectStorage } from '../../src/storage/object-storage.js';
import { storageSchema } from '../../src/storage/storage-schema.js';

export const BUCKET = 'lake';

export type StorageHarness = ReturnType<typeof openStorageHarness>;

/** Opens `folder`, by default a new one; with `BUCKET` in it. */
export function openStorageHarness(options: { folder?: string; clock?: Clock } = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'gluepot-storage-'));
  const state = openState(join(folder, 'state.sqlite'), [documentsSchema, storageSchema]);
  const storage = openObjectStorage(state, {
    root: join(folder, 's3'),
    clock: options.clock ?? systemClock,
    ids: randomIds,
    region: 'us-east-1',
  });
  // What the crawler and jobs take it for.
  const asObjectStorage: ObjectStorage = storage;
  if (!asObjectStorage.hasBucket(BUCKET)) storage.buckets.create(BUCKET, 'us-east-1');
  return {
    folder,
    state,
    storage,
    put: (key: string, text = key) => storage.put(BUCKET, key, Buffer.from(text)),
    /** As jobs write. */
    adopt(key: string, text = key) {
      const path = storage.temporaryPath();
      writeFileSync(path, text);
      return storage.adopt(BUCKET, key, path);
    },
    /** A file put into the bucket's folder by another tool. */
    drop(name: string, text = name) {
      const path = join(storage.root, BUCKET, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    keys: (options?: Parameters<typeof storage.list>[1]) =>
      storage.list(BUCKET, options).entries.map(({ key }) => key),
    async text(key: string) {
      const opened = storage.open(BUCKET, key);
      const chunks: Uint8Array[] = [];
      for await (const chunk of opened.read(0, opened.object.size - 1)) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks).toString();
    },
    /** Files that writes under way have made, or left. */
    unfinished: () => readdirSync(join(storage.root, '.unfinished')),
    /** Leaves the folder; remove() takes it away. */
    close: () => state.close(),
    remove() {
      state.close();
      rmSync(folder, { recursive: true });
    },
  };
}
