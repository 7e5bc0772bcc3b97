// Time to live through DynamoDB's SDK client: what expires, what does not, and that it outlives a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const MINUTE_MS = 60_000;
const START = new Date('2024-05-01T00:00:00Z');
const inSeconds = (seconds: number) => ({ N: String(START.getTime() / 1000 + seconds) });
const TableName = 'sessions';

let dataDir: string;
let clock: ManualClock;
let aws: Embedded;
let db: DynamoDB;
const open = async () => {
  aws = await openEmbedded({ clock, dataDir });
  db = aws.clients().dynamodb;
};
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gluepot-ttl-'));
  clock = manualClock(START);
  await open();
  await db.createTable({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-owner',
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
});
afterEach(async () => {
  await aws.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const enable = (Enabled: boolean, AttributeName = 'until') =>
  db.updateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } });
const ids = async () => ((await db.scan({ TableName })).Items ?? []).map(({ id }) => id?.S).sort();
const put = (id: string, until?: { N: string } | { S: string }) =>
  db.putItem({ TableName, Item: { id: { S: id }, owner: { S: 'Ada' }, ...(until ? { until } : {}) } });

it('is off until it is switched on, says what it is, and refuses to become what it is', async () => {
  const described = async () => (await db.describeTimeToLive({ TableName })).TimeToLiveDescription;
  expect(await described()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await expect(enable(false)).rejects.toThrow('TimeToLive is already disabled');
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'until' };
  expect(await enable(true)).toMatchObject({ TimeToLiveSpecification });
  expect(await described()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' });
  await expect(enable(true)).rejects.toThrow('TimeToLive is already enabled');
  await expect(enable(false, 'other')).rejects.toThrow(
    'TimeToLive is active on a different AttributeName: current AttributeName is until',
  );
  await enable(false);
  expect(await described()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  await expect(db.updateTimeToLive({ TableName: 'nowhere', TimeToLiveSpecification })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

it('deletes what has expired, with its entries in indexes, and nothing else', async () => {
  await enable(true);
  await put('past', inSeconds(-10));
  await put('soon', inSeconds(90));
  await put('later', inSeconds(3600));
  await put('never');
  await put('text', { S: '1' });
  // More than five years ago: AWS takes such a number for something else.
  await put('ancient', inSeconds(-6 * 365 * 24 * 3600));
  expect(await ids()).toHaveLength(6);
  await clock.advance(MINUTE_MS);
  await expect.poll(ids).toEqual(['ancient', 'later', 'never', 'soon', 'text']);
  await clock.advance(MINUTE_MS);
  await expect.poll(ids).toEqual(['ancient', 'later', 'never', 'text']);
  const { Count } = await db.scan({ TableName, IndexName: 'by-owner' });
  expect(Count).toBe(4);
  expect((await db.describeTable({ TableName })).Table?.ItemCount).toBe(4);
});

it('goes on after a restart, and over more items than one turn has', async () => {
  await enable(true);
  const requests = Array.from({ length: 1300 }, (_, index) => ({
    PutRequest: { Item: { id: { S: `i${index}` }, until: inSeconds(index < 1200 ? -1 : 36_000) } },
  }));
  for (let start = 0; start < requests.length; start += 25) {
    await db.batchWriteItem({ RequestItems: { [TableName]: requests.slice(start, start + 25) } });
  }
  await aws.close();
  await open();
  await clock.advance(MINUTE_MS);
  await expect.poll(async () => (await ids()).length, { timeout: 30_000 }).toBe(100);
});

it('deletes nothing once it is switched off', async () => {
  await enable(true);
  await put('past', inSeconds(-10));
  await enable(false);
  await clock.advance(10 * MINUTE_MS);
  expect(await ids()).toEqual(['past']);
});
