// Chunks are the same for the same partitions, and change little when a partition comes, goes or changes.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ObjectOf } from '../catalog-object.js';
import { sha256 } from '../canonical-definition.js';
import { CHUNK_MAX, writePartitionChunks } from './partition-chunks.js';
import type { ObjectReference } from './manifest.js';
import { byChance } from '../../../test/law.js';

const partition = (Values: string[], Location = 's3://x/'): ObjectOf<'partition'> => ({
  key: { kind: 'partition', DatabaseName: 'd', TableName: 't', Values },
  definition: { Values, StorageDescriptor: { Location } },
  provenance: { CreateTime: new Date('2024-05-01T10:00:00Z') },
});

const days = (count: number) =>
  Array.from({ length: count }, (_, day) => partition([String(day).padStart(6, '0'), 'eu']));

async function* pagesOf(partitions: readonly ObjectOf<'partition'>[], size = 1000) {
  for (let start = 0; start < partitions.length; start += size) yield partitions.slice(start, start + size);
}

async function chunksOf(pages: AsyncIterable<ObjectOf<'partition'>[]>) {
  const written: ObjectReference[] = [];
  const writer = {
    written: { objects: 0, bytes: 0 },
    write: async (text: string) => {
      const reference = { sha256: sha256(text), size: text.length };
      written.push(reference);
      return reference;
    },
  };
  return writePartitionChunks(writer, pages);
}

async function newChunks(before: ObjectOf<'partition'>[], after: ObjectOf<'partition'>[]): Promise<number> {
  const old = new Set((await chunksOf(pagesOf(before))).map(({ sha256: hash }) => hash));
  return (await chunksOf(pagesOf(after))).filter(({ sha256: hash }) => !old.has(hash)).length;
}

it('are the same in whatever order and pages the partitions come', async () => {
  const all = days(5000);
  const expected = await chunksOf(pagesOf(all));
  expect(expected.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  expect(Math.max(...expected.map(({ count }) => count))).toBeLessThanOrEqual(CHUNK_MAX);
  expect(expected.length).toBeLessThan(25);
  expect(expected[0]?.first).toEqual(['000000', 'eu']);
  expect(expected.at(-1)?.last).toEqual(['004999', 'eu']);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(all, { minLength: 5000 }),
      fc.integer({ min: 50, max: 1000 }),
      async (some, size) => {
        expect(await chunksOf(pagesOf(some, size))).toEqual(expected);
      },
    ),
    byChance({ numRuns: 4, seed: 20_261_122 }),
  );
});

it('change by few when one partition comes, goes or changes, and by few when a day of them comes', async () => {
  const all = days(8000);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 7999 }), async (at) => {
      expect(
        await newChunks(
          all,
          all.filter((_, index) => index !== at),
        ),
      ).toBeLessThanOrEqual(3);
      expect(
        await newChunks(
          all.filter((_, index) => index !== at),
          all,
        ),
      ).toBeLessThanOrEqual(3);
      const changed = all.map((one, index) =>
        index === at ? partition([...one.key.Values], 's3://y/') : one,
      );
      expect(await newChunks(all, changed)).toBe(1);
    }),
    byChance({ numRuns: 8, seed: 20_261_122 }),
  );
  const day = Array.from({ length: 24 }, (_, hour) => partition(['008000', String(hour)]));
  expect(await newChunks(all, [...all, ...day])).toBeLessThanOrEqual(2);
});

it('have a partition once that two pages answered, as the later one says', async () => {
  const chunks = await chunksOf(pagesOf([partition(['1'], 's3://old/'), partition(['1'], 's3://new/')], 1));
  const once = await chunksOf(pagesOf([partition(['1'], 's3://new/')]));
  expect(chunks).toEqual(once);
});

it('have every partition once, also at their ends, of a Glue that answers all of them in each segment', async () => {
  const all = days(CHUNK_MAX * 3);
  expect(await chunksOf(pagesOf([...all, ...all, ...all]))).toEqual(await chunksOf(pagesOf(all)));
});

it('there are none without partitions', async () => {
  expect(await chunksOf(pagesOf([]))).toEqual([]);
});
