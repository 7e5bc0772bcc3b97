// Streams cut into lines, wherever their chunks end.
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_CHARACTERS_MAX, readLines } from './lines.js';

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks);
  readLines(stream, (line) => lines.push(line));
  await finished(stream);
  return lines;
}

describe('readLines', () => {
  it.each([
    ['', []],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\r\n\nb\n', ['a', '', 'b']],
    ['ü€😀\n', ['ü€😀']],
  ])('reads %j', async (text, expected) => {
    expect(await linesOf([Buffer.from(text)])).toEqual(expected);
  });

  it('gives the same lines however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'ü', '😀', '\n', 'xyz'), { maxLength: 30 }),
        fc.array(fc.nat(100), { maxLength: 10 }),
        async (parts, cuts) => {
          const bytes = Buffer.from(parts.join(''));
          const places = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
            bytes.length,
          ];
          const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
          expect(await linesOf(chunks.filter((chunk) => chunk.length > 0))).toEqual(await linesOf([bytes]));
        },
      ),
    );
  });

  it('cuts a line that does not end into bounded pieces', async () => {
    const lines = await linesOf([Buffer.alloc(LINE_CHARACTERS_MAX * 2 + 5, 'x')]);
    expect(lines.map((line) => line.length)).toEqual([LINE_CHARACTERS_MAX, LINE_CHARACTERS_MAX, 5]);
  });
});
