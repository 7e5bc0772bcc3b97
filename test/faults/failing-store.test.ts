// A store in S3 that fails for long: what stands in the way, of which document, and what to do, instead of a wait without end.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/aws-clients.js';
import { closeClients, openClients } from '../../src/aws/open-clients.js';
import {
  applyPlan,
  buildPlan,
  openDocumentStore,
  PartialApplyError,
  resumeApply,
  type DocumentStore,
} from '../../src/change/index.js';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { snapshotCatalog } from '../../src/toolkit/catalog-snapshot/index.js';
import { startFaultyRelay, type FaultyRelay, type RelayFault } from './faulty-relay.js';

let aws: Embedded;
let relay: FaultyRelay;
let clients: AwsClients;
let store: DocumentStore;

beforeAll(async () => {
  aws = await openEmbedded();
  await aws.clients().s3.createBucket({ Bucket: 'kept' });
  relay = await startFaultyRelay((await aws.listen({ port: 0 })).endpoint);
  clients = await openClients({
    ...{ endpoint: relay.endpoint, region: 'us-east-1', silenceMs: 150, maxAttempts: 2 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  store = openDocumentStore('s3://kept/undo', clients);
});
afterEach(() => void (relay.faultOf = () => undefined));
afterAll(async () => {
  await closeClients(clients);
  await relay.close();
  await aws.close();
});

const bytes = Buffer.from('{"whole":true}');

const ACTS: [name: string, act: () => Promise<unknown>, started: string, right: string][] = [
  ['put', () => store.put('a.json', bytes), 's3://kept/undo/a.json could not be written: ', 's3:PutObject'],
  ['get', () => store.get('a.json'), 's3://kept/undo/a.json could not be read: ', 's3:GetObject'],
  ['delete', () => store.delete('a.json'), 's3://kept/undo/a.json could not be deleted: ', 's3:DeleteObject'],
  [
    'list',
    async () => void (await store.list('b/')[Symbol.asyncIterator]().next()),
    's3://kept/undo/b/ could not be listed: ',
    's3:ListBucket',
  ],
];

const FAULTS: [RelayFault, { kind: string; why: string }][] = [
  ['hang', { kind: 'timed-out', why: 'No answer came in time (2 attempts). It may be done all the same' }],
  ['reset', { kind: 'failed', why: 'The connection broke off (ECONNRESET, 2 attempts)' }],
  ['slow-down', { kind: 'failed', why: 'SlowDown: Please reduce your request rate.' }],
  ['deny', { kind: 'not-permitted', why: 'AWS does not permit this (AccessDenied): Access Denied.' }],
];

for (const [fault, { kind, why }] of FAULTS) {
  it.each(ACTS)(
    `a store that answers ${fault} ends a %s with the document's name`,
    async (_, act, start, right) => {
      relay.faultOf = () => fault;
      const failure = await act().catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind, message: expect.stringContaining(start + why) as unknown });
      if (fault === 'deny')
        expect(failure).toMatchObject({ message: expect.stringContaining(right) as unknown });
    },
  );
}

it.each(ACTS)(
  'a store whose bucket is in another region ends a %s with the name of that region',
  async (_, act) => {
    relay.faultOf = () => 'other-region';
    await expect(act()).rejects.toMatchObject({
      kind: 'usage',
      message:
        'Bucket kept is in eu-west-1, and the S3 client is not. ' +
        "Keep documents in a bucket of the client's region, or give it the bucket's.",
    });
  },
);

it('asks again for a document that stops coming half-way, and ends when it always does', async () => {
  await store.put('stalled.json', bytes);
  let left = 2;
  relay.faultOf = () => (left-- > 0 ? 'stall' : undefined);
  expect(Buffer.from((await store.get('stalled.json'))?.bytes ?? [])).toEqual(bytes);
  relay.faultOf = () => 'stall';
  await expect(store.get('stalled.json')).rejects.toMatchObject({
    kind: 'timed-out',
    message: expect.stringContaining('s3://kept/undo/stalled.json could not be read: ') as unknown,
  });
});

it('a document whose answer was lost is written once', async () => {
  let left = 1;
  relay.faultOf = () => (left-- > 0 ? 'lose' : undefined);
  await store.put('once.json', bytes, { ifAbsent: true });
  expect(relay.requests.filter(({ method, path }) => method === 'PUT' && path.includes('once'))).toHaveLength(
    2,
  );
});

it('a snapshot that cannot be written says what could not be, and not that its mark could not be deleted', async () => {
  relay.faultOf = ({ method }) => (method === 'PUT' || method === 'DELETE' ? 'deny' : undefined);
  await expect(snapshotCatalog(clients, { store: 's3://kept/undo', version: 'test' })).rejects.toMatchObject({
    kind: 'not-permitted',
    message: expect.stringMatching(/^s3:\/\/kept\/undo\/writing\/.* could not be written: /) as unknown,
  });
});

it('a journal that hangs ends the apply, which names it, and is resumed when the store answers again', async () => {
  const { glue } = aws.clients();
  const DatabaseName = 'sales';
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  const names = ['a', 'b', 'c'];
  for (const Name of names) await glue.createTable({ DatabaseName, TableInput: { Name } });
  const plan = buildPlan({
    ...{ accountId: '123456789012', region: 'us-east-1' },
    subject: { operation: 'crawl-undo', resolved: {} },
    changes: names.map((TableName) => ({
      ...{ action: 'update', key: { kind: 'table', DatabaseName, TableName } },
      ...{ current: { Name: TableName }, wanted: { Name: TableName, Description: 'undone' } },
      ...{ reason: 'A test wants it.', evidence: [] },
    })),
  });
  let lines = 0;
  relay.faultOf = ({ method, path }) =>
    method === 'PUT' && path.includes('.jsonl') && ++lines > 2 ? 'hang' : undefined;
  const failure = await applyPlan({ glue }, plan, { journal: store, concurrency: 1 }).catch(
    (error: unknown) => error,
  );
  if (!(failure instanceof PartialApplyError)) throw failure;
  const journalId = failure.report.journalId as string;
  expect(failure.message).toMatch(
    /It could not go on: s3:\/\/kept\/undo\/journals\/\S+\.jsonl could not be written: No answer came in time/,
  );
  expect(failure.message).toContain(`Resume journal ${journalId}`);
  relay.faultOf = () => undefined;
  expect(await resumeApply({ glue }, store, journalId)).toMatchObject({ verified: true });
  const { TableList = [] } = await glue.getTables({ DatabaseName });
  expect(TableList.map(({ Description }) => Description)).toEqual(names.map(() => 'undone'));
});
