// What partitions share, and that nothing of them is lost by it.
import type { PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { openTakeApart, putTogether } from './partition-document.js';

const base: StorageDescriptor = {
  Columns: [
    { Name: 'a', Type: 'int' },
    { Name: 'b', Type: 'string', Comment: 'c' },
  ],
  Location: 's3://lake/1',
  InputFormat: 'in',
  SerdeInfo: { SerializationLibrary: 'serde', Parameters: { x: '1' } },
  Parameters: { p: '1' },
};
const [first, second] = base.Columns as [object, object];

/** Each differs from the one before it in one thing. */
const descriptors: (StorageDescriptor | undefined)[] = [
  base,
  { ...base, Location: 's3://lake/2', Parameters: { p: '2' } },
  { ...base, AdditionalLocations: ['s3://lake/more'] },
  { ...base, Columns: [first, { ...second, Comment: 'd' }] as StorageDescriptor['Columns'] },
  {
    ...base,
    Columns: [first, { ...second, Comment: 'd', Parameters: { q: '1' } }] as StorageDescriptor['Columns'],
  },
  { ...base, Columns: [first] as StorageDescriptor['Columns'] },
  { ...base, Columns: [] },
  { Location: 's3://lake/3', InputFormat: 'in' },
  { Location: 's3://lake/3', InputFormat: 'out' },
  { Location: 's3://lake/3' },
  { Location: 's3://lake/3', Compressed: true },
  { Location: 's3://lake/3', BucketColumns: [] },
  undefined,
  { ...base, SerdeInfo: { SerializationLibrary: 'serde', Parameters: { x: '2' } } },
  { ...base, SerdeInfo: { SerializationLibrary: 'serde', Parameters: { y: '2' } } },
  { ...base, SerdeInfo: { SerializationLibrary: 'serde', Parameters: { x: '2' } }, SkewedInfo: {} },
  base,
];

it('every partition is answered as it was given, whatever came before it', () => {
  const takeApart = openTakeApart();
  for (const [index, StorageDescriptor] of descriptors.entries()) {
    const input: PartitionInput = { Values: [String(index)], Parameters: { n: '1' } };
    if (StorageDescriptor) input.StorageDescriptor = StorageDescriptor;
    const answer = JSON.parse(
      putTogether('"TableName":"t"', [String(index)], takeApart(input, 7)),
    ) as unknown;
    expect(answer).toEqual({
      Values: [String(index)],
      TableName: 't',
      CreationTime: 7,
      Parameters: { n: '1' },
      ...(StorageDescriptor && {
        StorageDescriptor: {
          Compressed: false,
          NumberOfBuckets: 0,
          SortColumns: [],
          StoredAsSubDirectories: false,
          ...StorageDescriptor,
        },
      }),
    });
  }
});

it('partitions that differ in what is their own share one descriptor, and others do not', () => {
  const takeApart = openTakeApart();
  const shared = descriptors.map(
    (descriptor) =>
      takeApart({ Values: ['1'], ...(descriptor && { StorageDescriptor: descriptor }) }, 7).descriptor,
  );
  expect(shared[1]).toBe(shared[0]);
  expect(shared[2]).toBe(shared[0]);
  const texts = shared.slice(2, 12).map((each) => JSON.stringify(each));
  expect(new Set(texts).size).toBe(texts.length);
  expect(shared.at(-1)).toEqual(shared[0]);
});
