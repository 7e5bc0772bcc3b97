// What happens to crawls and job runs whose role lacks a permission.
import { afterEach, describe, expect, it } from 'vitest';
import { detachGluePermissions } from '../../../test/glue-permissions.js';
import { openCrawlFixture, type CrawlFixture } from '../../../test/conformance/crawl-fixture.js';
import type { EmbeddedOptions } from '../../embedded.js';

let lake: CrawlFixture;
afterEach(() => lake.close());

const CATALOG = 'arn:aws:glue:us-east-1:123456789012:catalog';
const DATABASE = 'arn:aws:glue:us-east-1:123456789012:database/lake';
const tableArn = (name: string) => `arn:aws:glue:us-east-1:123456789012:table/lake/${name}`;
const ORDERS = 'arn:aws:dynamodb:us-east-1:123456789012:table/orders';
const SESSION = 'arn:aws:sts::123456789012:assumed-role/Crawler/AWS-Crawler';

type Statement = {
  Effect?: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: object;
};

/** A role with these statements and no other permission, and a DynamoDB table `orders` to crawl. */
async function open(statements: Statement[], options: EmbeddedOptions = {}) {
  lake = await openCrawlFixture(options);
  const { iam, dynamodb, glue } = lake.aws.clients();
  await detachGluePermissions(iam, 'Crawler');
  await iam.putRolePolicy({
    RoleName: 'Crawler',
    PolicyName: 'only',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
    }),
  });
  await glue.createDatabase({ DatabaseInput: { Name: 'lake' } });
  await dynamodb.createTable({
    TableName: 'orders',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    SSESpecification: { Enabled: true, KMSMasterKeyId: 'k1' },
  });
}

const READ: Statement = { Action: ['dynamodb:DescribeTable', 'dynamodb:Scan'], Resource: ORDERS };
const DECRYPT: Statement = {
  Action: 'kms:Decrypt',
  Resource: 'arn:aws:kms:us-east-1:123456789012:key/k1',
  Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } },
};
const WRITE: Statement = {
  Action: ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
  Resource: [CATALOG, DATABASE, tableArn('orders')],
};

const crawl = async () => {
  await lake.create({ Targets: { DynamoDBTargets: [{ Path: 'orders' }] } });
  return (await lake.crawl()).LastCrawl;
};

describe('a crawl of a DynamoDB table', () => {
  it('needs no more than to read its table and key and to write its table', async () => {
    await open([READ, DECRYPT, WRITE]);
    expect((await crawl())?.ErrorMessage).toBeUndefined();
    expect(await lake.tables()).toMatchObject([{ Name: 'orders' }]);
  });

  it.each<[string, Statement[], string, string, string]>([
    [
      'Scan',
      [{ Action: 'dynamodb:DescribeTable', Resource: ORDERS }, DECRYPT, WRITE],
      'dynamodb:Scan',
      ORDERS,
      'because no identity-based policy allows the dynamodb:Scan action',
    ],
    [
      'anything on that table',
      [{ ...READ, Resource: `${ORDERS}-other` }, DECRYPT, WRITE],
      'dynamodb:DescribeTable',
      ORDERS,
      'because no identity-based policy allows the dynamodb:DescribeTable action',
    ],
    [
      'its key',
      [READ, WRITE],
      'kms:Decrypt',
      'arn:aws:kms:us-east-1:123456789012:key/k1',
      'because no identity-based policy allows the kms:Decrypt action',
    ],
    [
      'the database',
      [READ, DECRYPT],
      'glue:GetDatabase',
      CATALOG,
      'because no identity-based policy allows the glue:GetDatabase action',
    ],
    [
      'the table in the catalog',
      [READ, DECRYPT, { ...WRITE, Resource: [CATALOG, DATABASE, tableArn('another')] }],
      'glue:GetTable',
      tableArn('orders'),
      'because no identity-based policy allows the glue:GetTable action',
    ],
    [
      'a permission that is denied',
      [READ, DECRYPT, WRITE, { Effect: 'Deny', Action: 'glue:Create*', Resource: '*' }],
      'glue:CreateTable',
      CATALOG,
      'with an explicit deny in an identity-based policy',
    ],
  ])('fails without %s, and writes nothing', async (_case, statements, action, resource, why) => {
    await open(statements);
    expect(await crawl()).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: `User: ${SESSION} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    });
    expect(await lake.tables()).toEqual([]);
  });

  it('fails beyond its permissions boundary', async () => {
    await open([READ, DECRYPT, WRITE]);
    const { iam } = lake.aws.clients();
    await iam.putRolePermissionsBoundary({
      RoleName: 'Crawler',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole',
    });
    expect((await crawl())?.ErrorMessage).toContain(
      'because no permissions boundary allows the dynamodb:DescribeTable action',
    );
  });

  it('succeeds once what was lacking is attached', async () => {
    await open([DECRYPT, WRITE]);
    expect((await crawl())?.Status).toBe('FAILED');
    await lake.aws.clients().iam.attachRolePolicy({
      RoleName: 'Crawler',
      PolicyArn: 'arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess',
    });
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
  });

  it('needs nothing when permissions are not enforced', async () => {
    await open([{ Action: 's3:*', Resource: '*' }], { enforceIam: false });
    expect((await crawl())?.Status).toBe('SUCCEEDED');
  });
});

describe('a crawl of S3', () => {
  const GLUE: Statement = { Action: 'glue:*', Resource: '*' };
  it.each<[string, Statement, string, string]>([
    [
      'to list the folder',
      {
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::bucket',
        Condition: { StringLike: { 's3:prefix': 'other/*' } },
      },
      's3:ListBucket',
      'arn:aws:s3:::bucket',
    ],
    [
      'to read an object',
      { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::bucket' },
      's3:GetObject',
      'arn:aws:s3:::bucket/in/a.csv',
    ],
  ])("fails with S3's error without permission %s", async (_case, statement, action, resource) => {
    await open([GLUE, statement]);
    lake.put({ 'in/a.csv': 'id,name\n1,a\n2,b\n' });
    await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/in/' }] } });
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage:
        `User: ${SESSION} is not authorized to perform: ${action} on resource: "${resource}" because no ` +
        `identity-based policy allows the ${action} action (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)`,
    });
  });
});

describe('a job run', () => {
  it.each<[string, string[], string]>([
    [
      'to write its target',
      ['s3:ListBucket', 's3:GetObject'],
      's3:PutObject on resource: "arn:aws:s3:::bucket/out/',
    ],
    [
      'to read its source',
      ['s3:ListBucket', 's3:PutObject'],
      's3:GetObject on resource: "arn:aws:s3:::bucket/in/a.csv"',
    ],
  ])('fails without permission %s, and leaves nothing behind', async (_case, Action, denied) => {
    await open([{ Action, Resource: ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'] }]);
    lake.put({ 'in/a.csv': 'id,name\n1,a\n' });
    const { glue } = lake;
    await glue.createJob({
      Name: 'copy',
      Role: 'Crawler',
      GlueVersion: '4.0',
      Command: { Name: 'glueetl', ScriptLocation: 's3://bucket/job.py' },
      CodeGenConfigurationNodes: {
        in: {
          S3CsvSource: {
            Name: 'in',
            Paths: ['s3://bucket/in/'],
            Separator: 'comma',
            QuoteChar: 'quote',
            WithHeader: true,
          },
        },
        out: { S3DirectTarget: { Name: 'out', Inputs: ['in'], Path: 's3://bucket/out/', Format: 'json' } },
      },
    });
    const { JobRunId } = await glue.startJobRun({ JobName: 'copy' });
    const state = async () => (await glue.getJobRun({ JobName: 'copy', RunId: JobRunId })).JobRun;
    await expect.poll(async () => (await state())?.JobRunState, { timeout: 10_000 }).toBe('FAILED');
    expect((await state())?.ErrorMessage).toContain(
      `User: arn:aws:sts::123456789012:assumed-role/Crawler/GlueJobRunnerSession is not authorized to perform: ${denied}`,
    );
    const { KeyCount } = await lake.aws.clients().s3.listObjectsV2({ Bucket: 'bucket', Prefix: 'out/' });
    expect(KeyCount).toBe(0);
  });
});
