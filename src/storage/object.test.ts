// Objects as files: what is written, what is found, and what stays when a write fails.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, openStorageHarness, type StorageHarness } from '../../test/storage/storage-harness.js';
import { steppingClock } from '../base/clock.js';

let lake: StorageHarness;
beforeEach(() => void (lake = openStorageHarness()));
afterEach(() => lake.remove());

const inBucket = (name: string) => join(lake.storage.root, BUCKET, name);
const failing = (error: Error) =>
  Readable.from(
    (function* () {
      yield Buffer.from('the beginning');
      throw error;
    })(),
  );

describe('an object', () => {
  it('is the file of its name', async () => {
    await lake.put('a/b.csv', 'k,v');
    expect(readFileSync(inBucket('a/b.csv'), 'utf8')).toBe('k,v');
    expect(lake.storage.path(BUCKET, 'a/b.csv')).toBe(inBucket('a/b.csv'));
  });

  it('takes its folder with it when it was the last one there', async () => {
    await lake.put('x/y/1');
    await lake.put('x/2');
    lake.storage.delete(BUCKET, 'x/y/1');
    expect(readdirSync(inBucket('x'))).toEqual(['2']);
    lake.storage.delete(BUCKET, 'x/2');
    expect(readdirSync(inBucket(''))).toEqual([]);
  });

  it('is there from the moment a file is dropped, and gone with it', () => {
    const path = lake.drop('dropped.csv', '1,2');
    const head = lake.storage.head(BUCKET, 'dropped.csv');
    expect(head).toMatchObject({ size: 3, lastModified: new Date(Math.round(statSync(path).mtimeMs)) });
    expect(lake.storage.list(BUCKET).entries).toMatchObject([{ key: 'dropped.csv', etag: head?.etag }]);
    rmSync(path);
    expect(lake.storage.head(BUCKET, 'dropped.csv')).toBeUndefined();
  });

  it('that another tool has changed loses its attributes, and has another ETag', async () => {
    const { etag } = await lake.storage.put(BUCKET, 'k', Buffer.from('one'), { contentType: 'text/plain' });
    writeFileSync(inBucket('k'), 'two');
    const changed = lake.storage.head(BUCKET, 'k');
    expect(changed?.contentType).toBeUndefined();
    expect(changed?.etag).not.toBe(etag);
    lake.storage.updateAttributes(BUCKET, 'k', { tags: { a: '1' } });
    expect(lake.storage.head(BUCKET, 'k')).toEqual({ ...changed, tags: { a: '1' } });
  });

  it('written twice in one instant has the attributes of the second writing', async () => {
    lake.remove();
    lake = openStorageHarness({ clock: steppingClock() });
    for (const contentType of ['text/one', 'text/two']) {
      await lake.storage.put(BUCKET, 'k', Buffer.from('same'), { contentType });
    }
    const object = lake.storage.head(BUCKET, 'k');
    expect(object).toMatchObject({ contentType: 'text/two', lastModified: new Date('2024-01-01T00:00:00Z') });
  });

  it('is read as it was when reading began', async () => {
    await lake.put('k', 'before');
    const opened = lake.storage.open(BUCKET, 'k');
    await lake.put('k', 'after it all');
    lake.storage.delete(BUCKET, 'k');
    const chunks = await opened.read(0, opened.object.size - 1).toArray();
    expect(Buffer.concat(chunks as Uint8Array[]).toString()).toBe('before');
  });

  it('that is cut short while it is read fails to be read', async () => {
    await lake.put('k', 'x'.repeat(1_000_000));
    const opened = lake.storage.open(BUCKET, 'k');
    truncateSync(inBucket('k'), 10);
    await expect(opened.read(0, opened.object.size - 1).toArray()).rejects.toThrow('cut short');
  });

  it('is replaced by hand under the reader, who reads on what was there', async () => {
    await lake.put('k', 'before');
    const opened = lake.storage.open(BUCKET, 'k');
    writeFileSync(inBucket('new'), 'after');
    renameSync(inBucket('new'), inBucket('k'));
    const chunks = await opened.read(0, opened.object.size - 1).toArray();
    expect(Buffer.concat(chunks as Uint8Array[]).toString()).toBe('before');
    expect(await lake.text('k')).toBe('after');
  });

  it('is still there, with its attributes, when the folder is opened again', async () => {
    await lake.storage.put(BUCKET, 'a', Buffer.from('1'), { contentType: 'text/plain', tags: { t: 'v' } });
    await lake.storage.put(BUCKET, 'a/b', Buffer.from('2'), { contentType: 'text/csv' });
    writeFileSync(lake.storage.temporaryPath(), 'left by a process that died');
    writeFileSync(join(lake.storage.root, '.escaped', BUCKET, 'f'.repeat(64)), 'left by a process that died');
    lake.close();
    lake = openStorageHarness({ folder: lake.folder });
    expect(lake.storage.head(BUCKET, 'a')).toMatchObject({ contentType: 'text/plain', tags: { t: 'v' } });
    expect(lake.storage.head(BUCKET, 'a/b')).toMatchObject({ contentType: 'text/csv' });
    expect(lake.unfinished()).toEqual([]);
    expect(readdirSync(join(lake.storage.root, '.escaped', BUCKET))).toHaveLength(1);
  });
});

describe('a key that cannot be the name of a file', () => {
  it('has its file outside the bucket, and any legal keys live side by side', async () => {
    const name = fc.constantFrom('a', 'A', 'b', '.', '..', '', 'é', 'e\u0301', 'n'.repeat(256));
    const keys = fc
      .uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 10 })
      .map((lists) => [...new Set(lists.map((names) => names.join('/')))].filter((key) => key !== ''));
    await fc.assert(
      fc.asyncProperty(keys, async (written) => {
        for (const key of written) await lake.adopt(key);
        for (const key of written) {
          expect(await lake.text(key)).toBe(key);
          const path = lake.storage.path(BUCKET, key);
          expect(lstatSync(path).isFile()).toBe(true);
          expect(path.startsWith(lake.storage.root)).toBe(true);
        }
        expect(new Set(written.map((key) => lake.storage.path(BUCKET, key))).size).toBe(written.length);
        expect(lake.keys().sort()).toEqual([...written].sort());
        for (const key of written) {
          lake.storage.delete(BUCKET, key);
          expect(lake.storage.head(BUCKET, key)).toBeUndefined();
        }
        expect(readdirSync(inBucket(''))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('moves to its file when that becomes possible', async () => {
    await lake.put('a', 'file');
    await lake.put('a/b', 'escaped');
    lake.storage.delete(BUCKET, 'a');
    expect(await lake.text('a/b')).toBe('escaped');
    await lake.put('a/b', 'plain');
    expect(readFileSync(inBucket('a/b'), 'utf8')).toBe('plain');
    expect(lake.keys()).toEqual(['a/b']);
    lake.storage.delete(BUCKET, 'a/b');
    expect(lake.keys()).toEqual([]);
  });

  it('gives way to a file that another tool puts there', async () => {
    await lake.put('a/b');
    await lake.put('a', 'escaped');
    rmSync(inBucket('a'), { recursive: true });
    lake.drop('a', 'dropped');
    expect(await lake.text('a')).toBe('dropped');
    const { key, size, etag } = lake.storage.head(BUCKET, 'a') ?? {};
    expect(lake.storage.list(BUCKET).entries).toMatchObject([{ key, size, etag }]);
    lake.storage.delete(BUCKET, 'a');
    expect(lake.storage.head(BUCKET, 'a')).toBeUndefined();
  });

  it('does not come back in a new bucket of the same name', async () => {
    await lake.put('x//y');
    lake.storage.delete(BUCKET, 'x//y');
    await lake.put('z//y');
    rmSync(inBucket(''), { recursive: true });
    lake.storage.buckets.create(BUCKET, 'us-east-1');
    expect(lake.keys()).toEqual([]);
  });
});

describe('a symbolic link', () => {
  it('leads to no object and is never written through', async () => {
    const outside = join(lake.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(outside, inBucket('link'));
    symlinkSync(join(outside, 'secret'), inBucket('file'));
    for (const key of ['link/secret', 'file']) {
      expect(lake.storage.head(BUCKET, key)).toBeUndefined();
      expect(() => lake.storage.open(BUCKET, key)).toThrow(expect.objectContaining({ name: 'NoSuchKey' }));
      await lake.put(key, 'mine');
      expect(await lake.text(key)).toBe('mine');
    }
    await lake.put('link/new/deep', 'mine');
    lake.storage.delete(BUCKET, 'link/secret');
    expect(readdirSync(outside)).toEqual(['secret']);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('is no bucket', () => {
    symlinkSync(lake.folder, join(lake.storage.root, 'linked-bucket'));
    expect(lake.storage.hasBucket('linked-bucket')).toBe(false);
  });
});

describe('a write', () => {
  it('that fails on the way leaves the object as it was, and nothing else', async () => {
    await lake.put('k', 'before');
    const write = lake.storage.put(BUCKET, 'k', failing(new Error('lost the connection')));
    await expect(write).rejects.toThrow('lost the connection');
    await expect(lake.storage.put(BUCKET, 'new/folder/k', failing(new Error('lost')))).rejects.toThrow(
      'lost',
    );
    expect(await lake.text('k')).toBe('before');
    expect(readdirSync(inBucket(''))).toEqual(['k']);
    expect(lake.unfinished()).toEqual([]);
  });

  it('to a bucket that is deleted meanwhile fails', async () => {
    const bytes = (async function* () {
      yield Buffer.from('the beginning');
      await Promise.resolve(lake.storage.buckets.delete(BUCKET));
      yield Buffer.from('the end');
    })();
    await expect(lake.storage.put(BUCKET, 'k', Readable.from(bytes))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    expect(existsSync(inBucket(''))).toBe(false);
    expect(lake.unfinished()).toEqual([]);
  });

  it('of many at once is one of them, whole', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    const written = await Promise.all(texts.map((text) => lake.put('k', text)));
    const last = await lake.text('k');
    expect(texts).toContain(last);
    expect(lake.storage.head(BUCKET, 'k')?.etag).toBe(written[texts.indexOf(last)]?.etag);
    expect(lake.unfinished()).toEqual([]);
  });

  it('keeps its folders while others that are emptied there are removed', async () => {
    const keys = Array.from({ length: 30 }, (_, index) => `x/y/z/${index}`);
    await Promise.all(
      keys.map(async (key, index) => {
        await lake.put(key);
        if (index % 2 === 1) lake.storage.delete(BUCKET, key);
      }),
    );
    expect(lake.keys()).toEqual(keys.filter((_, index) => index % 2 === 0).sort());
    for (const key of lake.keys()) lake.storage.delete(BUCKET, key);
    expect(readdirSync(inBucket(''))).toEqual([]);
  });

  it('on the condition that nothing is there succeeds once', async () => {
    const write = (text: string) =>
      lake.storage.put(BUCKET, 'k', Buffer.from(text), {}, { condition: { ifNoneMatch: '*' } });
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map(write));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lake.unfinished()).toEqual([]);
  });

  it('keeps the time that a file had only if it is the same file', async () => {
    const { etag } = await lake.put('k', 'one');
    const { mtimeMs } = statSync(inBucket('k'));
    writeFileSync(inBucket('k'), 'longer');
    utimesSync(inBucket('k'), mtimeMs / 1000, mtimeMs / 1000);
    expect(lake.storage.head(BUCKET, 'k')?.etag).not.toBe(etag);
  });
});

describe('a copy that the system makes', () => {
  const copy = async (key: string, options: { etag?: string; condition?: { ifNoneMatch: '*' } } = {}) => {
    const source = lake.storage.open(BUCKET, 'source');
    try {
      return await lake.storage.putCopy(BUCKET, key, source, { contentType: 'text/csv' }, options);
    } finally {
      source.close();
    }
  };

  it('has the bytes in a file of its own, with the attributes and the ETag that are given', async () => {
    const { etag } = await lake.put('source', 'content');
    const copied = await copy('a/copy', { etag });
    expect(copied).toMatchObject({ key: 'a/copy', size: 7, etag, contentType: 'text/csv' });
    expect(lake.storage.head(BUCKET, 'a/copy')).toEqual(copied);
    expect(readFileSync(inBucket('a/copy'), 'utf8')).toBe('content');
    expect(statSync(inBucket('a/copy'))).toMatchObject({ nlink: 1 });
    writeFileSync(inBucket('source'), 'changed');
    expect(await lake.text('a/copy')).toBe('content');
    expect(lake.unfinished()).toEqual([]);
  });

  it('of a file that nobody has hashed has an ETag that is no MD5', async () => {
    lake.drop('source');
    const copied = await copy('copy');
    expect(copied?.etag).toMatch(/^[0-9a-f]{32}-1$/);
    expect(copied?.etag).not.toBe(lake.storage.head(BUCKET, 'source')?.etag);
  });

  it('of a file that may not be written may be', async () => {
    chmodSync(lake.drop('source'), 0o440);
    await copy('copy');
    expect((statSync(inBucket('copy')).mode & 0o777).toString(8)).toBe('640');
  });

  it.each<[string, () => void]>([
    [
      'replaced',
      () => (writeFileSync(inBucket('new'), 'other'), renameSync(inBucket('new'), inBucket('source'))),
    ],
    ['changed in place', () => writeFileSync(inBucket('source'), 'longer than it was')],
    ['changed in place to as many bytes', () => writeFileSync(inBucket('source'), 'differs')],
    ['removed', () => rmSync(inBucket('source'))],
    [
      'turned into a link',
      () => (rmSync(inBucket('source')), symlinkSync('/etc/hostname', inBucket('source'))),
    ],
  ])('is not made of a file that was %s since it was opened', async (_, meddle) => {
    // Long ago: file systems may give two writes of one instant the same time.
    const path = lake.drop('source', 'content');
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const source = lake.storage.open(BUCKET, 'source');
    meddle();
    expect(await lake.storage.putCopy(BUCKET, 'copy', source, {})).toBeUndefined();
    source.close();
    expect(lake.storage.head(BUCKET, 'copy')).toBeUndefined();
    expect(lake.unfinished()).toEqual([]);
  });

  it('that may not be leaves what is there, and nothing else', async () => {
    await lake.put('source', 'content');
    await lake.put('taken', 'before');
    const refused = copy('taken', { condition: { ifNoneMatch: '*' } });
    await expect(refused).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await lake.text('taken')).toBe('before');
    const source = lake.storage.open(BUCKET, 'source');
    await expect(lake.storage.putCopy('no-bucket', 'copy', source, {})).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    source.close();
    expect(lake.unfinished()).toEqual([]);
  });

  it('of many at once to one key is one of them, whole', async () => {
    await lake.put('source', 'content');
    await Promise.all(Array.from({ length: 12 }, () => copy('copy')));
    expect(await lake.text('copy')).toBe('content');
    expect(lake.unfinished()).toEqual([]);
  });
});

describe('a full disk', () => {
  const child = fileURLToPath(new URL('../../test/storage/full-disk.child.ts', import.meta.url));
  // A small file system of its own needs the right to mount; a user namespace grants it where the system allows those.
  const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

  it.runIf(canMount)('is said clearly and loses nothing', () => {
    mkdirSync(join(lake.folder, 'small'));
    const script = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" --import tsx "$3" "$1"';
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', script, 'sh', join(lake.folder, 'small'), process.execPath, child],
      { encoding: 'utf8' },
    );
    expect(stderr.replaceAll(/^npm warn.*\n/gm, '')).toBe('');
    const full = (key: RegExp) => ({
      name: 'InsufficientStorage',
      statusCode: 507,
      message: expect.stringMatching(key) as string,
    });
    expect(JSON.parse(stdout)).toEqual({
      large: full(/^s3:\/\/lake\/large was not stored: the disk is full/),
      small: full(/^s3:\/\/lake\/folder-\d+\/k was not stored: the disk is full/),
      copied: full(/^s3:\/\/lake\/copy was not stored: the disk is full/),
      unfinished: [],
      isComplete: true,
      isUnchanged: true,
      isWhole: true,
      afterwards: 'written once there was room',
    });
  });
});
