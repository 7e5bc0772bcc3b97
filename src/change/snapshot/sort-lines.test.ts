// Lines come out in order whether or not they fit into memory.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortLines, type Line } from './sort-lines.js';
import { byChance } from '../../../test/law.js';

async function* stream(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

async function sorted(lines: readonly Line[], runLengthMax?: number): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of sortLines(stream(lines), runLengthMax)) found.push(line);
  return found;
}

const runFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('gluepot-sort-'));

it('sorts on disk as it does in memory, whatever characters there are', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u2028', '\u2029', '\r', 'é', '😀'));
  const line = fc.record({ key: text, text }).map((one) => ({
    key: JSON.stringify([one.key]),
    text: JSON.stringify(one.text),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 60 }),
      fc.integer({ min: 1, max: 200 }),
      async (lines, length) => {
        const expected = lines
          .map((one, index) => ({ one, index }))
          .sort((a, b) => (a.one.key < b.one.key ? -1 : a.one.key > b.one.key ? 1 : b.index - a.index))
          .map(({ one }) => one);
        expect(await sorted(lines)).toEqual(expected);
        expect(await sorted(lines, length)).toEqual(expected);
      },
    ),
    byChance({ numRuns: 60, seed: 20_261_122 }),
  );
});

it('leaves nothing on disk, neither at its end nor when its reader or its source stops early', async () => {
  const lines = Array.from({ length: 100 }, (_, index) => ({ key: String(index), text: 'x'.repeat(50) }));
  const before = runFolders();
  for await (const line of sortLines(stream(lines), 500)) if (line.key === '5') break;
  async function* broken(): AsyncGenerator<Line> {
    yield* lines;
    throw new Error('source');
  }
  const drain = async () => {
    for await (const line of sortLines(broken(), 500)) expect(line.key).not.toBe('never');
  };
  await expect(drain()).rejects.toThrow('source');
  expect(runFolders()).toEqual(before);
});
