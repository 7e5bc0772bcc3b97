// Listings against what a list of all keys would give.
import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, openStorageHarness, type StorageHarness } from '../../test/storage/storage-harness.js';

let lake: StorageHarness;
beforeAll(() => void (lake = openStorageHarness()));
afterAll(() => lake.remove());

const name = fc.constantFrom('a', 'b', 'a-', 'a.', 'a0', 'é', '🐟', '\uffee', '', '..');
const keyArbitrary = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'))
  .filter((key) => key !== '');
const textArbitrary = fc.oneof(
  fc.constant(''),
  keyArbitrary,
  keyArbitrary.map((key) => key.slice(0, 3)),
);
const query = fc.record({
  prefix: textArbitrary,
  delimiter: fc.constantFrom('', '/', 'a', '-', 'a/'),
  after: textArbitrary,
});

function naiveList(
  keys: string[],
  { prefix, delimiter, after }: { prefix: string; delimiter: string; after: string },
) {
  const bytes = (text: string) => Buffer.from(text);
  const names = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? { key } : { commonPrefix: key.slice(0, at + delimiter.length) };
    });
  return [...new Map(names.map((item) => [JSON.stringify(item), item])).values()]
    .filter((item) => Buffer.compare(bytes(item.key ?? item.commonPrefix), bytes(after)) > 0)
    .sort((one, other) =>
      Buffer.compare(bytes(one.key ?? one.commonPrefix), bytes(other.key ?? other.commonPrefix)),
    );
}

describe('a listing', () => {
  it('is what a list of all keys gives, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(keyArbitrary, { maxLength: 12 }),
        fc.array(fc.record({ query, count: fc.integer({ min: 1, max: 5 }) }), {
          minLength: 20,
          maxLength: 20,
        }),
        async (keys, cases) => {
          for (const key of keys) await lake.adopt(key);
          for (const { query, count } of cases) {
            const expected = naiveList(keys, query);
            const whole = lake.storage.list(BUCKET, query);
            expect(whole.entries.map(({ key }) => key)).toEqual(expected.flatMap(({ key }) => key ?? []));
            expect(whole.commonPrefixes).toEqual(expected.flatMap(({ commonPrefix }) => commonPrefix ?? []));
            expect(whole.next).toBeUndefined();

            const walked = { entries: [] as string[], commonPrefixes: [] as string[] };
            for (let after: string | undefined = query.after; after !== undefined;) {
              const page = lake.storage.list(BUCKET, { ...query, after, count });
              const itemCount = page.entries.length + page.commonPrefixes.length;
              if (page.next === undefined) expect(itemCount).toBeLessThanOrEqual(count);
              else expect(itemCount).toBe(count);
              walked.entries.push(...page.entries.map(({ key }) => key));
              walked.commonPrefixes.push(...page.commonPrefixes);
              after = page.next;
            }
            expect(walked.entries).toEqual(whole.entries.map(({ key }) => key));
            expect(walked.commonPrefixes).toEqual(whole.commonPrefixes);
          }
          for (const key of keys) lake.storage.delete(BUCKET, key);
          expect(lake.keys()).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shows a change at once, also between pages', async () => {
    for (const key of ['p/1', 'p/2', 'p/3']) await lake.put(key);
    // Long enough for the names in the folder to be remembered.
    await setTimeout(150);
    expect(lake.keys({ prefix: 'p/' })).toEqual(['p/1', 'p/2', 'p/3']);
    const { next } = lake.storage.list(BUCKET, { prefix: 'p/', count: 1 });
    await lake.put('p/25');
    lake.drop('p/26');
    lake.storage.delete(BUCKET, 'p/2');
    expect(lake.keys({ prefix: 'p/', after: next ?? '' })).toEqual(['p/25', 'p/26', 'p/3']);
  });

  it('shows a file that a tool brings in that sets the time of the folder back', async () => {
    const folder = dirname(lake.drop('times/1'));
    utimesSync(folder, 1_600_000_000, 1_600_000_000);
    await setTimeout(150);
    expect(lake.keys({ prefix: 'times/' })).toEqual(['times/1']);
    lake.drop('times/2');
    utimesSync(folder, 1_600_000_000, 1_600_000_000);
    expect(statSync(folder).mtimeMs).toBe(1_600_000_000_000);
    expect(lake.keys({ prefix: 'times/' })).toEqual(['times/1', 'times/2']);
  });

  it('is empty for a prefix that climbs out of the bucket', () => {
    mkdirSync(join(lake.storage.root, 'neighbour'));
    for (const prefix of ['../', '../neighbour', './', 'p/../../', '/', 'a\0/b', '\0']) {
      expect(lake.storage.list(BUCKET, { prefix, delimiter: '/' })).toEqual({
        entries: [],
        commonPrefixes: [],
      });
    }
  });

  it('does not follow symbolic links', () => {
    const outside = join(lake.folder, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(lake.storage.root, BUCKET, 'link'));
    symlinkSync(lake.drop('real/file'), join(lake.storage.root, BUCKET, 'file-link'));
    for (const prefix of ['', 'link', 'link/', 'file-link']) {
      expect(lake.keys({ prefix }).filter((key) => key.includes('link'))).toEqual([]);
    }
  });

  it('shows no folder without objects as a common prefix', () => {
    mkdirSync(join(lake.storage.root, BUCKET, 'hollow', 'deep'), { recursive: true });
    expect(lake.storage.list(BUCKET, { delimiter: '/' }).commonPrefixes).not.toContain('hollow/');
    rmSync(join(lake.storage.root, BUCKET, 'hollow'), { recursive: true });
  });

  it('of a missing bucket fails', () => {
    expect(() => lake.storage.list('no-such-bucket')).toThrow(
      expect.objectContaining({ name: 'NoSuchBucket' }),
    );
  });
});
