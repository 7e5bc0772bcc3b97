// The catalog of DynamoDB tables with moto's server as the other side. Its crawlers start and read nothing: what the
// catalog's tables hold is the direct engine's part.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableOf } from '../dynamodb-catalog/catalog-fixture.js';
import { gluepot } from './gluepot-process.js';
import { findMoto, startMoto } from './moto-server.js';

const { python, missing } = findMoto();
const LONG = 'x'.repeat(255);

describe.skipIf(missing)(`with moto as the other side${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-moto-'));
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let dynamodb: DynamoDB;
  let glue: Glue;
  let iam: IAM;

  beforeAll(async () => {
    moto = await startMoto(python);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const configuration = { endpoint: moto.endpoint, region: 'us-east-1', credentials };
    dynamodb = new DynamoDB(configuration);
    glue = new Glue(configuration);
    iam = new IAM(configuration);
  });
  afterAll(async () => {
    for (const client of [dynamodb, glue, iam]) client.destroy();
    await moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const target = ['--target', 'aws', '--region', 'us-east-1', '--endpoint-url', moto.endpoint, '--json'];
    const finished = await gluepot({ cwd: folder, env }, ...target, 'dynamodb', ...args);
    expect(finished.code, finished.stderr + finished.stdout).toBe(0);
    return (JSON.parse(finished.stdout) as { result: Answer }).result;
  };
  const crawlerNames = async () => (await glue.listCrawlers({})).CrawlerNames?.sort();

  it('roles and crawlers are made, found unchanged, mended, started and pruned', async () => {
    for (const name of ['a-b', 'a_b', 'orders', LONG]) await dynamodb.createTable(tableOf(name));
    expect((await run('apply', '--yes')).results?.map(({ outcome }) => outcome)).toEqual([
      ...['changed', 'changed', 'changed', 'changed'],
    ]);
    const names = await crawlerNames();
    expect(names).toHaveLength(4);
    expect(names).toEqual(
      expect.arrayContaining(['ddb_a-b_crawler', 'ddb_a_b_crawler', 'ddb_orders_crawler']),
    );
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName: 'ddb_orders_crawler' });
    expect(AttachedPolicies).toEqual([]);

    await iam.deleteRolePolicy({ RoleName: 'ddb_orders_crawler', PolicyName: 'crawl-one-table' });
    const { counts } = await run('plan');
    expect(counts).toEqual({ create: 0, update: 1, conflict: 0, unchanged: 8 });
    expect((await run('apply', '--yes')).results).toContainEqual({
      TableName: 'orders',
      outcome: 'changed',
      done: ['update role ddb_orders_crawler'],
    });
    expect((await run('plan')).counts).toEqual({ create: 0, update: 0, conflict: 0, unchanged: 9 });

    // moto's crawlers run until their history is asked for: nothing is waited for here.
    expect((await run('crawl')).results?.map(({ outcome }) => outcome)).toEqual([
      ...['started', 'started', 'started', 'started'],
    ]);
    await dynamodb.deleteTable({ TableName: 'orders' });
    await glue.listCrawls({ CrawlerName: 'ddb_orders_crawler' });
    expect((await run('prune', '--yes')).results).toEqual([
      {
        TableName: 'orders',
        outcome: 'pruned',
        deleted: ['crawler ddb_orders_crawler', 'role ddb_orders_crawler'],
      },
    ]);
    expect(await crawlerNames()).toHaveLength(3);
    expect((await iam.listRoles({})).Roles).toHaveLength(3);
  });

  it('without crawlers, tables are sampled, written once, and pruned with their tables', async () => {
    await dynamodb.createTable(tableOf('prices'));
    const Item = { id: { S: '1' }, net: { N: '1.5' }, tags: { SS: ['new'] } };
    await dynamodb.putItem({ TableName: 'prices', Item });
    const options = ['--engine', 'direct', '--database', 'sampled', '--include', 'prices', '--yes'];
    const outcomes = async () => (await run('apply', ...options)).results?.map(({ outcome }) => outcome);
    expect(await outcomes()).toEqual(['changed']);
    expect(await outcomes()).toEqual(['unchanged']);
    const { Table } = await glue.getTable({ DatabaseName: 'sampled', Name: 'prices' });
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      ...['id string', 'net double', 'tags array<string>'],
    ]);
    expect(Table?.Parameters).toMatchObject({ 'gluepot.schema-version': '1' });
    await dynamodb.deleteTable({ TableName: 'prices' });
    expect((await run('prune', '--database', 'sampled', '--yes')).results).toMatchObject([
      { TableName: 'prices', outcome: 'pruned', deleted: ['table prices'] },
    ]);
    expect((await glue.getTables({ DatabaseName: 'sampled' })).TableList).toEqual([]);
  });
});

interface Answer {
  counts?: object;
  results?: { TableName: string; outcome: string; done?: string[]; deleted?: string[] }[];
}
