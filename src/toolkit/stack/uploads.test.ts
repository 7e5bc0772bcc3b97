// Files, globs and generated data become objects with keys of their own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { wantedObjects } from './uploads.js';

const folder = mkdtempSync(join(tmpdir(), 'gluepot-uploads-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const path of ['a.csv', 'in/b.csv', 'in/c.json', 'in/deep/d.csv', 'in/.hidden.csv']) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), path);
}

describe('uploads', () => {
  it.each([
    ['a.csv', 'data/', ['data/a.csv']],
    ['a.csv', 'data/renamed.csv', ['data/renamed.csv']],
    ['in/*.csv', 'data/', ['data/b.csv']],
    ['in/**', 'data/', ['data/b.csv', 'data/c.json', 'data/deep/d.csv']],
    ['**/*.csv', 'data/', ['data/a.csv', 'data/in/b.csv', 'data/in/deep/d.csv']],
    ['in/?.*', 'data/', ['data/b.csv', 'data/c.json']],
    ['in/b*', 'one.csv', ['one.csv']],
  ])('%s to %s', async (from, to, expected) => {
    expect((await wantedObjects([{ from, to }], folder)).map((object) => object.key)).toEqual(expected);
  });

  it('know size and digests', async () => {
    const [object] = await wantedObjects([{ from: 'a.csv', to: 'x/' }], folder);
    expect(object).toMatchObject({ size: 5, md5: '833207565c1938a7c72b37fb2c25a8c9' });
    expect(object?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('generate data', async () => {
    const objects = await wantedObjects([{ generate: 'weather', to: 'w/', rowCount: 4, seed: 1 }], folder);
    expect(objects.map((object) => object.key)).toEqual(['w/weather-part0.csv', 'w/weather-part1.csv']);
  });

  it.each([
    ['a file that is not there', [{ from: 'none.csv', to: 'x/' }], '"none.csv" cannot be read: ENOENT'],
    ['a folder', [{ from: 'in', to: 'x/' }], '"in" is a folder. Write "in/**" for all files in it.'],
    ['a glob without a match', [{ from: 'in/*.orc', to: 'x/' }], 'no file matches "in/*.orc"'],
    [
      'several files for one key',
      [{ from: 'in/**', to: 'x' }],
      '"in/**" matches 3 files, but "to" is the one key "x"',
    ],
    [
      'two files for one key',
      [
        { from: 'a.csv', to: 'x' },
        { from: 'in/b.csv', to: 'x' },
      ],
      'are to be uploaded to x',
    ],
  ])('refuse %s', async (_name, uploads, expected) => {
    await expect(wantedObjects(uploads, folder)).rejects.toThrow(expected);
  });
});
