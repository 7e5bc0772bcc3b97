// The snapshot function, called as Lambda calls it, against the embedded AWS.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLevel } from '../base/log.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../embedded.js';
import { listSnapshots, openDocumentStore } from '../toolkit/catalog-snapshot/index.js';
import { readSettings } from './catalog-snapshot-settings.js';
import { handleCatalogSnapshot } from './catalog-snapshot.js';
import { attachGluePermissions } from '../../test/glue-permissions.js';

const STORE = 's3://kept/snapshots';
const SETTINGS = readSettings({ GLUEPOT_SNAPSHOT_STORE: STORE, GLUEPOT_VERSION: '1.2.3' });
const SCHEDULED = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' };

let embedded: Embedded;
let clients: EmbeddedClients;
let logged: LogLevel[];

beforeEach(async () => {
  embedded = await openEmbedded();
  clients = embedded.clients();
  logged = [];
  await clients.s3.createBucket({ Bucket: 'kept' });
  for (const Name of ['sales', 'stock', 'other'])
    await clients.glue.createDatabase({ DatabaseInput: { Name } });
  await clients.glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
  await clients.glue.createTable({ DatabaseName: 'other', TableInput: { Name: 'things' } });
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await clients.iam.createRole({ RoleName: 'crawls', AssumeRolePolicyDocument });
  await attachGluePermissions(clients.iam, 'crawls');
  await clients.glue.createCrawler({
    Name: 'nightly',
    Role: 'crawls',
    DatabaseName: 'sales',
    Targets: { S3Targets: [{ Path: 's3://kept/data/' }] },
  });
});

afterEach(() => embedded.close());

/** As in AWS's documentation of the event. */
const crawlerEvent = (state: string, crawlerName = 'nightly') => ({
  version: '0',
  id: '05efe8a2-c309-6884-a41b-3508bcdc9695',
  'detail-type': 'Glue Crawler State Change',
  source: 'aws.glue',
  account: '561226563745',
  time: '2017-11-11T01:09:46Z',
  region: 'us-east-1',
  resources: [],
  detail: { tablesCreated: '0', message: `Crawler ${state}`, crawlerName, state },
});

const invoke = (event: unknown, settings = SETTINGS, remainingMs = 900_000) =>
  handleCatalogSnapshot(
    clients,
    settings,
    event,
    { getRemainingTimeInMillis: () => remainingMs },
    (level) => void logged.push(level),
  );

async function kept() {
  const found = [];
  for await (const one of listSnapshots(openDocumentStore(STORE, clients))) found.push(one);
  return found;
}

it.each([
  ['Started', 'pre-crawl'],
  ['Succeeded', 'post-crawl'],
  ['Failed', 'post-crawl'],
])('takes a snapshot of the crawler’s database when the crawl has %s', async (state, reason) => {
  const result = await invoke(crawlerEvent(state));
  expect(result).toMatchObject({
    decision: 'taken',
    store: STORE,
    reason,
    counts: { databases: 1, tables: 1, partitions: 0, moving: 0 },
    pruned: [],
  });
  expect(await kept()).toMatchObject([
    {
      summary: {
        scope: { databases: ['sales'] },
        reason,
        labels: { crawler: 'nightly', state, eventTime: '2017-11-11T01:09:46Z' },
        tool: { name: 'gluepot', version: '1.2.3' },
      },
    },
  ]);
  expect(logged).toEqual(['info']);
});

it('takes one of all databases on schedule, or of those that were named, and prunes', async () => {
  expect(await invoke(SCHEDULED)).toMatchObject({ counts: { databases: 3, tables: 2 }, pruned: [] });
  const settings = readSettings({
    GLUEPOT_SNAPSHOT_STORE: STORE,
    GLUEPOT_SNAPSHOT_DATABASES: ' sales , stock',
    GLUEPOT_SNAPSHOT_STATISTICS: 'tables',
    GLUEPOT_SNAPSHOT_KEEP_DAILY: '1',
  });
  const first = await invoke(SCHEDULED, settings);
  const second = await invoke(
    { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
    settings,
  );
  if (first.decision !== 'taken' || second.decision !== 'taken') throw new Error('Both were taken.');
  expect(second.counts).toMatchObject({ databases: 2, tables: 1 });
  expect(second.pruned).toEqual([first.snapshotId]);
  expect(await kept()).toHaveLength(2);
});

it('skips a crawler that was deleted meanwhile, and says so', async () => {
  expect(await invoke(crawlerEvent('Succeeded', 'gone'))).toEqual({
    decision: 'skipped',
    why: 'Crawler gone is not there any more; the next scheduled snapshot has what it left.',
  });
  expect(await kept()).toEqual([]);
});

describe('fails, so that Lambda retries and then keeps the event,', () => {
  it.each([
    ['nothing', undefined, 'This event asks for no snapshot'],
    ['another event', { source: 'aws.s3', 'detail-type': 'Object Created' }, 'detail-type'],
    ['another sender', { ...crawlerEvent('Started'), source: 'mine' }, 'source'],
    ['no crawler', { ...crawlerEvent('Started'), detail: { state: 'Started' } }, 'detail.crawlerName'],
  ])('at %s', async (_, event, message) => {
    await expect(invoke(event)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(message) as unknown,
    });
  });

  it('when time is up, and leaves no snapshot and no mark of one', async () => {
    await expect(invoke(SCHEDULED, SETTINGS, 0)).rejects.toThrow();
    expect(logged).toEqual(['error']);
    const store = openDocumentStore(STORE, clients);
    const names: string[] = [];
    for await (const { name } of store.list()) names.push(name);
    expect(names).toEqual([]);
  });

  it('when its bucket is not there', async () => {
    const settings = readSettings({ GLUEPOT_SNAPSHOT_STORE: 's3://nowhere/x' });
    await expect(invoke(SCHEDULED, settings)).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('settings', () => {
  it.each([
    [{}, 'GLUEPOT_SNAPSHOT_STORE is ""; it must be s3://BUCKET/PREFIX'],
    [{ GLUEPOT_SNAPSHOT_STORE: '/tmp/x' }, 'GLUEPOT_SNAPSHOT_STORE is "/tmp/x"'],
    [
      { GLUEPOT_SNAPSHOT_STORE: STORE, GLUEPOT_SNAPSHOT_STATISTICS: 'some' },
      'GLUEPOT_SNAPSHOT_STATISTICS is "some"; it must be none, tables, all.',
    ],
    [
      { GLUEPOT_SNAPSHOT_STORE: STORE, GLUEPOT_SNAPSHOT_KEEP_DAILY: '-1' },
      'GLUEPOT_SNAPSHOT_KEEP_DAILY is "-1"; it must be a whole number from 0 to 99999.',
    ],
  ])('%j is refused', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });

  it('are what the environment says', () => {
    expect(
      readSettings({
        GLUEPOT_SNAPSHOT_STORE: STORE,
        GLUEPOT_SNAPSHOT_DATABASES: '',
        GLUEPOT_SNAPSHOT_TABLES: 'a*',
        GLUEPOT_SNAPSHOT_KEEP_WEEKLY: '3',
      }),
    ).toEqual({
      store: STORE,
      statistics: 'none',
      tables: 'a*',
      keep: { keepDaily: 0, keepWeekly: 3 },
      version: 'unknown',
    });
  });
});
