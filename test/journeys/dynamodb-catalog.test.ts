// Every DynamoDB table in the catalog, through the built command line against a server, with tables that boto3 made.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { clientEnvironment, findPythonClients } from '../clients/python-clients.js';
import { emptyFolder, gluepot, startUp } from './gluepot-process.js';

const { python, missing } = findPythonClients(['boto3']);

const MAKE_TABLES = `
import boto3
client, tables = boto3.client("dynamodb"), boto3.resource("dynamodb")
for name in ["orders", "a-b", "a_b", "taken", "scratch-1"]:
    table = tables.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    table.wait_until_exists()
    with table.batch_writer() as batch:
        for number in range(30):
            batch.put_item(Item={"id": f"i{number}", "total": number, "lines": [{"sku": "x"}], "note": None})
`;

interface Answer {
  ok: boolean;
  result: Record<string, unknown> & { results?: { TableName: string; outcome: string; message?: string }[] };
}

describe.skipIf(missing)(`gluepot dynamodb${missing ? ` (${missing})` : ''}`, () => {
  it('estimates, plans, applies, crawls, tells how it stands, and prunes', async () => {
    const folder = emptyFolder();
    const up = await startUp(folder);
    const configuration = {
      endpoint: up.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const [dynamodb, glue, iam] = [
      new DynamoDB(configuration),
      new Glue(configuration),
      new IAM(configuration),
    ];
    const run = async (code: number, ...args: string[]) => {
      const finished = await gluepot(folder, '--json', 'dynamodb', ...args);
      expect(finished.code, finished.stderr + finished.stdout).toBe(code);
      return JSON.parse(finished.stdout) as Answer;
    };
    const outcomes = ({ result }: Answer) =>
      Object.fromEntries((result.results ?? []).map(({ TableName, outcome }) => [TableName, outcome]));
    const options = ['--exclude', 'scratch-*'];

    await promisify(execFile)(python, ['-c', MAKE_TABLES], { env: clientEnvironment(up.endpoint, python) });
    // Somebody else's role has the name that a table's role would have.
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    });
    await iam.createRole({ RoleName: 'ddb_taken_crawler', AssumeRolePolicyDocument });

    const { result: estimate } = await run(0, 'estimate', ...options, '--scan', 'all');
    expect(estimate['totals']).toMatchObject({ tables: 4, readUnits: 2 });

    const planned = await gluepot(folder, 'dynamodb', 'plan', ...options, '--detailed-exitcode');
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain('+ crawler ddb_a-b_crawler');
    expect(planned.stdout).toContain('! role ddb_taken_crawler');
    expect(planned.stdout).toContain(
      'Plan: 8 to create, 0 to change, 0 unchanged, 1 in conflict (4 tables, 1 not asked for).',
    );

    const unasked = await gluepot(folder, 'dynamodb', 'apply', ...options);
    expect(unasked.code).toBe(6);
    expect(unasked.stderr).toContain('add --yes');
    expect((await glue.listCrawlers({})).CrawlerNames).toEqual([]);

    const first = await run(5, 'apply', ...options, '--yes');
    expect(outcomes(first)).toEqual({
      'a-b': 'changed',
      a_b: 'changed',
      orders: 'changed',
      taken: 'conflict',
    });
    const adopted = await run(0, 'apply', ...options, '--yes', '--adopt');
    expect(outcomes(adopted)).toEqual({
      ...{ 'a-b': 'unchanged', a_b: 'unchanged', orders: 'unchanged', taken: 'changed' },
    });

    const { result: policy } = await run(0, 'policy', 'orders');
    const { PolicyDocument = '' } = await iam.getRolePolicy({
      RoleName: policy['roleName'] as string,
      PolicyName: 'crawl-one-table',
    });
    expect(JSON.parse(decodeURIComponent(PolicyDocument))).toEqual(policy['policy']);

    const crawled = await run(0, 'crawl', ...options, '--wait');
    expect(outcomes(crawled)).toEqual({
      ...{ 'a-b': 'succeeded', a_b: 'succeeded', orders: 'succeeded', taken: 'succeeded' },
    });
    const { Table } = await glue.getTable({ DatabaseName: 'ddb_tables', Name: 'orders' });
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      ...['id string', 'lines array<struct<sku:string>>', 'note string', 'total bigint'],
    ]);
    expect(Table?.Parameters).toMatchObject({ 'gluepot.schema-version': '1' });

    await dynamodb.deleteTable({ TableName: 'orders' });
    const status = await gluepot(folder, 'dynamodb', 'status', ...options);
    expect(status.stdout).toContain('in-sync');
    expect(status.stdout).toContain('- orders is gone and left 3 objects: gluepot dynamodb prune');
    expect((await gluepot(folder, 'dynamodb', 'prune', '--yes', '--max-deletes', '2')).code).toBe(6);
    const pruned = await run(0, 'prune', '--yes');
    expect(outcomes(pruned)).toEqual({ orders: 'pruned' });
    expect((await glue.listCrawlers({})).CrawlerNames).toEqual([
      ...['ddb_a-b_crawler', 'ddb_a_b_crawler', 'ddb_taken_crawler'],
    ]);
    expect((await gluepot(folder, 'dynamodb', 'plan', ...options, '--detailed-exitcode')).code).toBe(0);
    for (const client of [dynamodb, glue, iam]) client.destroy();
  });

  it.each([
    [['plan', '--scan-rate', '7'], '--scan-rate'],
    [['plan', '--database', 'Upper'], 'The database is "Upper"'],
    [['plan', '--max-rcu', '5'], 'take the direct engine'],
    [['plan', '--tag', 'team'], '--tag is "team"; it must be KEY=VALUE'],
    [['apply', '--engine', 'magic'], 'Allowed choices are crawler, direct'],
    [['crawl', '--concurrency', '0'], '--concurrency'],
    [['policy', 'nowhere'], 'There is no DynamoDB table nowhere'],
  ])('%j is refused by name, with what is allowed', async (args, message) => {
    const { code, stderr } = await gluepot(emptyFolder(), 'dynamodb', ...args);
    expect(code).toBe(3);
    expect(stderr).toContain(message);
  });
});
