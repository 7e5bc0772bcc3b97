// A launch with moto's server as the other side: the built command, a queue, a bucket and a job that nobody here wrote.
// moto's Batch runs containers, which are not here, so its queue stays empty; its jobs run in no time; and its
// TestEventPattern answers nothing, so the spec takes events by their queue.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Batch } from '@aws-sdk/client-batch';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gluepot } from './gluepot-process.js';
import { findMoto, startMoto } from './moto-server.js';

const { python, missing } = findMoto();
const JobName = 'etl';
const Bucket = 'lake';

const SPEC = `
name: nightly
state: s3://${Bucket}/launch
require:
  - batchQueuesDrained: { queues: [exports], settleSeconds: 0 }
  - objectPresent: { object: s3://${Bucket}/ready }
prepare: { clear: [s3://${Bucket}/results/], trash: s3://${Bucket}/trash/ }
start: { job: ${JobName}, arguments: { --day: '\${cutOffStart}' } }
`;

const event = (id: string, status: string) => ({
  id,
  source: 'aws.batch',
  'detail-type': 'Batch Job State Change',
  detail: {
    jobName: 'export',
    status,
    jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/exports',
    stoppedAt: Date.now(),
  },
});

describe.skipIf(missing)(`with moto as the other side${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-moto-'));
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let glue: Glue;
  let s3: S3;
  let iam: IAM;
  let batch: Batch;

  beforeAll(async () => {
    moto = await startMoto(python);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const configuration = { endpoint: moto.endpoint, region: 'us-east-1', credentials };
    glue = new Glue(configuration);
    s3 = new S3({ ...configuration, forcePathStyle: true });
    iam = new IAM(configuration);
    batch = new Batch(configuration);
  });
  afterAll(async () => {
    for (const client of [glue, s3, iam, batch]) client.destroy();
    await moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const keys = async (Prefix: string) =>
    ((await s3.listObjectsV2({ Bucket, Prefix })).Contents ?? []).map(({ Key }) => Key);
  const run = async (...args: string[]): Promise<Answer> => {
    const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const target = ['--target', 'aws', '--region', 'us-east-1', '--endpoint-url', moto.endpoint, '--json'];
    const finished = await gluepot({ cwd: folder, env }, ...target, 'launch', ...args);
    expect(finished.code, finished.stderr + finished.stdout).toBe(0);
    return (JSON.parse(finished.stdout) as { result: Answer }).result;
  };
  const launch = (command: 'evaluate' | 'run', given: object) => {
    writeFileSync(join(folder, 'event.json'), JSON.stringify(given));
    const consent = command === 'run' ? ['--yes'] : [];
    return run(command, 'launch.yaml', '--event', 'event.json', ...consent);
  };

  it('a job is launched once an event, what it clears can be put back, and every no has its reason', async () => {
    writeFileSync(join(folder, 'launch.yaml'), SPEC);
    const { Role } = await iam.createRole({
      RoleName: 'service',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    });
    await batch.createComputeEnvironment({
      computeEnvironmentName: 'all',
      type: 'UNMANAGED',
      serviceRole: Role?.Arn,
    });
    await batch.createJobQueue({
      jobQueueName: 'exports',
      state: 'ENABLED',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'all' }],
    });
    await s3.createBucket({ Bucket });
    await s3.putObject({ Bucket, Key: 'results/old', Body: 'old' });
    await glue.createJob({ Name: JobName, Role: Role?.Arn, Command: { Name: 'glueetl' } });

    expect(await launch('run', event('e1', 'RUNNING'))).toMatchObject({ reason: 'status-ignored' });
    expect(await launch('run', event('e2', 'SUCCEEDED'))).toMatchObject({ decision: 'wait' });
    expect(await keys('')).not.toContain('ready');
    expect(await keys('results/')).toEqual(['results/old']);

    await s3.putObject({ Bucket, Key: 'ready', Body: 'yes' });
    expect(await launch('evaluate', event('e3', 'SUCCEEDED'))).toMatchObject({ decision: 'launch' });
    expect((await glue.getJobRuns({ JobName })).JobRuns).toEqual([]);
    const launched = await launch('run', event('e3', 'SUCCEEDED'));
    expect(launched).toMatchObject({ decision: 'launch', run: { fencingToken: 1, clearedCount: 1 } });
    expect(await launch('run', event('e3', 'SUCCEEDED'))).toMatchObject({ reason: 'duplicate-event' });
    const { JobRuns } = await glue.getJobRuns({ JobName });
    expect(JobRuns?.map(({ Id }) => Id)).toEqual([launched.run?.runId]);
    expect(await keys('results/')).toEqual([]);

    const runKey = launched.run?.runKey ?? '';
    expect(await run('restore', 'launch.yaml', runKey, '--yes')).toMatchObject({ restored: 1, missing: [] });
    expect(await keys('results/')).toEqual(['results/old']);
  });
});

interface Answer {
  decision?: string;
  reason?: string;
  run?: { runId: string; runKey: string; fencingToken: number; clearedCount: number };
  restored?: number;
  missing?: string[];
}
