// Read units, time and money of a scan, worked out by hand.
import { expect, it } from 'vitest';
import type { DynamodbTable } from './dynamodb-table.js';
import { estimateScan, pricesOf, totalOf } from './estimate.js';

const table = (over: Partial<DynamodbTable> = {}): DynamodbTable => ({
  TableName: 'orders',
  TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders',
  TableStatus: 'ACTIVE',
  keys: [],
  ItemCount: 10,
  TableSizeBytes: 80 * 1024 ** 3,
  billing: 'on-demand',
  readUnitsPerSecond: undefined,
  kmsKeyArn: undefined,
  ...over,
});
const ALL = { scan: 'all', scanRate: undefined, engine: 'crawler' } as const;
const SAMPLE = { ...ALL, scan: 'sample' } as const;
const GIVEN = pricesOf('eu-north-1', { perMillionReadUnits: 2, perCrawlerHour: 6 });

it.each([
  // 80 GiB in halves of a unit for each 4 KiB; a quarter of 40,000 units a second.
  ['on demand', table(), ALL, { readUnits: 10_485_760, readUnitsPerSecond: 10_000, seconds: 1048.576 }],
  ['a maximum', table({ readUnitsPerSecond: 1000 }), ALL, { readUnitsPerSecond: 250, seconds: 41_943.04 }],
  [
    'provisioned',
    table({ billing: 'provisioned', readUnitsPerSecond: 100 }),
    ALL,
    { readUnitsPerSecond: 50, readCost: 0 },
  ],
  [
    'provisioned, whole capacity',
    table({ billing: 'provisioned', readUnitsPerSecond: 100 }),
    { ...ALL, scanRate: 1 },
    { readUnitsPerSecond: 100, seconds: 104_857.6 },
  ],
  ['at most so many', table(), { ...ALL, maxReadUnits: 500 }, { readUnitsPerSecond: 500 }],
  ['more than there are', table(), { ...ALL, maxReadUnits: 50_000 }, { readUnitsPerSecond: 10_000 }],
  ['a sample', table(), SAMPLE, { readUnits: 128, seconds: 0.0128 }],
  ['an empty table', table({ TableSizeBytes: 0 }), ALL, { readUnits: 0.5 }],
  [
    'the direct engine reads samples',
    table(),
    { ...ALL, engine: 'direct' as const },
    { readUnits: 128, crawlCost: 0 },
  ],
])('%s', (_, of, settings, expected) => {
  expect(estimateScan(of, settings, GIVEN)).toMatchObject(expected);
});

it('costs what is read, and a crawl for at least ten minutes', () => {
  // A million units, two dollars; 25 s of reading are billed as ten minutes of an hour at six dollars.
  const million = table({ TableSizeBytes: 8192 * 1e6 });
  expect(estimateScan(million, ALL, GIVEN)).toMatchObject({ readUnits: 1e6, readCost: 2, crawlCost: 1 });
  const hour = table({ TableSizeBytes: 8192 * 10_000 * 3600 });
  expect(estimateScan(hour, ALL, GIVEN)).toMatchObject({ seconds: 3600, crawlCost: 6 });
});

it('knows no price where none is published for the region, and says whose prices it takes', () => {
  const unknown = pricesOf('eu-north-1');
  expect(unknown).toEqual({
    perMillionReadUnits: undefined,
    perCrawlerHour: undefined,
    source: 'not known for eu-north-1: give them',
  });
  const estimate = estimateScan(table(), ALL, unknown);
  expect(estimate).toMatchObject({ readCost: undefined, crawlCost: undefined });
  expect(totalOf([estimate])).toMatchObject({ readCost: undefined, crawlCost: undefined });
  expect(GIVEN.source).toBe('as given for read units and crawls');
  expect(pricesOf('us-east-1').source).toBe(
    'of us-east-1 as AWS published them for 2024-11-01; they may have changed',
  );
  expect(pricesOf('us-east-1', { perMillionReadUnits: 1 })).toEqual({
    perMillionReadUnits: 1,
    perCrawlerHour: 0.44,
    source:
      'as given for read units, otherwise of us-east-1 as AWS published them for 2024-11-01; they may have changed',
  });
});
