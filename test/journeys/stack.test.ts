// A stack file's whole life through the command line: planned, applied, changed, drifted, verified, destroyed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connect.js';
import { emptyFolder, gluepot, gluepotJson } from './gluepot-process.js';

const STACK = `name: sales
role:
  name: SalesRole
  managedPolicies:
    - arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole
    - arn:aws:iam::aws:policy/AmazonS3FullAccess
bucket:
  name: sales-\${account}
  folders: [out/]
  upload: [{ from: 'orders/*.csv', to: in/orders/ }]
database: { Name: sales }
crawlers:
  - Name: sales-crawler
    TablePrefix: raw_
    Targets: { S3Targets: [{ Path: 's3://\${bucket}/in/orders/' }] }
jobs:
  - Name: sales-job
    Command: { Name: glueetl }
    CodeGenConfigurationNodes:
      source: { S3CatalogSource: { Name: Orders, Database: sales, Table: raw_orders } }
      target: { S3DirectTarget: { Name: Out, Inputs: [source], Path: 's3://\${bucket}/out/', Format: json } }
run: [{ crawler: sales-crawler }, { job: sales-job, emptyFirst: [out/] }]
verify:
  tables: [{ Name: raw_orders, classification: csv, columns: { id: bigint, amount: double } }]
  outputs: [{ prefix: out/, rowCount: 3 }]
`;

function stackFolder(): string {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'orders'));
  writeFileSync(join(folder, 'orders', 'a.csv'), 'id,amount\n1,2.5\n2,3.5\n3,4.5\n');
  writeFileSync(join(folder, 'stack.yaml'), STACK);
  return folder;
}

const edit = (folder: string, from: string, to: string) => {
  const path = join(folder, 'stack.yaml');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};

const dataDir = (folder: string) => join(folder, '.gluepot');

describe('gluepot stack', () => {
  it('plans without changing anything, applies, verifies, and has nothing left to do', async () => {
    const folder = stackFolder();
    const planned = await gluepot(folder, 'stack', 'plan', 'stack.yaml', '--detailed-exitcode');
    expect(planned.stderr).toBe('');
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain('+ crawler sales-crawler');
    expect(planned.stdout).toContain('Plan: 6 to create, 0 to change, 0 to delete, 2 to run, 0 unchanged.');

    const unverified = await gluepot(folder, 'stack', 'verify', 'stack.yaml');
    expect(unverified.code).toBe(1);
    expect(unverified.stdout).toContain('exists: expected yes, found no');

    const applied = await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes');
    expect(applied.stderr).not.toContain('error');
    expect(applied.code).toBe(0);
    expect((await gluepot(folder, 'stack', 'verify', 'stack.yaml')).code).toBe(0);

    const again = await gluepotJson(folder, 'stack', 'apply', 'stack.yaml');
    expect(again.code).toBe(0);
    expect(again.document.result.counts).toEqual({ create: 0, update: 0, delete: 0, conflict: 0, run: 0 });
    expect((await gluepot(folder, 'stack', 'plan', 'stack.yaml', '--detailed-exitcode')).code).toBe(0);
  });

  it('asks before it changes anything, and refuses where nobody can answer', async () => {
    const folder = stackFolder();
    const refused = await gluepot(folder, 'stack', 'apply', 'stack.yaml');
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('add --yes');
    expect((await gluepotJson(folder, 'stack', 'plan', 'stack.yaml')).document.result.counts.create).toBe(6);
  });

  it('carries out what changed in the file, and runs what that concerns', async () => {
    const folder = stackFolder();
    await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes', '--quiet');
    edit(folder, 'TablePrefix: raw_\n', 'TablePrefix: raw_\n    Description: every order\n');
    const described = await gluepotJson(folder, 'stack', 'apply', 'stack.yaml', '--yes');
    expect(described.document.result.counts).toMatchObject({ create: 0, update: 1, run: 2 });
    edit(folder, '    Description: every order\n', '');
    const { document } = await gluepotJson(folder, 'stack', 'plan', 'stack.yaml');
    expect(document.result.changes.filter((change) => change.action === 'update')).toMatchObject([
      {
        kind: 'crawler',
        differences: [{ path: 'Description', before: 'every order' }],
        reason: 'the file changed since it was applied',
      },
    ]);
  });

  it('uploads what changed and deletes what is no longer in the file', async () => {
    const folder = stackFolder();
    writeFileSync(join(folder, 'orders', 'b.csv'), 'id,amount\n4,1.5\n');
    await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes', '--quiet');
    writeFileSync(join(folder, 'orders', 'a.csv'), 'id,amount\n1,9.5\n');
    edit(folder, 'orders/*.csv', 'orders/a.csv');
    const { document } = await gluepotJson(folder, 'stack', 'apply', 'stack.yaml', '--yes');
    const { changes } = document.result.plan;
    expect(
      changes.filter((change) => change.kind === 'object').map((change) => `${change.action} ${change.name}`),
    ).toEqual(['update in/orders/a.csv', 'delete in/orders/b.csv']);
    expect(document.result.counts.run).toBe(2);
  });

  it('puts right what somebody else changed', async () => {
    const folder = stackFolder();
    await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes', '--quiet');
    const connection = await connect({ target: 'local', dataDir: dataDir(folder) });
    const { UpdateCrawlerCommand } = await import('@aws-sdk/client-glue');
    await connection.clients.glue.send(
      new UpdateCrawlerCommand({ Name: 'sales-crawler', TablePrefix: 'drift_' }),
    );
    await connection.close();
    const { document } = await gluepotJson(folder, 'stack', 'plan', 'stack.yaml');
    expect(document.result.changes.filter((change) => change.action !== 'skip')).toMatchObject([
      {
        kind: 'crawler',
        action: 'update',
        reason: 'somebody changed it since it was applied',
        differences: [{ path: 'TablePrefix', before: 'drift_', after: 'raw_' }],
      },
    ]);
  });

  it('leaves alone what is not its own, until it is told to take it over', async () => {
    const folder = stackFolder();
    const connection = await connect({ target: 'local', dataDir: dataDir(folder) });
    const { CreateDatabaseCommand } = await import('@aws-sdk/client-glue');
    await connection.clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'sales' } }));
    await connection.close();
    const refused = await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes');
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain(
      'database sales: there is a database of this name that is not this stack’s',
    );
    expect((await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes', '--adopt')).code).toBe(0);
    const destroyed = await gluepotJson(folder, 'stack', 'destroy', 'stack.yaml', '--yes');
    expect(destroyed.document.result.kept).toMatchObject([{ kind: 'database', name: 'sales' }]);
  });

  it('destroys what it made and reports what others left in it', async () => {
    const folder = stackFolder();
    await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes', '--quiet');
    writeFileSync(join(dataDir(folder), 's3', 'sales-123456789012', 'theirs.txt'), 'keep me');
    const destroyed = await gluepotJson(folder, 'stack', 'destroy', 'stack.yaml', '--yes');
    expect(destroyed.code).toBe(0);
    expect(destroyed.document.result.kept.map((step) => step.kind)).toEqual(['objects', 'bucket']);
    expect(readFileSync(join(dataDir(folder), 's3', 'sales-123456789012', 'theirs.txt'), 'utf8')).toBe(
      'keep me',
    );
    const rest = await gluepotJson(folder, 'stack', 'destroy', 'stack.yaml', '--yes', '--include-foreign');
    expect(rest.document.result.kept).toEqual([]);
    expect((await gluepotJson(folder, 'stack', 'destroy', 'stack.yaml')).document.result.deleted).toEqual([]);
  });

  it('tells why a crawl or a run failed, and goes on from there once it is mended', async () => {
    const folder = stackFolder();
    edit(folder, 'Table: raw_orders', 'Table: raw_order');
    const failed = await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('Job sales-job: run ');
    expect(failed.stderr).toContain('raw_order');
    edit(folder, 'Table: raw_order }', 'Table: raw_orders }');
    expect((await gluepot(folder, 'stack', 'apply', 'stack.yaml', '--yes')).code).toBe(0);
    expect((await gluepot(folder, 'stack', 'verify', 'stack.yaml')).code).toBe(0);
  });

  it.each([
    [
      'a spec with an unknown key',
      'database:',
      'datbase:',
      'stack.yaml:11:1: datbase: unknown key "datbase". Did you mean "database"?',
    ],
    ['a file that is not there', 'orders/*.csv', 'none/*.csv', '"none/*.csv"'],
    [
      'a region that is not the one asked for',
      'role:',
      'region: eu-west-1\nrole:',
      'The stack file says region eu-west-1, but us-east-2',
    ],
  ])('refuses %s before doing anything', async (_name, from, to, expected) => {
    const folder = stackFolder();
    edit(folder, from, to);
    const { code, document, stderr } = await gluepotJson(
      folder,
      'stack',
      'apply',
      'stack.yaml',
      '--yes',
      '--region',
      'us-east-2',
    );
    expect(code).toBe(3);
    expect(document).toMatchObject({
      command: 'stack apply',
      ok: false,
      result: null,
      errors: [{ kind: 'usage' }],
    });
    expect(document.errors[0]?.message).toContain(expected);
    expect(stderr).toContain(expected);
  });
});
