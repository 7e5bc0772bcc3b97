// The policy of the guide, as the only rights of the command line: enough for what the guide says, and nothing of it to spare.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { PartialApplyError } from '../../src/change/index.js';
import { decideAccess } from '../../src/identity/access.js';
import { parsePolicyDocument } from '../../src/identity/policy-document.js';
import { openCrawlFixture, type CrawlFixture } from '../conformance/crawl-fixture.js';
import { startFaultyRelay, type FaultyRelay, type Relayed } from '../faults/faulty-relay.js';
import { runCommand } from '../in-process-command.js';
import { neededRight } from './needed-right.js';
import { CRAWLER, csv } from './undo-fixture.js';

interface Policy {
  Version: string;
  Statement: { Action: string | string[] }[];
}

const GUIDE = readFileSync('docs/guides/crawl-undo.md', 'utf8');
const POLICY = JSON.parse(/^```json\n(.*?)^```/ms.exec(GUIDE)?.[1] ?? '') as Policy;
const ACTIONS = POLICY.Statement.flatMap(({ Action }) => Action);

const DatabaseName = 'sales';
const STORE = 's3://my-bucket/gluepot/undo';

let lake: CrawlFixture;
let relay: FaultyRelay;
let used: Set<string>;

beforeAll(async () => {
  lake = await openCrawlFixture();
  relay = await startFaultyRelay((await lake.aws.listen({ port: 0 })).endpoint);
  await lake.aws.clients().s3.createBucket({ Bucket: 'my-bucket' });
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  used = new Set();
});
afterAll(async () => {
  await relay.close();
  await lake.close();
});

/** The operation that a request asks for, as `neededRight` takes it. */
function askedOf({ method, path, target, input }: Relayed): [operation: string, input: object] {
  if (target !== '') return [target.replace('AWSGlue.', ''), input];
  const [, Bucket = '', Key = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(path) ?? [];
  if (Bucket === '') return ['GetCallerIdentity', {}];
  if (path.includes('list-type=2')) return ['ListObjectsV2', { Bucket }];
  return [`${{ GET: 'Get', PUT: 'Put', DELETE: 'Delete' }[method]}Object`, { Bucket, Key }];
}

/** From now on the policy is all that is allowed, but for some of its actions. */
function allowAllBut(...without: string[]): void {
  const identity = [parsePolicyDocument(JSON.stringify(POLICY), 'permissions')];
  relay.faultOf = (request) => {
    const need = neededRight(...(askedOf(request) as [string, never]));
    if (!need) return undefined;
    const { action, resources } = need;
    used.add(action);
    const isAllowed = resources.every(
      (resource) =>
        decideAccess({ identity }, { action, resource, facts: {} as never }).decision === 'allowed',
    );
    return isAllowed && !without.includes(action) ? undefined : 'deny';
  };
}

/** The snapshot that is restored. */
let wanted: string;

const run = (...words: string[]) =>
  runCommand(...words, '--store', STORE, '--target', 'aws', '--endpoint-url', relay.endpoint);
const snapshot = (...words: string[]) => run('catalog', 'snapshot', ...words);
const restore = () => snapshot('restore', wanted, '--yes', '--on-conflict', 'force');

/** All that a failure says of what was not permitted. */
const refusalsOf = (act: Promise<unknown>) =>
  act.then(
    () => '',
    (error: unknown) => {
      const failed = error instanceof PartialApplyError ? error.report.failed : [];
      return [String(error), ...failed.map(({ reason }) => reason)].join('\n');
    },
  );

/** Two states of a database, each with all that the other one has not: whichever comes back, every kind of write is made. */
async function makeState(own: 'first' | 'second'): Promise<void> {
  const { glue } = lake;
  await glue.updateDatabase({ Name: DatabaseName, DatabaseInput: { Name: DatabaseName, Description: own } });
  const { TableList = [] } = await glue.getTables({ DatabaseName });
  const TablesToDelete = TableList.map(({ Name = '' }) => Name);
  if (TablesToDelete.length > 0) await glue.batchDeleteTable({ DatabaseName, TablesToDelete });
  const StorageDescriptor = {
    Columns: ['id', 'first', 'second'].map((Name) => ({ Name, Type: 'int' })),
    Location: `s3://lake/${own}/`,
  };
  for (const Name of [own, 'shared']) {
    const PartitionKeys = [{ Name: 'day', Type: 'string' }];
    await glue.createTable({ DatabaseName, TableInput: { Name, PartitionKeys, StorageDescriptor } });
    const inTable = { DatabaseName, TableName: Name };
    const PartitionInputList = ['both', own].map((day) => ({ Values: [day], StorageDescriptor }));
    await glue.batchCreatePartition({ ...inTable, PartitionInputList });
    await glue.createPartitionIndex({ ...inTable, PartitionIndex: { IndexName: own, Keys: ['day'] } });
    const ColumnStatisticsList = [
      {
        ...{ ColumnName: own, ColumnType: 'int', AnalyzedTime: new Date('2024-01-01T00:00:00Z') },
        StatisticsData: {
          Type: 'LONG' as const,
          LongColumnStatisticsData: { NumberOfNulls: 1, NumberOfDistinctValues: 2 },
        },
      },
    ];
    await glue.updateColumnStatisticsForTable({ ...inTable, ColumnStatisticsList });
    await glue.updateColumnStatisticsForPartition({
      ...{ ...inTable, PartitionValues: ['both'] },
      ColumnStatisticsList,
    });
  }
}

it('is enough for what the guide says, and all of it is asked for', async () => {
  const { glue } = lake;
  lake.put({ 'orders/a.csv': csv('id,amount', '1,2', '2,3') });
  await lake.create({ DatabaseName: 'sales_crawled' });
  await lake.crawl();
  lake.put({ 'orders/a.csv': csv('id,amount', '1,2.5', '2,3.5') });
  await lake.crawl();
  for (const Name of [DatabaseName, 'sales_gone']) await glue.createDatabase({ DatabaseInput: { Name } });
  allowAllBut();
  expect((await run('crawl', 'undo', CRAWLER, '--dry-run')).text).toContain('table sales_crawled.bucket');
  await makeState('first');
  const created = await snapshot('create', '--include-statistics', 'all');
  wanted = (created.outcome.result as { id: string }).id;
  await glue.deleteDatabase({ Name: 'sales_gone' });
  await makeState('second');
  await snapshot('create', '--include-statistics', 'all');
  const restored = (await restore()).outcome.result as { report: { journalId: string } };
  await snapshot('restore', '--rollback', restored.report.journalId, '--yes');
  await snapshot('show', wanted);
  await snapshot('diff', wanted, '@now');
  await snapshot('verify');
  await snapshot('prune', '--keep-last', '100', '--yes');
  expect([...used].sort()).toEqual(ACTIONS.sort());
});

/** Of these nothing tells before there is something to write. */
const LATE_LOOKS = ['glue:GetTable', 'glue:BatchGetPartition'];
/** After the deletions, which would have to be refused as well. */
const LATE = ['glue:UpdateColumnStatisticsForTable', 'glue:UpdateColumnStatisticsForPartition'];
const WRITES = ACTIONS.filter(
  (action) => /^glue:(?:Create|Update|Delete|Batch(?!Get))/.test(action) && !LATE.includes(action),
);
/** For the rollback of a restore only. */
const UNTRIED = ['glue:DeleteDatabase'];

it.each(ACTIONS.filter((action) => ![...LATE_LOOKS, ...LATE, ...WRITES].includes(action)))(
  'without %s a command says so, and has changed nothing',
  async (action) => {
    allowAllBut(action);
    const refusals = [
      await refusalsOf(run('crawl', 'undo', CRAWLER, '--dry-run')),
      await refusalsOf(snapshot('restore', wanted, '--dry-run')),
      await refusalsOf(snapshot('create')),
    ];
    expect(refusals.join('\n')).toContain(action);
  },
);

it.each([
  ['writes', WRITES],
  ['looks at tables', ['glue:GetTable']],
  ['looks at partitions', ['glue:BatchGetPartition']],
  ['late writes', LATE],
])('without the rights for its %s a restore names each of them', async (_, actions) => {
  allowAllBut(...actions);
  const refusals = await refusalsOf(restore());
  for (const action of actions) {
    if (!UNTRIED.includes(action)) expect(refusals, action).toContain(`not authorized to perform: ${action}`);
  }
});
