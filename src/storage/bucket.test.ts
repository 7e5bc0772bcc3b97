// Buckets as folders that others may make, move and remove.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, openStorageHarness, type StorageHarness } from '../../test/storage/storage-harness.js';

let lake: StorageHarness;
beforeEach(() => void (lake = openStorageHarness()));
afterEach(() => lake.remove());

const named = (name: string): unknown => expect.objectContaining({ name });
const names = () => lake.storage.buckets.list().map(({ name }) => name);

describe('a bucket', () => {
  it('is any folder with a legal name, whoever made it', async () => {
    mkdirSync(join(lake.storage.root, 'made-by-hand'));
    mkdirSync(join(lake.storage.root, 'No_Bucket'));
    writeFileSync(join(lake.storage.root, 'a-file'), '');
    expect(names()).toEqual([BUCKET, 'made-by-hand']);
    await lake.storage.put('made-by-hand', 'k', Buffer.from('x'));
    expect(lake.storage.list('made-by-hand').entries).toHaveLength(1);
    expect(lake.storage.buckets.get('made-by-hand').region).toBe('us-east-1');
  });

  it('whose folder is removed by hand is gone, and can be made anew', async () => {
    await lake.put('k');
    const writing = lake.storage.put(BUCKET, 'l', Buffer.from('x'));
    rmSync(join(lake.storage.root, BUCKET), { recursive: true });
    await expect(writing).rejects.toEqual(named('NoSuchBucket'));
    expect(() => lake.storage.list(BUCKET)).toThrow(named('NoSuchBucket'));
    expect(() => lake.storage.open(BUCKET, 'k')).toThrow(named('NoSuchBucket'));
    expect(() => lake.storage.delete(BUCKET, 'k')).toThrow(named('NoSuchBucket'));
    expect(names()).toEqual([]);
    expect(lake.unfinished()).toEqual([]);
    lake.storage.buckets.create(BUCKET, 'us-east-1');
    await lake.put('k', 'new');
    expect(await lake.text('k')).toBe('new');
  });

  it('is not made where a file has its name', () => {
    writeFileSync(join(lake.storage.root, 'taken'), 'kept');
    expect(() => lake.storage.buckets.create('taken', 'us-east-1')).toThrow(named('BucketAlreadyExists'));
    expect(lake.storage.hasBucket('taken')).toBe(false);
  });

  it('is deleted with the empty folders in it', () => {
    mkdirSync(join(lake.storage.root, BUCKET, 'a', 'b'), { recursive: true });
    lake.storage.buckets.delete(BUCKET);
    expect(names()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'with files whose names are no text lists without them and stays',
    () => {
      const inBucket = (bytes: number[]) =>
        Buffer.concat([Buffer.from(join(lake.storage.root, BUCKET) + '/'), Buffer.from(bytes)]);
      mkdirSync(inBucket([0x61, 0xff]));
      writeFileSync(inBucket([0x62, 0xff]), 'x');
      expect(lake.keys()).toEqual([]);
      expect(lake.keys({ delimiter: '/' })).toEqual([]);
      expect(() => lake.storage.buckets.delete(BUCKET)).toThrow(named('BucketNotEmpty'));
      expect(readdirSync(join(lake.storage.root, BUCKET))).toHaveLength(2);
    },
  );
});
