// The AWS CLI against a server: files synced, crawled, converted and read back, by commands as people type them.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from './python-clients.js';

const run = promisify(execFile);
const { python, missing } = findPythonClients(['awscli']);

describe.skipIf(missing)(`the AWS CLI${missing ? ` (${missing})` : ''}`, () => {
  let aws: Embedded;
  let environment: NodeJS.ProcessEnv;
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-cli-'));
  beforeAll(async () => {
    aws = await openEmbedded();
    const { endpoint } = await aws.listen({ port: 0 });
    environment = clientEnvironment(endpoint, python);
    mkdirSync(join(folder, 'in', 'sales'), { recursive: true });
    writeFileSync(join(folder, 'in', 'sales', 'a.csv'), 'id,price\n1,1.5\n2,2.5\n');
    writeFileSync(join(folder, 'in', 'sales', 'b ü.csv'), 'id,price\n3,3.5\n');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await aws.close();
  });

  const cli = async (...words: string[]) => {
    const command = python.includes('/') ? resolve(dirname(python), 'aws') : 'aws';
    return (await run(command, words, { env: environment, cwd: folder })).stdout;
  };
  const json = async (...words: string[]) =>
    JSON.parse(await cli(...words, '--output', 'json')) as Record<string, never>;
  const failure = (...words: string[]) =>
    cli(...words).then(
      () => 'no error',
      (error: { stderr: string }) => error.stderr,
    );

  it('moves files with aws s3', async () => {
    await cli('s3', 'mb', 's3://cli-bucket');
    await cli('s3', 'sync', 'in', 's3://cli-bucket/in');
    expect((await cli('s3', 'ls', 's3://cli-bucket/in/sales/')).match(/ü\.csv|a\.csv/g)).toEqual([
      'a.csv',
      'ü.csv',
    ]);
    expect(await cli('s3', 'sync', 'in', 's3://cli-bucket/in')).toBe('');
    await cli('s3', 'cp', 's3://cli-bucket/in/sales/b ü.csv', 'back.csv');
    expect(readFileSync(join(folder, 'back.csv'), 'utf8')).toBe('id,price\n3,3.5\n');
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(20 * 1024 * 1024, 'x'));
    await cli('s3', 'cp', 'large.bin', 's3://cli-bucket/large.bin');
    await cli('s3', 'mv', 's3://cli-bucket/large.bin', 's3://cli-bucket/moved.bin');
    expect(await json('s3api', 'head-object', '--bucket', 'cli-bucket', '--key', 'moved.bin')).toMatchObject({
      ContentLength: 20 * 1024 * 1024,
    });
    const url = (await cli('s3', 'presign', 's3://cli-bucket/in/sales/a.csv')).trim();
    expect(await (await fetch(url)).text()).toBe('id,price\n1,1.5\n2,2.5\n');
    await cli('s3', 'rm', 's3://cli-bucket/moved.bin');
    expect(await failure('s3', 'rb', 's3://cli-bucket')).toMatch(/BucketNotEmpty/);
  });

  it('crawls and converts with aws glue', async () => {
    const Statement = [
      { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ];
    const trust = JSON.stringify({ Version: '2012-10-17', Statement });
    await cli('iam', 'create-role', '--role-name', 'CliRole', '--assume-role-policy-document', trust);
    for (const name of ['service-role/AWSGlueServiceRole', 'AmazonS3FullAccess']) {
      const arn = `arn:aws:iam::aws:policy/${name}`;
      await cli('iam', 'attach-role-policy', '--role-name', 'CliRole', '--policy-arn', arn);
    }
    expect(await json('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' });
    await cli('glue', 'create-database', '--database-input', 'Name=cli');
    const targets = JSON.stringify({ S3Targets: [{ Path: 's3://cli-bucket/in/sales/' }] });
    await cli(
      'glue',
      'create-crawler',
      '--name',
      'cli',
      '--role',
      'CliRole',
      '--database-name',
      'cli',
      '--targets',
      targets,
    );
    await cli('glue', 'start-crawler', '--name', 'cli');
    const stateOf = async () =>
      (
        await cli('glue', 'get-crawler', '--name', 'cli', '--query', 'Crawler.State', '--output', 'text')
      ).trim();
    while ((await stateOf()) !== 'READY') await delay(100);
    const query = 'Table.StorageDescriptor.Columns[].[Name,Type]';
    const columns = await cli(
      'glue',
      'get-table',
      '--database-name',
      'cli',
      '--name',
      'sales',
      '--query',
      query,
      '--output',
      'text',
    );
    expect(columns.trim().split(/\s+/)).toEqual(['id', 'bigint', 'price', 'double']);
    const nodes = JSON.stringify({
      source: { CatalogSource: { Name: 'source', Database: 'cli', Table: 'sales' } },
      target: {
        S3DirectTarget: { Name: 'target', Inputs: ['source'], Path: 's3://cli-bucket/out/', Format: 'json' },
      },
    });
    const command = 'Name=glueetl,ScriptLocation=s3://cli-bucket/scripts/job.py';
    await cli(
      'glue',
      'create-job',
      '--name',
      'cli',
      '--role',
      'CliRole',
      '--command',
      command,
      '--code-gen-configuration-nodes',
      nodes,
    );
    const runId = (
      await cli('glue', 'start-job-run', '--job-name', 'cli', '--query', 'JobRunId', '--output', 'text')
    ).trim();
    const runState = async () =>
      (
        await cli(
          'glue',
          'get-job-run',
          '--job-name',
          'cli',
          '--run-id',
          runId,
          '--query',
          'JobRun.JobRunState',
          '--output',
          'text',
        )
      ).trim();
    let state = await runState();
    while (!['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT', 'ERROR'].includes(state)) {
      await delay(100);
      state = await runState();
    }
    expect(state).toBe('SUCCEEDED');
    await cli('s3', 'cp', '--recursive', 's3://cli-bucket/out/', 'out');
    expect((await cli('s3', 'ls', 's3://cli-bucket/out/')).trim().split('\n')).toHaveLength(2);
    expect(await failure('glue', 'get-table', '--database-name', 'cli', '--name', 'nothing')).toMatch(
      /\(EntityNotFoundException\) when calling the GetTable operation: .*Table nothing not found/,
    );
  });
});
