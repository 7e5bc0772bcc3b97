// Uploads in parts where two things happen at once, and what they leave behind.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, openStorageHarness, type StorageHarness } from '../../test/storage/storage-harness.js';
import { PART_BYTES_MIN } from './upload-parts.js';

let lake: StorageHarness;
beforeEach(() => void (lake = openStorageHarness()));
afterEach(() => lake.remove());

const KEY = 'in/parts';
const begin = () => lake.storage.uploads.create(BUCKET, KEY, { attributes: { contentType: 'text/plain' } });
const putPart = async (uploadId: string, number: number, text: string) => {
  const part = await lake.storage.uploads.putPart(BUCKET, KEY, uploadId, number, Buffer.from(text));
  return { number, etag: part.etag, checksums: {} };
};
const complete = (uploadId: string, parts: Awaited<ReturnType<typeof putPart>>[]) =>
  lake.storage.uploads.complete(BUCKET, KEY, uploadId, parts);
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: Error) => error.name,
  );
const partFiles = () =>
  readdirSync(join(lake.storage.root, '.uploads'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
const large = (letter: string) => letter.repeat(PART_BYTES_MIN);

describe('an upload', () => {
  it('that is aborted while it is completed changes nothing', async () => {
    await lake.put(KEY, 'before');
    const uploadId = begin();
    const part = await putPart(uploadId, 1, 'after');
    const completing = outcome(complete(uploadId, [part]));
    lake.storage.uploads.abort(BUCKET, KEY, uploadId);
    expect(await completing).toBe('NoSuchUpload');
    expect(await lake.text(KEY)).toBe('before');
    expect([lake.unfinished(), partFiles()]).toEqual([[], []]);
  });

  it('that is completed twice does not replace what was written after it', async () => {
    const uploadId = begin();
    const parts = [await putPart(uploadId, 1, large('a')), await putPart(uploadId, 2, 'b')];
    const results = await Promise.all([1, 2, 3].map(() => outcome(complete(uploadId, parts))));
    expect(results).toContain('done');
    await lake.put(KEY, 'later');
    expect(await outcome(complete(uploadId, parts))).toBe('NoSuchUpload');
    expect(await lake.text(KEY)).toBe('later');
    expect([lake.unfinished(), partFiles()]).toEqual([[], []]);
  });

  it('one of whose parts is uploaded anew while it is completed is refused, or whole', async () => {
    const uploadId = begin();
    const parts = [await putPart(uploadId, 1, large('a')), await putPart(uploadId, 2, 'old')];
    const completing = outcome(complete(uploadId, parts));
    const again = outcome(putPart(uploadId, 2, 'new'));
    const result = await completing;
    expect(['done', 'InvalidPart']).toContain(result);
    expect(['done', 'NoSuchUpload']).toContain(await again);
    if (result === 'done') expect(await lake.text(KEY)).toBe(large('a') + 'old');
    else expect(lake.storage.head(BUCKET, KEY)).toBeUndefined();
    expect(lake.unfinished()).toEqual([]);
  });

  it('keeps one file of a part that was uploaded by many at once', async () => {
    const uploadId = begin();
    const parts = await Promise.all(['a', 'b', 'c', 'd'].map((text) => putPart(uploadId, 1, text)));
    const [last] = lake.storage.uploads.listParts(BUCKET, KEY, uploadId);
    expect(parts.map(({ etag }) => etag)).toContain(last?.etag);
    expect(partFiles()).toHaveLength(1);
    const outcomes = await Promise.all(parts.map((part) => outcome(complete(uploadId, [part]))));
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1);
  });

  it('goes on after the folder was opened again, where nothing else is left of it', async () => {
    const uploadId = begin();
    const part = await putPart(uploadId, 1, 'kept');
    const folder = join(lake.storage.root, '.uploads', BUCKET);
    writeFileSync(join(folder, uploadId, 'no-part'), 'left by a process that died');
    mkdirSync(join(folder, 'no-upload'));
    writeFileSync(join(folder, 'no-upload', 'part'), 'left by a process that died');
    lake.close();
    lake = openStorageHarness({ folder: lake.folder });
    expect(readdirSync(folder)).toEqual([uploadId]);
    expect(partFiles()).toHaveLength(1);
    await complete(uploadId, [part]);
    expect(await lake.text(KEY)).toBe('kept');
    expect(lake.storage.head(BUCKET, KEY)?.contentType).toBe('text/plain');
    expect(partFiles()).toEqual([]);
  });

  it('of a bucket that is deleted goes with it', async () => {
    const uploadId = begin();
    await putPart(uploadId, 1, 'x');
    lake.storage.buckets.delete(BUCKET);
    expect(partFiles()).toEqual([]);
    lake.storage.buckets.create(BUCKET, 'us-east-1');
    expect(await outcome(putPart(uploadId, 2, 'y'))).toBe('NoSuchUpload');
    expect([lake.unfinished(), partFiles()]).toEqual([[], []]);
  });
});
