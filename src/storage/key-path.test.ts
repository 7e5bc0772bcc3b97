// Keys and the paths of their files.
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPaths, requireLegalKey } from './key-path.js';

const ROOT = '/data/s3';
const { plain, escaped } = keyPaths(ROOT);

/** Keys made of what file systems make something else of. */
const hazardousKey = fc
  .array(
    fc.oneof(fc.constantFrom('.', '..', '', 'a', 'A', ' ', '\\', 'é', 'e\u0301', '🐟', '~'), fc.string()),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((names) => names.join('/').replaceAll('\0', ''))
  .filter((key) => key !== '' && Buffer.byteLength(key) <= 1024);

describe('a key', () => {
  it.each([
    ['empty', '', 'InvalidArgument'],
    ['with a NUL', 'a\0b', 'InvalidArgument'],
    ['with half a surrogate pair', 'a\ud83d', 'InvalidArgument'],
    ['of 1,025 bytes', 'é'.repeat(512) + 'x', 'KeyTooLongError'],
  ])('%s is refused', (_case, key, name) => {
    expect(() => requireLegalKey(key)).toThrow(expect.objectContaining({ name }));
  });

  it.each([
    ['of 1,024 bytes', 'é'.repeat(512)],
    ['of dots', '..'],
    ['of one slash', '/'],
  ])('%s is legal', (_case, key) => expect(() => requireLegalKey(key)).not.toThrow());

  it.each(['a', 'a/b.csv', 'year=2024/month=01/part-0.parquet', '日本語/🐟', '.hidden', '...', 'a b+%20&'])(
    '%j is the path of its file',
    (key) => expect(plain('lake', key)).toBe(join(ROOT, 'lake', key)),
  );

  it.each(['/', '/a', 'a/', 'a//b', '.', '..', 'a/../b', './a', 'a/.', 'n'.repeat(256), 'é'.repeat(128)])(
    '%j has no file of its name',
    (key) => expect(plain('lake', key)).toBeUndefined(),
  );
});

describe('paths', () => {
  it('stay in the folder of the bucket, and spell the key', () => {
    fc.assert(
      fc.property(hazardousKey, (key) => {
        const path = plain('lake', key);
        if (path === undefined) return;
        expect(path.startsWith(join(ROOT, 'lake') + '/')).toBe(true);
        expect(path.slice(join(ROOT, 'lake').length + 1)).toBe(key);
      }),
    );
  });

  it('of escaped keys differ, and lie in no bucket', () => {
    fc.assert(
      fc.property(hazardousKey, hazardousKey, (one, other) => {
        expect(escaped('lake', one) === escaped('lake', other)).toBe(one === other);
        expect(escaped('lake', one).startsWith(join(ROOT, '.escaped', 'lake') + '/')).toBe(true);
      }),
    );
  });
});
