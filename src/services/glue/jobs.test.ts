// Jobs and job runs through the SDK's clients against the embedded AWS, with real work on DuckDB.
import type { Glue, JobRun } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';
import { attachGluePermissions } from '../../../test/glue-permissions.js';

let aws: Embedded;
let clients: EmbeddedClients;
let glue: Glue;

const trust = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

beforeEach(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  ({ glue } = clients);
  await clients.iam.createRole({ RoleName: 'glue', AssumeRolePolicyDocument: trust('glue.amazonaws.com') });
  await attachGluePermissions(clients.iam, 'glue');
});

afterEach(() => aws.close());

const ROLE = 'arn:aws:iam::123456789012:role/glue';
const job = (Name: string, extra: object = {}) => ({
  Name,
  Role: ROLE,
  Command: { Name: 'glueetl', ScriptLocation: 's3://scripts/job.py' },
  GlueVersion: '4.0',
  ...extra,
});
/** A graph that copies CSV files as JSON lines. */
const copy = (from: string, to: string) => ({
  read: {
    S3CsvSource: {
      Name: 'read',
      Paths: [from],
      QuoteChar: 'quote' as const,
      Separator: 'comma' as const,
      WithHeader: true,
      WriteHeader: true,
    },
  },
  write: { S3DirectTarget: { Name: 'write', Inputs: ['read'], Path: to, Format: 'json' as const } },
});

async function finished(JobName: string, RunId: string): Promise<JobRun> {
  let found: JobRun | undefined;
  await expect
    .poll(
      async () => {
        found = (await glue.getJobRun({ JobName, RunId })).JobRun!;
        return ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'].includes(found.JobRunState!);
      },
      { timeout: 10_000, interval: 20 },
    )
    .toBe(false);
  return found!;
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: { name: string; message: string; $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
  );

describe('a job', () => {
  it('is created, answered with its graph, replaced and deleted', async () => {
    const CodeGenConfigurationNodes = copy('s3://data/in/', 's3://data/out/');
    const input = job('copy', {
      CodeGenConfigurationNodes,
      Tags: { team: 'a' },
      DefaultArguments: { '--x': '1' },
    });
    expect((await glue.createJob(input)).Name).toBe('copy');
    const { Job } = await glue.getJob({ JobName: 'copy' });
    expect(Job).toMatchObject({
      Name: 'copy',
      Role: ROLE,
      Command: { Name: 'glueetl', ScriptLocation: 's3://scripts/job.py' },
      CodeGenConfigurationNodes,
      DefaultArguments: { '--x': '1' },
      GlueVersion: '4.0',
      Timeout: 2880,
      MaxRetries: 0,
      MaxCapacity: 10,
      AllocatedCapacity: 10,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
    });
    expect(Job!.CreatedOn).toBeInstanceOf(Date);
    const arn = 'arn:aws:glue:us-east-1:123456789012:job/copy';
    expect((await glue.getTags({ ResourceArn: arn })).Tags).toEqual({ team: 'a' });

    const { Role, Command } = job('copy');
    await glue.updateJob({ JobName: 'copy', JobUpdate: { Role, Command, Description: 'new' } });
    const replaced = (await glue.getJob({ JobName: 'copy' })).Job!;
    expect([replaced.Description, replaced.CodeGenConfigurationNodes, replaced.DefaultArguments]).toEqual([
      'new',
      undefined,
      undefined,
    ]);
    expect((await glue.getTags({ ResourceArn: arn })).Tags).toEqual({ team: 'a' });

    expect((await glue.deleteJob({ JobName: 'copy' })).JobName).toBe('copy');
    expect((await glue.deleteJob({ JobName: 'copy' })).JobName).toBe('copy');
    expect(await refusal(glue.getJob({ JobName: 'copy' }))).toBe(
      '400 EntityNotFoundException: Job copy not found.',
    );
    expect(await refusal(glue.getTags({ ResourceArn: arn }))).toMatch(/^400 EntityNotFoundException/);
  });

  it('is refused when its role is not there or trusts another service', async () => {
    await clients.iam.createRole({
      RoleName: 'other',
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    });
    const message =
      "400 InvalidInputException: Service is unable to assume provided role. Please verify role's TrustPolicy";
    expect(await refusal(glue.createJob(job('j', { Role: 'nobody' })))).toBe(message);
    expect(await refusal(glue.createJob(job('j', { Role: 'other' })))).toBe(message);
    expect(await refusal(glue.createJob(job('j', { Role: 'glue' })))).toBe('accepted');
    expect(await refusal(glue.createJob(job('j')))).toMatch(/^400 AlreadyExistsException: /);
  });

  it('is refused until its new role has become visible, where IAM is slow as on AWS', async () => {
    const clock = steppingClock();
    const slow = await openEmbedded({ iamDelayMs: 8000, clock });
    try {
      const slowClients = slow.clients();
      await slowClients.iam.createRole({
        RoleName: 'glue',
        AssumeRolePolicyDocument: trust('glue.amazonaws.com'),
      });
      const attempt = () => refusal(slowClients.glue.createJob(job('j')));
      expect(await attempt()).toMatch(
        /^400 InvalidInputException: Service is unable to assume provided role/,
      );
      await clock.sleep(8000);
      expect(await attempt()).toBe('accepted');
    } finally {
      await slow.close();
    }
  });

  it('is listed in pages, by name and by tag', async () => {
    for (let i = 0; i < 7; i++)
      await glue.createJob(job(`job-${i}`, { Tags: { parity: i % 2 ? 'odd' : 'even' } }));
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await glue.getJobs({ MaxResults: 3, ...(NextToken ? { NextToken } : {}) });
      names.push(...page.Jobs!.map((each) => each.Name));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(names).toEqual(['job-0', 'job-1', 'job-2', 'job-3', 'job-4', 'job-5', 'job-6']);
    expect((await glue.listJobs({ Tags: { parity: 'odd' } })).JobNames).toEqual(['job-1', 'job-3', 'job-5']);
    expect(await refusal(glue.listJobs({ NextToken: 'x' }))).toMatch(/^400 InvalidInputException/);
    const batch = await glue.batchGetJobs({ JobNames: ['job-1', 'none'] });
    expect([batch.Jobs!.map((each) => each.Name), batch.JobsNotFound]).toEqual([['job-1'], ['none']]);
  });
});

describe('a run', () => {
  it('does its work: the objects are there when it has succeeded, and its log streams too', async () => {
    await clients.s3.createBucket({ Bucket: 'data' });
    await clients.s3.putObject({ Bucket: 'data', Key: 'in/a.csv', Body: 'id,name\n1,one\n2,two\n' });
    await glue.createJob(job('copy', { CodeGenConfigurationNodes: copy('s3://data/in/', 's3://data/out/') }));
    const { JobRunId } = await glue.startJobRun({ JobName: 'copy' });
    const run = await finished('copy', JobRunId!);
    expect(run).toMatchObject({ JobRunState: 'SUCCEEDED', Attempt: 0, JobName: 'copy', PredecessorRuns: [] });
    expect(run.ErrorMessage).toBeUndefined();
    const { Contents = [] } = await clients.s3.listObjectsV2({ Bucket: 'data', Prefix: 'out/' });
    expect(Contents).toHaveLength(1);
    const { Body } = await clients.s3.getObject({ Bucket: 'data', Key: Contents[0]!.Key! });
    const lines = (await Body!.transformToString()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(['one', 'two']);
    const { logStreams } = await clients.logs.describeLogStreams({ logGroupName: '/aws-glue/jobs/output' });
    expect(logStreams!.map((stream) => stream.logStreamName)).toEqual([JobRunId]);
  });

  it('that cannot do its work fails, is tried again, and says why', async () => {
    await glue.createJob(
      job('copy', {
        MaxRetries: 1,
        CodeGenConfigurationNodes: copy('s3://nowhere/in/', 's3://nowhere/out/'),
      }),
    );
    const { JobRunId } = await glue.startJobRun({ JobName: 'copy' });
    expect((await finished('copy', JobRunId!)).JobRunState).toBe('FAILED');
    const retry = await finished('copy', `${JobRunId}_attempt_1`);
    expect(retry).toMatchObject({ JobRunState: 'FAILED', Attempt: 1, PreviousRunId: JobRunId });
    expect(retry.ErrorMessage).toMatch(/nowhere/);
    const { JobRuns } = await glue.getJobRuns({ JobName: 'copy' });
    expect(JobRuns!.map((run) => run.Id)).toEqual([`${JobRunId}_attempt_1`, JobRunId]);
  });

  it('of a script is not passed off as done', async () => {
    await glue.createJob(job('script'));
    const { JobRunId } = await glue.startJobRun({ JobName: 'script' });
    expect(await finished('script', JobRunId!)).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: expect.stringMatching(/^Job script has a glueetl script/) as string,
    });
  });

  it('is refused in the words of Glue', async () => {
    expect(await refusal(glue.startJobRun({ JobName: 'none' }))).toMatch(
      /^400 EntityNotFoundException: Failed to start job run due to missing metadata/,
    );
    expect(await refusal(glue.getJobRuns({ JobName: 'none' }))).toBe(
      '400 EntityNotFoundException: Job none not found.',
    );
    await glue.createJob(job('j', { NonOverridableArguments: { '--fixed': '1' } }));
    expect(await refusal(glue.startJobRun({ JobName: 'j', Arguments: { '--fixed': '2' } }))).toMatch(
      /^400 InvalidInputException: Arguments --fixed/,
    );
    expect(await refusal(glue.getJobRun({ JobName: 'j', RunId: 'jr_0' }))).toBe(
      '400 EntityNotFoundException: Job run jr_0 not found.',
    );
  });

  it('is stopped one by one, with an error for each that cannot be', async () => {
    await glue.createJob(job('script'));
    const { JobRunId } = await glue.startJobRun({ JobName: 'script' });
    await finished('script', JobRunId!);
    const { SuccessfulSubmissions, Errors } = await glue.batchStopJobRun({
      JobName: 'script',
      JobRunIds: [JobRunId!, 'jr_0'],
    });
    expect(SuccessfulSubmissions ?? []).toEqual([]);
    expect(Errors!.map((error) => [error.JobRunId, error.ErrorDetail!.ErrorCode])).toEqual([
      [JobRunId, 'InvalidInputException'],
      ['jr_0', 'EntityNotFoundException'],
    ]);
  });

  it('history comes in pages, newest first', async () => {
    await glue.createJob(job('script', { ExecutionProperty: { MaxConcurrentRuns: 50 } }));
    const started: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) started.unshift((await glue.startJobRun({ JobName: 'script' })).JobRunId);
    const first = await glue.getJobRuns({ JobName: 'script', MaxResults: 3 });
    const second = await glue.getJobRuns({ JobName: 'script', MaxResults: 3, NextToken: first.NextToken });
    expect([...first.JobRuns!, ...second.JobRuns!].map((run) => run.Id)).toEqual(started);
    expect(second.NextToken).toBeUndefined();
  });
});
