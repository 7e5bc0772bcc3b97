// The undo function as it is deployed: its bundle run by the embedded Lambda, and a template that SAM's tools accept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPythonClients } from '../clients/python-clients.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from '../crawl-undo/undo-fixture.js';
import { zipOf } from '../functions/zip-of.js';
import type { CrawlUndoResult } from '../../src/lambda/crawl-undo.js';
import { codeFolder, lintTemplate, readSamFunction, translateTemplate } from './sam-template.js';

const TEMPLATE = 'deploy/crawl-undo/template.yaml';
const undoFunction = readSamFunction(TEMPLATE, 'CrawlUndoFunction');

/** Calls the function with an event; the process dies when a request of the operation KILL_AT is answered. */
const INVOKE = `
const http = require('node:http');
const { request } = http;
http.request = function (...args) {
  const sent = request.apply(this, args);
  if (sent.getHeader('x-amz-target') === process.env.KILL_AT) {
    sent.on('response', () => process.kill(process.pid, 'SIGKILL'));
  }
  return sent;
};
const [file, event] = process.argv.slice(1);
const context = { getRemainingTimeInMillis: () => 120_000 };
require(file).handler(JSON.parse(event), context).then((result) => console.log(JSON.stringify(result)));
`;

describe('the bundle', () => {
  const folder = codeFolder(TEMPLATE, undoFunction);
  const file = join(folder, 'crawl-undo.js');
  let lake: UndoFixture;

  beforeAll(async () => {
    lake = await openUndoFixture();
  });

  afterAll(async () => {
    await lake.close();
  });

  it('plans and applies an undo, and its redo, as a function of the embedded Lambda', async () => {
    const { s3, lambda, iam } = lake.clients;
    await s3.createBucket({ Bucket: 'kept' });
    await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
    lake.put({ 'users/u.csv': csv('id,name', '1,Ann', '2,Bob') });
    await lake.create();
    await lake.crawlLater();
    const crawled = await lake.content();
    const { Role } = await iam.createRole({
      RoleName: 'undo',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    await lake.aws.listen({ port: 0 });
    await lambda.createFunction({
      FunctionName: 'undo',
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: undoFunction.Handler,
      Timeout: 60,
      Code: { ZipFile: zipOf({ 'crawl-undo.js': readFileSync(file, 'utf8') }) },
      Environment: { Variables: { GLUEPOT_SNAPSHOT_STORE: 's3://kept/snapshots', GLUEPOT_MAX_DELETES: '5' } },
    });
    const invoke = async (event: object) => {
      const { Payload, FunctionError } = await lambda.invoke({
        FunctionName: 'undo',
        Payload: JSON.stringify(event),
      });
      const result = JSON.parse(Buffer.from(Payload ?? []).toString()) as CrawlUndoResult;
      expect(FunctionError, JSON.stringify(result)).toBeUndefined();
      return result;
    };
    const apply = async (planned: CrawlUndoResult) => {
      if (planned.decision !== 'planned') throw new Error(JSON.stringify(planned));
      return invoke({ action: 'apply', planId: planned.planId });
    };
    const undo = await invoke({ action: 'plan-undo', crawlerName: CRAWLER });
    expect(undo).toMatchObject({
      decision: 'planned',
      changes: expect.arrayContaining(['delete table lake.bucket']) as unknown,
    });
    expect(await lake.content()).toEqual(crawled);
    expect(await apply(undo)).toMatchObject({ decision: 'applied', report: { verified: true, failed: [] } });
    expect(await lake.content()).toEqual({});
    // Asked twice, as by who did not hear the answer, it proves what is done; once another came after it, it is refused.
    expect(await apply(undo)).toMatchObject({ decision: 'applied', report: { applied: 0, verified: true } });
    expect(await apply(await invoke({ action: 'plan-redo' }))).toMatchObject({ decision: 'applied' });
    expect(await lake.content()).toEqual(crawled);
    lake.put({ 'people/p.csv': csv('id,name', '1,Ann') });
    await lake.crawlLater();
    expect(await apply(undo)).toMatchObject({ decision: 'refused', kind: 'conflict' });
  });

  it('is killed after its first write, as Lambda kills what takes too much memory, and the same apply goes on', async () => {
    const aws = await lake.aws.listen({ port: 0 });
    const invoke = async (event: object, killAt = '') => {
      const env = {
        ...{ PATH: process.env.PATH, AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: 'us-east-1' },
        ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
        ...{ GLUEPOT_SNAPSHOT_STORE: 's3://killed/snapshots', KILL_AT: killAt },
      };
      const child = spawn(process.execPath, ['-e', INVOKE, file, JSON.stringify(event)], { env });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (child.signalCode !== null) return child.signalCode;
      expect(child.exitCode, stderr).toBe(0);
      return JSON.parse(stdout) as CrawlUndoResult;
    };
    await lake.clients.s3.createBucket({ Bucket: 'killed' });
    const orders = (day: string) => ({ [`orders/day=${day}/o.csv`]: csv('id,amount', '1,10.5', '2,11.5') });
    lake.put(orders('1'));
    await lake.crawlLater();
    const before = await lake.content();
    lake.put(orders('2'));
    await lake.crawlLater();
    const planned = await invoke({ action: 'plan-undo', crawlerName: CRAWLER });
    if (typeof planned === 'string' || planned.decision !== 'planned')
      throw new Error(JSON.stringify(planned));
    const apply = { action: 'apply', planId: planned.planId };
    expect(await invoke(apply, 'AWSGlue.BatchDeletePartition')).toBe('SIGKILL');
    expect(await lake.content()).not.toEqual(before);
    expect(await invoke(apply)).toMatchObject({
      decision: 'applied',
      report: { failed: [], verified: true },
    });
    expect(await lake.content()).toEqual(before);
  });

  it('is small: no DuckDB, no SQLite, nothing of the embedded AWS', () => {
    expect(statSync(file).size).toBeLessThan(3 * 1024 * 1024);
    expect(readFileSync(file, 'utf8')).not.toMatch(/duckdb|photostructure/);
  });
});

describe('the template', () => {
  const { python, missing } = findPythonClients(['cfn-lint', 'aws-sam-translator', 'boto3']);

  it('names the version that it belongs to', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(undoFunction.Environment.Variables.GLUEPOT_VERSION).toBe(version);
  });

  it.skipIf(missing)(`is accepted by cfn-lint${missing ? ` (${missing})` : ''}`, async () => {
    expect(await lintTemplate(python, TEMPLATE)).toBe('');
  });

  it.skipIf(missing)(
    'becomes CloudFormation in SAM’s translator, and is never tried twice by itself',
    async () => {
      const Resources = await translateTemplate(python, TEMPLATE, 'CrawlUndoFunction');
      expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(
        expect.arrayContaining(['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']),
      );
      expect(Resources.CrawlUndoFunctionEventInvokeConfig).toMatchObject({
        Properties: { MaximumRetryAttempts: 0 },
      });
    },
  );
});
