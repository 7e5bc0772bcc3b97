// Both kinds of stores keep the same promises.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded, type Embedded } from '../embedded.js';
import { openDocumentStore, type DocumentStore } from './document-store.js';

const folder = mkdtempSync(join(tmpdir(), 'gluepot-documents-'));
const bytesOf = (text: string) => new TextEncoder().encode(text);

let embedded: Embedded;
let s3: S3;

beforeAll(async () => {
  embedded = await openEmbedded();
  s3 = embedded.clients().s3;
  await s3.createBucket({ Bucket: 'kept' });
});

afterAll(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Whether the system lets nobody make a folder in `path`, not even root. */
function isClosedToAll(path: string): boolean {
  try {
    rmSync(mkdtempSync(join(path, 'gluepot-')), { recursive: true });
    return false;
  } catch (error) {
    return /^(?:EACCES|EPERM|EROFS)/.test((error as Error).message);
  }
}

let count = 0;
const STORES: [kind: string, open: () => DocumentStore][] = [
  ['a folder', () => openDocumentStore(join(folder, `store-${count++}`, 'deeper'), { s3 })],
  ['an S3 prefix', () => openDocumentStore(`s3://kept/store-${count++}/deeper/`, { s3 })],
  ['a whole bucket', () => openDocumentStore('s3://kept', { s3 })],
];

async function textOf(store: DocumentStore, name: string): Promise<string | undefined> {
  const found = await store.get(name);
  return found && new TextDecoder().decode(found.bytes);
}

async function namesOf(store: DocumentStore, prefix?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list(prefix)) names.push(name);
  return names;
}

describe.each(STORES)('%s', (_, open) => {
  it('keeps documents, and answers nothing for those it has not', async () => {
    const store = open();
    expect(await store.get('a/b.json')).toBeUndefined();
    const { ETag } = await store.put('a/b.json', bytesOf('one'));
    expect(await textOf(store, 'a/b.json')).toBe('one');
    expect((await store.get('a/b.json'))?.ETag).toBe(ETag);
    const second = await store.put('a/b.json', bytesOf('two'));
    expect(second.ETag).not.toBe(ETag);
    expect(await textOf(store, 'a/b.json')).toBe('two');
    await store.delete('a/b.json');
    await store.delete('a/b.json');
    expect(await store.get('a/b.json')).toBeUndefined();
    await store.put('empty', new Uint8Array());
    expect((await store.get('empty'))?.bytes).toHaveLength(0);
    await store.delete('empty');
  });

  it('lists what begins with a prefix, in the order of names', async () => {
    const store = open();
    const names = ['a-1', 'a/b', 'a/c/d', 'ab/x', 'b', '_'];
    for (const name of names) await store.put(name, bytesOf(name));
    expect(await namesOf(store)).toEqual([...names].sort());
    expect(await namesOf(store, 'a/')).toEqual(['a/b', 'a/c/d']);
    expect(await namesOf(store, 'a/c/d')).toEqual(['a/c/d']);
    expect(await namesOf(store, 'ab')).toEqual(['ab/x']);
    expect(await namesOf(store, 'zz/y')).toEqual([]);
    for await (const { name, size, lastModified } of store.list('a/')) {
      expect(size).toBe(name.length);
      expect(Math.abs(lastModified.getTime() - Date.now())).toBeLessThan(60_000);
    }
    for (const name of names) await store.delete(name);
  });

  it('names the folders right below another, whatever is in them', async () => {
    const store = open();
    const foldersOf = async (parent: string) => {
      const found: string[] = [];
      for await (const name of store.folders(parent)) found.push(name);
      return found;
    };
    expect(await foldersOf('none/')).toEqual([]);
    const names = ['f/b/1', 'f/b/2', 'f/b/c/3', 'f/a-1/4', 'f/a/5', 'f/file'];
    for (const name of names) await store.put(name, bytesOf(name));
    expect((await foldersOf('f/')).sort()).toEqual(['a', 'a-1', 'b']);
    expect(await foldersOf('f/b/')).toEqual(['c']);
    expect(await foldersOf('')).toContain('f');
    for (const name of names) await store.delete(name);
  });

  it('writes only what is absent, when asked', async () => {
    const store = open();
    await store.put('once', bytesOf('first'), { ifAbsent: true });
    await expect(store.put('once', bytesOf('second'), { ifAbsent: true })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('once was not written: it is there already') as unknown,
    });
    expect(await textOf(store, 'once')).toBe('first');
    await store.delete('once');
  });

  it('lets one of many win who write what is absent', async () => {
    const store = open();
    const writes = Array.from({ length: 12 }, (_, index) =>
      store.put('raced', bytesOf(`${index}`), { ifAbsent: true }).then(() => index),
    );
    const settled = await Promise.allSettled(writes);
    const winners = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(winners).toHaveLength(1);
    expect(await textOf(store, 'raced')).toBe(`${winners[0]}`);
    await store.delete('raced');
  });

  it('loses no update of many who each write what they read', async () => {
    const store = open();
    await store.put('counter', bytesOf('0'));
    const increment = async () => {
      for (;;) {
        const { bytes, ETag } = (await store.get('counter')) ?? { bytes: bytesOf('0'), ETag: '' };
        const next = bytesOf(String(Number(new TextDecoder().decode(bytes)) + 1));
        const isDone = await store.put('counter', next, { ifMatch: ETag }).then(
          () => true,
          (error: { kind?: string }) => {
            if (error.kind !== 'conflict') throw error;
            return false;
          },
        );
        if (isDone) return;
      }
    };
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await textOf(store, 'counter')).toBe('8');
    await store.delete('counter');
  });

  it('changes and deletes only what was read, when asked', async () => {
    const store = open();
    await expect(store.put('gone', bytesOf('x'), { ifMatch: '"none"' })).rejects.toMatchObject({
      kind: 'conflict',
    });
    const { ETag } = await store.put('read', bytesOf('one'));
    await store.put('read', bytesOf('two'), { ifMatch: ETag });
    await expect(store.put('read', bytesOf('three'), { ifMatch: ETag })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(store.delete('read', { ifMatch: ETag })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await textOf(store, 'read')).toBe('two');
    await store.delete('read', { ifMatch: (await store.get('read'))?.ETag ?? '' });
    await store.delete('read', { ifMatch: ETag });
    expect(await store.get('read')).toBeUndefined();
  });

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.hidden', 'a b', 'a\\b', 'ä', 'a'.repeat(600)])(
    'has no document named %j',
    async (name) => {
      const store = open();
      await expect((async () => store.get(name))()).rejects.toMatchObject({ kind: 'usage' });
      await expect((async () => store.put(name, bytesOf('')))()).rejects.toMatchObject({ kind: 'usage' });
      await expect((async () => store.delete(name))()).rejects.toMatchObject({ kind: 'usage' });
    },
  );
});

it.each(['', ' ', 's3://', 's3:/x', 's3://UPPER/x', 's3://a', 'http://x/y', 'gs://bucket/x', 'file:///x'])(
  'nothing can be kept in %j',
  (location) => {
    expect(() => openDocumentStore(location, { s3 })).toThrow('Give a folder, or s3://BUCKET/PREFIX.');
  },
);

it('says where a store is', () => {
  expect(openDocumentStore('s3://kept/a/b//', { s3 }).location).toBe('s3://kept/a/b');
  expect(openDocumentStore(folder, { s3 }).location).toBe(folder);
});

it('names the bucket that is not there', async () => {
  const store = openDocumentStore('s3://not-there/x', { s3 });
  await expect(store.put('a', bytesOf('x'))).rejects.toMatchObject({
    kind: 'usage',
    message: 'There is no bucket not-there, so nothing can be kept in s3://not-there/x.',
  });
  await expect(store.get('a')).rejects.toMatchObject({ kind: 'usage' });
  await expect(namesOf(store)).rejects.toMatchObject({ kind: 'usage' });
});

it('takes a write whose answer was lost for its own, and another’s for another’s', async () => {
  const { endpoint, close } = await embedded.listen({ port: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const lossy = new S3({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 2 });
  onTestFinished(async () => {
    lossy.destroy();
    await close();
  });
  let losses = 0;
  /** What somebody else does before the answer is lost. */
  let overtaken = () => Promise.resolve();
  lossy.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const result = await next(call);
        if (commandName !== 'PutObjectCommand' || losses-- <= 0) return result;
        await overtaken();
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: {} });
      },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const store = openDocumentStore('s3://kept/lossy', { s3: lossy });
  losses = 1;
  await store.put('mine', bytesOf('x'), { ifAbsent: true });
  expect(losses).toBe(0);
  await store.put('other', bytesOf('theirs'));
  losses = 1;
  await expect(store.put('other', bytesOf('mine'), { ifAbsent: true })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(losses, 'an answer that was an error is not one that was lost').toBe(1);
  // Tried twice, for the first answer was lost; and somebody wrote in between.
  const { ETag } = await store.put('mine', bytesOf('x'));
  losses = 1;
  await store.put('mine', bytesOf('y'), { ifMatch: ETag });
  expect(losses).toBe(0);
  overtaken = async () => void (await s3.putObject({ Bucket: 'kept', Key: 'lossy/mine', Body: 'theirs' }));
  losses = 1;
  const mine = (await store.get('mine'))?.ETag ?? '';
  await expect(store.put('mine', bytesOf('z'), { ifMatch: mine })).rejects.toMatchObject({
    kind: 'conflict',
    message: 's3://kept/lossy/mine was not written: it is not the one that was read.',
  });
  expect(await textOf(store, 'mine')).toBe('theirs');
});

describe('where S3 answers that another write of the key is under way', () => {
  const racing = (races: number) => {
    const client = embedded.clients().s3;
    let left = races;
    client.middlewareStack.add(
      (next, { commandName }) =>
        (call) => {
          if (commandName !== 'PutObjectCommand' || left-- <= 0) return next(call);
          const $metadata = { httpStatusCode: 409, attempts: 1 };
          throw Object.assign(new Error('Try again.'), { name: 'ConditionalRequestConflict', $metadata });
        },
      { step: 'initialize' },
    );
    return openDocumentStore('s3://kept/racing', { s3: client });
  };

  it('writes it when its turn comes', async () => {
    await racing(5).put('a', bytesOf('x'), { ifAbsent: true });
    expect(await textOf(racing(0), 'a')).toBe('x');
  });

  it('gives up in the end, and says that it was not written', async () => {
    await expect(racing(6).put('b', bytesOf('x'), { ifAbsent: true })).rejects.toMatchObject({
      kind: 'conflict',
      message: 's3://kept/racing/b was not written: it is there already.',
    });
    expect(await textOf(racing(0), 'b')).toBeUndefined();
  });
});

it('reads nothing in S3 once it is interrupted, and writes down and clears up all the same', async () => {
  const ending = new AbortController();
  const store = openDocumentStore('s3://kept/ended', { s3 }, { signal: ending.signal });
  await store.put('a', bytesOf('x'));
  ending.abort();
  await expect(store.get('a')).rejects.toThrow();
  await store.put('b', bytesOf('y'));
  await expect(namesOf(store)).rejects.toThrow();
  await store.delete('a');
  expect(await namesOf(openDocumentStore('s3://kept/ended', { s3 }))).toEqual(['b']);
});

it('says in S3 what each document is', async () => {
  const store = openDocumentStore('s3://kept/typed', { s3 });
  await store.put('a.json', bytesOf('{}'));
  await store.put('a.json.gz', bytesOf('x'));
  const typeOf = async (Key: string) => (await s3.headObject({ Bucket: 'kept', Key })).ContentType;
  expect(await typeOf('typed/a.json')).toBe('application/json');
  expect(await typeOf('typed/a.json.gz')).toBe('application/gzip');
});

describe('a folder', () => {
  it('shows no half-written file and no lock', async () => {
    const path = join(folder, 'litter');
    const store = openDocumentStore(path, { s3 });
    await store.put('a', bytesOf('x'));
    writeFileSync(join(path, '.0123.tmp'), 'half');
    expect(await namesOf(store)).toEqual(['a']);
    expect(readdirSync(path).sort()).toEqual(['.0123.tmp', 'a']);
  });

  it('has what was put in it, and nothing else', async () => {
    const path = join(folder, 'tidy');
    const store = openDocumentStore(path, { s3 });
    const { ETag } = await store.put('a', bytesOf('x'), { ifAbsent: true });
    await store.put('a', bytesOf('y'), { ifMatch: ETag });
    await expect(store.put('a', bytesOf('z'), { ifAbsent: true })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(store.put('a', bytesOf('z'), { ifMatch: ETag })).rejects.toMatchObject({ kind: 'conflict' });
    expect(readdirSync(path)).toEqual(['a']);
  });

  it('that somebody removed is made anew by the next write but one', async () => {
    const path = join(folder, 'removed');
    const store = openDocumentStore(path, { s3 });
    await store.put('deep/a', bytesOf('x'));
    rmSync(path, { recursive: true });
    await store.delete('deep/a', { ifMatch: '"x"' });
    await expect(store.put('deep/b', bytesOf('x'))).rejects.toThrow('ENOENT');
    await store.put('deep/b', bytesOf('x'));
    expect(await namesOf(store)).toEqual(['deep/b']);
  });

  it.runIf(isClosedToAll('/sys'))('that the system lets nobody write is said to be so', async () => {
    await expect(openDocumentStore('/sys/gluepot', { s3 }).put('a', bytesOf('x'))).rejects.toMatchObject({
      kind: 'not-permitted',
      message: expect.stringMatching(/^\/sys\/gluepot cannot be used: E/) as unknown,
    });
  });

  it('goes on after a process that died holding a lock', async () => {
    const path = join(folder, 'locked');
    const store = openDocumentStore(path, { s3 });
    await store.put('a', bytesOf('x'));
    writeFileSync(join(path, '.a.lock'), 'somebody');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(path, '.a.lock'), longAgo, longAgo);
    await store.put('a', bytesOf('y'));
    expect(await textOf(store, 'a')).toBe('y');
    expect(readdirSync(path)).toEqual(['a']);
  });

  it('that is a file, or may not be written, is said to be so', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openDocumentStore(file, { s3 }).put('a', bytesOf('x'))).rejects.toMatchObject({
      kind: 'usage',
    });
    await expect(namesOf(openDocumentStore(file, { s3 }))).rejects.toMatchObject({ kind: 'usage' });
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    // Root may write everywhere.
    if (process.getuid?.() !== 0) {
      await expect(openDocumentStore(closed, { s3 }).put('a', bytesOf('x'))).rejects.toMatchObject({
        kind: 'not-permitted',
      });
    }
  });
});
