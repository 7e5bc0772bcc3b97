// CSV records come out the same however the text is cut into chunks.
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { csvRecords } from './csv-records.js';

async function read(chunks: string[]): Promise<string[][]> {
  const records: string[][] = [];
  for await (const record of csvRecords(
    (async function* () {
      yield* chunks;
    })(),
  ))
    records.push(record);
  return records;
}

it.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    '"a,b","c""d"\n"e\nf",\n',
    [
      ['a,b', 'c"d'],
      ['e\nf', ''],
    ],
  ],
  ['a\n\n\nb\n', [['a'], ['b']]],
  ['""\n', []],
  ['', []],
])('%j', async (text, expected) => {
  expect(await read([text])).toEqual(expected);
  expect(await read([...text])).toEqual(expected);
});

it('what is quoted comes back', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é') });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, async (records) => {
      const text = records
        .map((record) => record.map((item) => `"${item.replaceAll('"', '""')}"`).join(',') + '\n')
        .join('');
      expect(await read([text])).toEqual(records);
    }),
  );
});
