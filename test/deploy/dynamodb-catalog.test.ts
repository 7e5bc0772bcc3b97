// The DynamoDB catalog function as it is deployed: its bundle, run by the embedded Lambda; its template, by AWS's tools.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { paginateListCrawlers } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { findPythonClients } from '../clients/python-clients.js';
import { codeFolder, lintTemplate, translateTemplate } from './sam-template.js';

const TEMPLATE = 'deploy/dynamodb-catalog/template.yaml';

interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}
interface Template {
  Resources: {
    CrawlerBoundary: { Properties: { PolicyDocument: { Statement: Statement[] } } };
    DynamodbCatalogFunction: {
      Properties: {
        CodeUri: string;
        Handler: string;
        Policies: { Statement: Statement[] }[];
        Events: Record<'TableChanged' | 'Continuation', { Properties: { Pattern: object } }>;
      };
    };
  };
}

// CloudFormation's short tags are no YAML of their own: their values do for what is read here.
const template = parse(readFileSync(TEMPLATE, 'utf8'), { logLevel: 'silent' }) as Template;
const { Properties } = template.Resources.DynamodbCatalogFunction;
const statements = Properties.Policies.flatMap(({ Statement }) => Statement);
const actionsOf = ({ Action }: Statement) => (typeof Action === 'string' ? [Action] : Action);

describe('the bundle', () => {
  const folder = codeFolder(TEMPLATE, Properties);

  /** The bundle as a function of the embedded Lambda, with a role that may do anything. */
  const deploy = async (embedded: Embedded, environment: Record<string, string> = {}) => {
    const { iam, lambda } = embedded.clients();
    const { Role } = await iam.createRole({
      RoleName: 'runs-it',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: ['lambda', 'scheduler'].map((name) => ({
          Effect: 'Allow',
          Principal: { Service: `${name}.amazonaws.com` },
          Action: 'sts:AssumeRole',
        })),
      }),
    });
    await iam.putRolePolicy({
      RoleName: 'runs-it',
      PolicyName: 'all',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    });
    await embedded.listen({ port: 0 });
    const { FunctionArn } = await lambda.createFunction({
      FunctionName: 'dynamodb-catalog',
      Runtime: 'nodejs22.x',
      Handler: Properties.Handler,
      Role: Role?.Arn,
      // Less than the time that is kept for a chunk: after the first one the rest is handed on.
      Timeout: 115,
      MemorySize: 512,
      Code: { S3Bucket: 'hot-reload', S3Key: folder },
      Environment: {
        Variables: { GLUEPOT_DYNAMODB_CRAWL: 'false', GLUEPOT_DYNAMODB_SCHEMAS: 'false', ...environment },
      },
    });
    return { FunctionArn, RoleArn: Role?.Arn };
  };
  const SCHEDULED = '{"source":"aws.scheduler","detail-type":"Scheduled Event"}';
  const tableOf = (TableName: string): CreateTableCommandInput => ({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
  const LIMIT = { timeout: 100_000, interval: 200 };

  it('is fired by the embedded Scheduler, in the embedded Lambda, and makes its crawlers', async () => {
    const embedded = await openEmbedded();
    try {
      const { dynamodb, glue, scheduler } = embedded.clients();
      await dynamodb.createTable(tableOf('orders'));
      const { FunctionArn, RoleArn } = await deploy(embedded);
      await scheduler.createSchedule({
        Name: 'all-tables',
        ScheduleExpression: `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: FunctionArn, RoleArn, Input: SCHEDULED },
      });
      await expect
        .poll(async () => (await glue.listCrawlers({})).CrawlerNames, LIMIT)
        .toEqual(['ddb_orders_crawler']);
    } finally {
      await embedded.close();
    }
  });

  it('hands on what its time does not suffice for, and follows tables that are made and deleted, by its own rules', async () => {
    const embedded = await openEmbedded();
    try {
      const { dynamodb, events, glue, lambda } = embedded.clients();
      const names = Array.from({ length: 53 }, (_, index) => `table-${String(index).padStart(2, '0')}`);
      for (const name of names) await dynamodb.createTable(tableOf(name));
      const { FunctionArn } = await deploy(embedded, { GLUEPOT_DYNAMODB_PRUNE: 'true' });
      for (const Name of ['TableChanged', 'Continuation'] as const) {
        await events.putRule({
          Name,
          EventPattern: JSON.stringify(Properties.Events[Name].Properties.Pattern),
        });
        await events.putTargets({ Rule: Name, Targets: [{ Id: 'function', Arn: FunctionArn }] });
      }
      await lambda.addPermission({
        FunctionName: 'dynamodb-catalog',
        StatementId: 'rules',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
      });
      const crawlerNames = async () => {
        const found: string[] = [];
        for await (const page of paginateListCrawlers({ client: glue }, {}))
          found.push(...(page.CrawlerNames ?? []));
        return found.sort();
      };
      const namesOf = (tables: string[]) => tables.map((name) => `ddb_${name}_crawler`);

      const { Payload } = await lambda.invoke({ FunctionName: 'dynamodb-catalog', Payload: SCHEDULED });
      expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ continuedAfter: 'table-49' });
      await expect.poll(crawlerNames, LIMIT).toEqual(namesOf(names));

      await dynamodb.createTable(tableOf('another'));
      await expect.poll(crawlerNames, LIMIT).toEqual(namesOf(['another', ...names]));
      await dynamodb.deleteTable({ TableName: 'table-07' });
      const left = names.filter((name) => name !== 'table-07');
      await expect.poll(crawlerNames, LIMIT).toEqual(namesOf(['another', ...left]));
    } finally {
      await embedded.close();
    }
  });

  it('is small: no DuckDB, no SQLite, nothing of the embedded AWS', () => {
    const file = join(folder, 'dynamodb-catalog.js');
    expect(statSync(file).size).toBeLessThan(4 * 1024 * 1024);
    expect(readFileSync(file, 'utf8')).not.toMatch(/duckdb|photostructure/);
  });
});

describe('its rights', () => {
  it('let it make roles with the boundary only, on one path, and pass them to Glue only', () => {
    const makesRoles = statements.filter((statement) =>
      actionsOf(statement).some((action) => /^iam:(Create|Put|Attach|Detach|DeleteRolePolicy)/.test(action)),
    );
    expect(makesRoles).toHaveLength(1);
    expect(makesRoles[0]?.Condition).toEqual({
      StringEquals: { 'iam:PermissionsBoundary': 'CrawlerBoundary' },
    });
    for (const statement of statements.filter((one) =>
      actionsOf(one).some((action) => action.startsWith('iam:')),
    )) {
      const isReading = actionsOf(statement).every((action) => /^iam:(Get|List)/.test(action));
      if (!isReading) expect(statement.Resource).toMatch(/role\/gluepot\/.+\/dynamodb\/.+\/\*$/);
    }
    expect(statements.find(({ Sid }) => Sid === 'PassRolesToGlue')?.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' },
    });
  });

  it('have no wildcard in an action, no managed policy, no way at the boundary', () => {
    const actions = statements.flatMap(actionsOf);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    for (const action of [
      'iam:AttachRolePolicy',
      'iam:CreatePolicyVersion',
      'iam:DeleteRolePermissionsBoundary',
      'iam:SetDefaultPolicyVersion',
      'sts:AssumeRole',
    ]) {
      expect(actions).not.toContain(action);
    }
  });

  it('bind its roles to what the policies of crawlers have in them', () => {
    const allowed = template.Resources.CrawlerBoundary.Properties.PolicyDocument.Statement.flatMap(actionsOf);
    expect(allowed.sort()).toEqual([
      'dynamodb:DescribeTable',
      'dynamodb:Scan',
      'glue:CreateTable',
      'glue:GetDatabase',
      'glue:GetTable',
      'glue:UpdateTable',
      'kms:Decrypt',
      'kms:DescribeKey',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});

describe('the template', () => {
  const { python, missing } = findPythonClients(['cfn-lint', 'aws-sam-translator', 'boto3']);

  it.skipIf(missing)(`is accepted by cfn-lint${missing ? ` (${missing})` : ''}`, async () => {
    expect(await lintTemplate(python, TEMPLATE)).toBe('');
  });

  it.skipIf(missing)(
    'becomes CloudFormation in SAM’s translator: rules, schedule, queue, boundary',
    async () => {
      const resources = await translateTemplate(python, TEMPLATE, 'DynamodbCatalogFunction');
      expect(
        Object.fromEntries(Object.entries(resources).map(([name, { Type }]) => [name, Type])),
      ).toMatchObject({
        CrawlerBoundary: 'AWS::IAM::ManagedPolicy',
        DynamodbCatalogFunction: 'AWS::Lambda::Function',
        DynamodbCatalogFunctionAllTables: 'AWS::Scheduler::Schedule',
        DynamodbCatalogFunctionContinuation: 'AWS::Events::Rule',
        DynamodbCatalogFunctionEventInvokeConfig: 'AWS::Lambda::EventInvokeConfig',
        DynamodbCatalogFunctionTableChanged: 'AWS::Events::Rule',
        UndeliveredEvents: 'AWS::SQS::Queue',
        UndeliveredEventsPolicy: 'AWS::SQS::QueuePolicy',
      });
      expect(resources['DynamodbCatalogFunction']?.Properties).toMatchObject({
        Architectures: ['arm64'],
        ReservedConcurrentExecutions: 1,
      });
    },
  );
});
