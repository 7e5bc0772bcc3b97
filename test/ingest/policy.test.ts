// The policy of an ingest holds each call that a run makes: recorded at the clients, asked of the policy as IAM would.
import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../src/embedded.js';
import { decideAccess } from '../../src/identity/access.js';
import { conditionFacts } from '../../src/identity/condition.js';
import { parsePolicyDocument } from '../../src/identity/policy-document.js';
import {
  compactTables,
  ingestPlaces,
  ingestPolicy,
  runIngest,
  verifyTables,
  type IngestSpec,
} from '../../src/toolkit/ingest/index.js';

interface Request {
  action: string;
  resource: string;
}
type Input = Record<string, unknown> & { Bucket?: string; Key?: string; Prefix?: string };

const PLACE = { partition: 'aws', accountId: '123456789012', region: 'us-east-1', sources: ['s3://raw/in'] };
const SPEC: IngestSpec = {
  database: 'shop',
  outputPath: 's3://lake/parquet',
  trackerPath: 's3://lake/trackers/',
  keysPath: 's3://raw/keys',
  keepReplaced: '0s',
};

let aws: Embedded;
/** Whose calls are recorded. */
let clients: EmbeddedClients;
let writer: EmbeddedClients;
const asked: Request[] = [];

beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  writer = aws.clients();
  for (const Bucket of ['raw', 'lake']) await clients.s3.createBucket({ Bucket });
  await put('keys/keys.csv', 'table_name,primary_key_column\norders,id\n');
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  for (const Name of ['orders', 'days']) {
    await clients.glue.createTable({
      DatabaseName: 'shop',
      TableInput: {
        Name,
        StorageDescriptor: {
          Location: `s3://raw/in/${Name}/`,
          Columns: [
            { Name: 'id', Type: 'int' },
            { Name: 'updated_at', Type: 'timestamp' },
          ],
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
        PartitionKeys: Name === 'days' ? [{ Name: 'day', Type: 'string' }] : [],
      },
    });
  }
  record(clients.s3, (command, input) => s3Requests(command, input));
  record(clients.glue, (command, input) => glueRequests(command, input));
});
afterAll(() => aws.close());

const put = (Key: string, Body: string) => writer.s3.putObject({ Bucket: 'raw', Key, Body });

function record(
  client: S3Client | GlueClient,
  requestsOf: (command: string, input: Input) => Request[],
): void {
  (client as S3Client).middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        asked.push(...requestsOf(commandName.replace(/Command$/, ''), args.input as unknown as Input));
        return next(args);
      },
    { step: 'initialize' },
  );
}

/** AWS service authorization reference, S3. */
function s3Requests(command: string, input: Input): Request[] {
  const at = (key: string) => `arn:aws:s3:::${input.Bucket}/${key}`;
  const object = (action: string) => [{ action: `s3:${action}`, resource: at(input.Key ?? '') }];
  switch (command) {
    case 'GetObject':
    case 'HeadObject':
      // An object that is not there is told from a forbidden one by the right to list.
      return [...object('GetObject'), { action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }];
    case 'PutObject':
    case 'CreateMultipartUpload':
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      return object('PutObject');
    case 'AbortMultipartUpload':
      return object('AbortMultipartUpload');
    case 'CopyObject':
    case 'UploadPartCopy':
      return [
        ...object('PutObject'),
        {
          action: 's3:GetObject',
          resource: `arn:aws:s3:::${decodeURIComponent(input['CopySource'] as string)}`,
        },
      ];
    case 'DeleteObject':
      return object('DeleteObject');
    case 'DeleteObjects':
      return ((input['Delete'] as { Objects: { Key: string }[] }).Objects ?? []).map(({ Key }) => ({
        action: 's3:DeleteObject',
        resource: at(Key),
      }));
    case 'HeadBucket':
    case 'ListObjectsV2':
      return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${input.Bucket}` }];
    default:
      throw new Error(`The ingest calls ${command} of S3, and nobody said which right that needs.`);
  }
}

/** AWS service authorization reference, Glue: a call on a table asks of catalog, database and table. */
function glueRequests(command: string, input: Input): Request[] {
  const { DatabaseName, Name, TableName, TableInput, DatabaseInput } = input as {
    DatabaseName?: string;
    Name?: string;
    TableName?: string;
    TableInput?: { Name: string };
    DatabaseInput?: { Name: string };
  };
  const database = DatabaseName ?? DatabaseInput?.Name ?? Name;
  const table = DatabaseName === undefined ? undefined : (TableName ?? TableInput?.Name ?? Name ?? 'any');
  return [
    'catalog',
    `database/${database}`,
    ...(table === undefined ? [] : [`table/${database}/${table}`]),
  ].map((resource) => ({
    action: `glue:${command}`,
    resource: `arn:aws:glue:us-east-1:123456789012:${resource}`,
  }));
}

const refusedBy = (policy: object, requests: readonly Request[]) => {
  const identity = [parsePolicyDocument(JSON.stringify(policy), 'permissions')];
  const policies = { identity, boundary: undefined };
  const facts = conditionFacts({});
  return requests
    .filter((request) => decideAccess(policies, { ...request, facts }).decision !== 'allowed')
    .map(({ action, resource }) => `${action} ${resource}`);
};

it('each call of full load, increment, merge, compaction and check is allowed, and each right is used', async () => {
  const row = (id: number, day: number) => `{"id":${id},"updated_at":"2024-01-0${day} 00:00:00"}\n`;
  await put('in/orders/a.json', row(1, 1) + row(2, 1));
  await runIngest(SPEC, clients);
  await put('in/orders/b.json', row(3, 2));
  await runIngest(SPEC, clients);
  await put('in/orders/c.json', row(1, 3));
  await runIngest(SPEC, clients);
  await compactTables(SPEC, clients);
  await runIngest({ ...SPEC, load: 'full' }, clients);
  await verifyTables(SPEC, clients);

  const policy = ingestPolicy(SPEC, PLACE);
  expect(refusedBy(policy, asked)).toEqual([]);
  const actions = new Set(asked.map(({ action }) => action));
  const unused = policy.Statement.flatMap(({ Action }) => Action).filter((action) => !actions.has(action));
  // Only a file above the limit of one upload is sent in parts, which a failure takes back.
  expect(unused).toEqual(['s3:AbortMultipartUpload']);
});

it('made of where the tables are, it is enough by what IAM simulates', async () => {
  const places = await ingestPlaces(SPEC, writer);
  expect(places).toEqual({ sources: ['s3://raw/in/days', 's3://raw/in/orders'], connections: [] });
  const policy = ingestPolicy(SPEC, { ...PLACE, ...places });
  const resourcesOf = new Map<string, Set<string>>();
  for (const { action, resource } of asked) {
    resourcesOf.set(action, (resourcesOf.get(action) ?? new Set()).add(resource));
  }
  expect(resourcesOf.size).toBeGreaterThan(8);
  for (const [action, resources] of resourcesOf) {
    const { EvaluationResults = [] } = await writer.iam.simulateCustomPolicy({
      PolicyInputList: [JSON.stringify(policy)],
      ActionNames: [action],
      ResourceArns: [...resources],
    });
    expect(EvaluationResults).toHaveLength(resources.size);
    for (const { EvalDecision, EvalResourceName } of EvaluationResults) {
      expect([action, EvalResourceName, EvalDecision]).toEqual([action, EvalResourceName, 'allowed']);
    }
  }
  const refused = await writer.iam.simulateCustomPolicy({
    PolicyInputList: [JSON.stringify(policy)],
    ActionNames: ['s3:GetObject'],
    ResourceArns: ['arn:aws:s3:::raw/in/others/a.json'],
  });
  expect(refused.EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(['implicitDeny']);
});

it('nothing beside is allowed: no other bucket, database, or writing to the source', () => {
  const arn = (resource: string) => `arn:aws:glue:us-east-1:123456789012:${resource}`;
  const requests = [
    { action: 's3:PutObject', resource: 'arn:aws:s3:::raw/in/orders/a.json' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::raw/other/a.json' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::lake/parquet-of-others/a' },
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::other' },
    { action: 'glue:UpdateTable', resource: arn('table/shop/orders') },
    { action: 'glue:DeleteTable', resource: arn('table/shop_parquet/orders') },
    { action: 'glue:GetConnection', resource: arn('connection/db') },
  ];
  expect(refusedBy(ingestPolicy(SPEC, PLACE), requests)).toHaveLength(requests.length);
  const withDatabase = ingestPolicy({ ...SPEC, connection: 'db' }, { ...PLACE, sources: [] });
  expect(
    refusedBy(withDatabase, [
      { action: 'glue:GetConnection', resource: arn('connection/db') },
      { action: 'glue:GetConnection', resource: arn('connection/other') },
      { action: 'glue:GetTables', resource: arn('database/shop') },
    ]),
  ).toEqual([`glue:GetConnection ${arn('connection/other')}`, `glue:GetTables ${arn('database/shop')}`]);
});
