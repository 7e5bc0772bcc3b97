// A stack applied to the embedded AWS: interrupted at any step, delayed, contested, adopted, destroyed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedOptions } from '../../embedded.js';
import { applyStack } from './apply.js';
import { destroyStack, planDestroy } from './destroy.js';
import { listObjects } from './objects.js';
import { readOutputRows } from './output-rows.js';
import { countPlan, planStack, type PlanOptions } from './plan.js';
import { previewStack } from './preview.js';
import { parseStackSpec } from './spec-reading.js';
import { openStackScope, type StackScope } from './stack-scope.js';
import { verifyStack } from './verify.js';

const TEXT = `name: small
role:
  name: SmallRole
  inlinePolicies: { own: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: ['s3:*', 'glue:*'], Resource: '*' }] } }
bucket:
  name: small-bucket
  folders: [out/]
  upload: [{ from: rows.csv, to: in/rows/ }]
database: { Name: small }
crawlers:
  - Name: small-crawler
    Targets: { S3Targets: [{ Path: 's3://\${bucket}/in/rows/' }] }
jobs:
  - Name: small-job
    Command: { Name: glueetl }
    CodeGenConfigurationNodes:
      source: { S3CatalogSource: { Name: Rows, Database: small, Table: rows } }
      target: { S3DirectTarget: { Name: Out, Inputs: [source], Path: 's3://\${bucket}/out/', Format: json } }
run: [{ crawler: small-crawler }, { job: small-job, emptyFirst: [out/] }]
verify:
  tables: [{ Name: rows, columns: { id: bigint, name: string } }]
  outputs: [{ prefix: out/, objectCount: 1, rowCount: 2 }]
`;
const spec = parseStackSpec(TEXT, 'stack.yaml');

let folder: string;
let aws: Embedded;
let scope: StackScope;

async function open(options: EmbeddedOptions = {}): Promise<void> {
  aws = await openEmbedded({ dataDir: join(folder, 'pot'), ...options });
  scope = await openStackScope(aws.clients(), spec);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-stack-'));
  writeFileSync(join(folder, 'rows.csv'), 'id,name\n1,one\n2,two\n');
  await open();
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const plan = (options?: PlanOptions) => planStack(scope, spec, folder, options);
const failedChecks = async () => (await verifyStack(scope, spec)).filter((check) => !check.ok);

/** Applies, and dies when as many steps are done. */
async function applyAndDie(doneCount: number): Promise<boolean> {
  let count = 0;
  try {
    await applyStack(scope, await plan(), ({ state }) => {
      if (state === 'done' && ++count === doneCount) throw new Error('killed');
    });
    return false;
  } catch (error) {
    expect(String(error)).toContain('killed');
    return true;
  }
}

describe('an apply', () => {
  it('that was cut short after any step is completed by the next, and then nothing is left to do', async () => {
    for (let doneCount = 1; ; doneCount++) {
      const isCut = await applyAndDie(doneCount);
      const rest = await plan();
      if (isCut) expect(countPlan(rest).conflict).toBe(0);
      await applyStack(scope, rest);
      expect(countPlan(await plan()), `after step ${doneCount}`).toEqual({
        create: 0,
        update: 0,
        delete: 0,
        conflict: 0,
        run: 0,
      });
      expect(await failedChecks()).toEqual([]);
      if (!isCut) break;
      await destroyStack(scope, await planDestroy(scope, spec));
    }
  });

  it('that was cut short after any step is taken away completely by destroy', async () => {
    for (let doneCount = 1; await applyAndDie(doneCount); doneCount++) {
      const { kept } = await destroyStack(scope, await planDestroy(scope, spec));
      expect(kept, `after step ${doneCount}`).toEqual([]);
      expect((await planDestroy(scope, spec)).steps).toEqual([]);
    }
  });

  it('waits for a role that Glue does not see yet', async () => {
    await aws.close();
    await open({ iamDelayMs: 700 });
    await applyStack(scope, await plan());
    expect(await failedChecks()).toEqual([]);
  });

  it('of a plan that somebody else was quicker to apply is a conflict', async () => {
    const [first, second] = [await plan(), await plan()];
    await applyStack(scope, first);
    await expect(applyStack(scope, second)).rejects.toMatchObject({ kind: 'conflict' });
    expect(countPlan(await plan())).toMatchObject({ create: 0, update: 0 });
  });

  it('that adopts a bucket keeps its tags, and destroy keeps what was in it', async () => {
    const { s3 } = aws.clients();
    await s3.createBucket({ Bucket: 'small-bucket' });
    await s3.putBucketTagging({
      Bucket: 'small-bucket',
      Tagging: { TagSet: [{ Key: 'team', Value: 'data' }] },
    });
    await s3.putObject({ Bucket: 'small-bucket', Key: 'out/theirs.txt', Body: 'x' });
    expect(countPlan(await plan()).conflict).toBe(1);
    // The job would empty out/ first, so this one only uploads.
    const quiet = { ...spec, run: [] };
    await applyStack(scope, await planStack(scope, quiet, folder, { adopt: true }));
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket: 'small-bucket' }));
    expect(TagSet).toContainEqual({ Key: 'team', Value: 'data' });
    const { kept } = await destroyStack(scope, await planDestroy(scope, quiet));
    expect(kept.map((step) => step.kind)).toEqual(['objects', 'bucket']);
    const left = [];
    for await (const object of listObjects(scope, 'small-bucket')) left.push(object.key);
    expect(left).toEqual(['out/theirs.txt']);
  });

  it('does not overwrite an object of somebody else', async () => {
    await applyStack(scope, await plan());
    await aws
      .clients()
      .s3.putObject({ Bucket: 'small-bucket', Key: 'in/rows/more.csv', Body: 'id,name\n9,theirs\n' });
    writeFileSync(join(folder, 'more.csv'), 'id,name\n3,three\n');
    const more = parseStackSpec(
      TEXT.replace('upload: [', 'upload: [{ from: more.csv, to: in/rows/ }, '),
      'stack.yaml',
    );
    const { changes } = await planStack(scope, more, folder);
    expect(changes.filter((change) => change.action !== 'skip')).toMatchObject([
      { kind: 'object', name: 'in/rows/more.csv', action: 'conflict' },
    ]);
  });

  it('deletes a crawler and a job that are no longer in the file', async () => {
    await applyStack(scope, await plan());
    const less = { ...spec, jobs: [], crawlers: [], run: [] };
    const report = await applyStack(scope, await planStack(scope, less, folder));
    expect(report.counts).toMatchObject({ delete: 2 });
    expect((await aws.clients().glue.listCrawlers({})).CrawlerNames).toEqual([]);
  });

  it('renames a role by making the new one and deleting the old', async () => {
    await applyStack(scope, await plan());
    const renamed = parseStackSpec(TEXT.replace('name: SmallRole', 'name: NewRole'), 'stack.yaml');
    const { changes } = await planStack(scope, renamed, folder);
    expect(
      changes
        .filter((change) => change.action !== 'skip')
        .map((change) => `${change.action} ${change.kind} ${change.name}`),
    ).toEqual([
      'create role NewRole',
      'update crawler small-crawler',
      'update job small-job',
      'delete role SmallRole',
    ]);
  });
});

describe('rows of outputs', () => {
  const gzip = async (text: string) => (await import('node:zlib')).gzipSync(text);
  it.each([
    [
      'csv',
      () => 'a,b\n1,"x,y"\n2,\n',
      { format: 'csv', rowCount: 2, columns: ['a', 'b'], rows: [['1', 'x,y']] },
    ],
    ['gzipped csv', () => gzip('a\n1\n'), { format: 'csv', rowCount: 1, columns: ['a'], rows: [['1']] }],
    [
      'json lines',
      () => '{"a":1,"b":{"c":[1,null]}}\n{"a":null}\n',
      { format: 'json', rowCount: 2, columns: ['a', 'b'], rows: [['1', '{"c":[1,null]}']] },
    ],
    ['an empty object', () => '', { format: 'csv', rowCount: 0, columns: [], rows: [] }],
  ])('%s', async (_name, content, expected) => {
    const Body = await content();
    const { s3 } = aws.clients();
    await s3.createBucket({ Bucket: 'rows' });
    await s3.putObject({ Bucket: 'rows', Key: 'o', Body });
    expect(
      await readOutputRows(scope, 'rows', { key: 'o', size: Buffer.byteLength(Body), etag: '' }, 1),
    ).toEqual(expected);
  });
});

it('the demo’s file applies, verifies, and shows Parquet and CSV', async () => {
  const { readStackSpec } = await import('./spec-reading.js');
  const demo = readStackSpec(join(import.meta.dirname, '../../../examples/demo/stack.yaml'));

  const demoScope = await openStackScope(aws.clients(), demo);
  await applyStack(demoScope, await planStack(demoScope, demo, folder));
  expect((await verifyStack(demoScope, demo)).filter((check) => !check.ok)).toEqual([]);
  const { outputs } = await previewStack(demoScope, demo, 1);
  expect(
    outputs.map((output) => [output.first?.format, output.first?.rowCount, output.first?.columns.length]),
  ).toEqual([
    ['parquet', 96, 30],
    ['csv', 60, 23],
  ]);
});
