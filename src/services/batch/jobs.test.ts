// Jobs that really run, in every way that they can end, and what is told of them.
import { setTimeout as delay } from 'node:timers/promises';
import type { JobDetail, SubmitJobCommandInput } from '@aws-sdk/client-batch';
import { afterAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded } from '../../embedded.js';
import { openBatchFixture } from '../../../test/batch/batch-fixture.js';

const { aws, batch, define, submit, describeJob, until, ended, linesOf, close } = await openBatchFixture();
afterAll(close);

describe('a job', () => {
  it('runs its command to its end, with parameters put in, and logs what it says', async () => {
    const definition = await define(['echo', 'Ref::what', '$(id)', '*'], { parameters: { what: 'default' } });
    const job = await ended(await submit(definition, { parameters: { what: 'a b' } }));
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      statusReason: 'Essential container in task exited',
      jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/queue',
      jobDefinition: definition,
      parameters: { what: 'a b' },
      container: { exitCode: 0, image: 'busybox', command: ['echo', 'a b', '$(id)', '*'] },
      attempts: [{ container: { exitCode: 0 }, statusReason: 'Essential container in task exited' }],
    });
    expect(job.createdAt).toBeLessThanOrEqual(job.startedAt as number);
    expect(job.startedAt).toBeLessThanOrEqual(job.stoppedAt as number);
    expect(await linesOf(job)).toEqual(['a b $(id) *']);
  });

  it('gets its own variables, those of Batch and a way to this server, and none of its owner', async () => {
    process.env.AWS_PROFILE = 'production';
    const definition = await define(['env'], {}, { environment: [{ name: 'OWN', value: '1' }] });
    const jobId = await submit(definition, {
      containerOverrides: { environment: [{ name: 'MORE', value: '2' }] },
    });
    const lines = await linesOf(await ended(jobId));
    delete process.env.AWS_PROFILE;
    expect(lines).toEqual(
      expect.arrayContaining([
        'OWN=1',
        'MORE=2',
        `AWS_BATCH_JOB_ID=${jobId}`,
        'AWS_BATCH_JOB_ATTEMPT=1',
        'AWS_BATCH_JQ_NAME=queue',
        'AWS_BATCH_CE_NAME=env',
        'AWS_REGION=us-east-1',
        expect.stringMatching(/^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/),
        expect.stringMatching(/^AWS_ACCESS_KEY_ID=ASIA/),
      ]),
    );
    expect(lines.filter((line) => /^(AWS_PROFILE|VITEST|npm_)/.test(line))).toEqual([]);
  });

  it('fails with the exit code of its command', async () => {
    const job = await ended(await submit(await define(['sh', '-c', 'exit 7'])));
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'Essential container in task exited',
      container: { exitCode: 7 },
    });
  });

  it.each([
    [[], /CannotPullContainerError: .*default command of busybox is not known/],
    [['no-such-program'], /CannotStartContainerError: exec: "no-such-program": executable file not found/],
    [['./run.sh'], /executable file not found/],
  ])('with the command %j fails and says why', async (command, reason) => {
    const job = await ended(await submit(await define(command)));
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Task failed to start' });
    expect(job.container?.reason).toMatch(reason);
    expect(job.container?.exitCode).toBeUndefined();
  });

  it('fails when its role cannot be assumed, or its secrets cannot be had', async () => {
    const role = await define(['true'], {}, { jobRoleArn: 'arn:aws:iam::123456789012:role/None' });
    expect((await ended(await submit(role))).container?.reason).toMatch(/CannotStartContainerError/);
    const secrets = await define(['true'], {}, { secrets: [{ name: 'KEY', valueFrom: 'arn:x' }] });
    expect((await ended(await submit(secrets))).container?.reason).toMatch(/unable to pull secrets.*KEY/);
  });

  it('acts as its role', async () => {
    const { iam } = aws.clients();
    const { Role } = await iam.createRole({
      RoleName: 'JobRole',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    });
    const script = `const { STS } = require('@aws-sdk/client-sts');
      new STS({}).getCallerIdentity().then(({ Arn }) => console.log(Arn));`;
    const definition = await define(
      [process.execPath, '-e', script],
      {},
      {
        jobRoleArn: Role?.Arn,
        environment: [{ name: 'NODE_PATH', value: `${process.cwd()}/node_modules` }],
      },
    );
    const job = await ended(await submit(definition));
    expect(await linesOf(job)).toContain('arn:aws:sts::123456789012:assumed-role/JobRole/batch-job');
  });

  it('is tried again as its strategy says', async () => {
    const definition = await define(['sh', '-c', 'test "$AWS_BATCH_JOB_ATTEMPT" = 3'], {
      retryStrategy: { attempts: 5 },
    });
    const job = await ended(await submit(definition));
    expect(job.status).toBe('SUCCEEDED');
    expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([1, 1, 0]);
    expect(new Set(job.attempts?.map(({ container }) => container?.logStreamName)).size).toBe(3);
    const given = { attempts: 5, evaluateOnExit: [{ onExitCode: '1', action: 'EXIT' as const }] };
    expect((await ended(await submit(definition, { retryStrategy: given }))).attempts).toHaveLength(1);
  });

  it('waits for the vCPUs that it asks for', async () => {
    await batch.createComputeEnvironment({
      computeEnvironmentName: 'small',
      type: 'MANAGED',
      computeResources: { type: 'EC2', maxvCpus: 2, subnets: ['subnet-1'] },
    });
    await batch.createJobQueue({
      jobQueueName: 'small',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'small' }],
    });
    const definition = await define(['sleep', '60']);
    const ids = await Promise.all([1, 2, 3].map(() => submit(definition, { jobQueue: 'small' })));
    await Promise.all(ids.slice(0, 2).map((jobId) => until(jobId, 'RUNNING')));
    expect((await describeJob(ids[2] as string)).status).toBe('RUNNABLE');
    await batch.terminateJob({ jobId: ids[0], reason: 'room' });
    await until(ids[2] as string, 'RUNNING');
    await Promise.all(ids.map((jobId) => batch.terminateJob({ jobId, reason: 'done' })));
    await Promise.all(ids.map(ended));
  });
});

describe('cancel and terminate', () => {
  it('terminate ends a job that runs, with the reason, and is not undone by retries', async () => {
    const definition = await define(['sleep', '60'], { retryStrategy: { attempts: 3 } });
    const jobId = await submit(definition);
    await until(jobId, 'RUNNING');
    await batch.cancelJob({ jobId, reason: 'too late' });
    expect((await describeJob(jobId)).status).toBe('RUNNING');
    await batch.terminateJob({ jobId, reason: 'enough' });
    const job = await ended(jobId);
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'enough',
      isTerminated: true,
      isCancelled: false,
      container: { exitCode: 143 },
    });
    await batch.terminateJob({ jobId, reason: 'again' });
    expect((await describeJob(jobId)).statusReason).toBe('enough');
  });

  it('cancel ends a job that waits, and what waits for it', async () => {
    const definition = await define(['sleep', '60']);
    const first = await submit(definition);
    const second = await submit(definition, { dependsOn: [{ jobId: first }] });
    const third = await submit(definition, { dependsOn: [{ jobId: second }] });
    await batch.cancelJob({ jobId: second, reason: 'not needed' });
    expect(await describeJob(second)).toMatchObject({
      status: 'FAILED',
      statusReason: 'not needed',
      isCancelled: true,
      attempts: [],
    });
    expect(await describeJob(third)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Dependent Job failed',
    });
    await batch.terminateJob({ jobId: first, reason: 'done' });
    await ended(first);
  });

  it('are answered for jobs that are not there as AWS does', async () => {
    await batch.cancelJob({ jobId: 'none', reason: 'x' });
    await batch.terminateJob({ jobId: 'none', reason: 'x' });
    expect(await batch.terminateJobs({ jobs: ['none'], reason: 'x' })).toMatchObject({
      successful: ['none'],
    });
  });
});

describe('a timeout', () => {
  it('ends the attempt when the time of the clock is over, and there is no other', async () => {
    const clock = manualClock();
    const timed = await openEmbedded({ clock });
    try {
      const client = timed.clients().batch;
      await client.createComputeEnvironment({ computeEnvironmentName: 'env', type: 'UNMANAGED' });
      await client.createJobQueue({
        jobQueueName: 'queue',
        priority: 1,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
      });
      await client.registerJobDefinition({
        jobDefinitionName: 'slow',
        type: 'container',
        containerProperties: { image: 'x', command: ['sleep', '100'], vcpus: 1, memory: 1 },
        timeout: { attemptDurationSeconds: 60 },
        retryStrategy: { attempts: 3 },
      });
      const { jobId = '' } = await client.submitJob({
        jobName: 'slow',
        jobQueue: 'queue',
        jobDefinition: 'slow',
      });
      const job = async () => (await client.describeJobs({ jobs: [jobId] })).jobs?.[0] as JobDetail;
      while ((await job()).status !== 'RUNNING') await delay(5);
      await clock.advance(59_000);
      expect((await job()).status).toBe('RUNNING');
      await clock.advance(2_000);
      while ((await job()).status === 'RUNNING') await delay(5);
      expect(await job()).toMatchObject({
        status: 'FAILED',
        statusReason: 'Job attempt duration exceeded timeout',
        attempts: [{ container: { exitCode: 143 } }],
        timeout: { attemptDurationSeconds: 60 },
      });
    } finally {
      await timed.close();
    }
  });
});

describe('events', () => {
  it('tell of every status of a job, in order, with the job as DescribeJobs has it', async () => {
    const { events, sqs } = aws.clients();
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'batch-events' });
    await events.putRule({
      Name: 'batch',
      EventPattern: JSON.stringify({
        source: ['aws.batch'],
        'detail-type': ['Batch Job State Change'],
        detail: { jobName: ['told'] },
      }),
    });
    await events.putTargets({
      Rule: 'batch',
      Targets: [{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:123456789012:batch-events' }],
    });
    const job = await ended(
      await submit(await define(['true']), { jobName: 'told', tags: { team: 'data' } }),
    );
    const told: { detail: JobDetail; resources: string[] }[] = [];
    for (let tries = 0; tries < 200 && told.length < 5; tries++) {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
      });
      told.push(...Messages.map(({ Body = '' }) => JSON.parse(Body) as (typeof told)[number]));
    }
    const statuses = ['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED'];
    expect(new Set(told.map(({ detail }) => detail.status))).toEqual(new Set(statuses));
    const last = told.find(({ detail }) => detail.status === 'SUCCEEDED');
    expect(last).toMatchObject({
      resources: [job.jobArn],
      detail: { ...job, tags: { team: 'data' } },
    });
  });
});

describe('SubmitJob refuses', () => {
  it.each<[Partial<SubmitJobCommandInput>, RegExp]>([
    [{ jobQueue: 'none' }, /JobQueue none not found/],
    [{ jobDefinition: 'none' }, /JobDefinition none is not found/],
    [{ jobName: '-x' }, /jobName '-x' is not valid/],
    [{ arrayProperties: { size: 1 } }, /between 2 and 10000, not 1/],
    [{ dependsOn: [{ jobId: 'none' }] }, /Job none, which the job depends on, does not exist/],
    [{ dependsOn: [{}] }, /must have a jobId, or the type SEQUENTIAL/],
    [{ dependsOn: [{ type: 'SEQUENTIAL' }] }, /SEQUENTIAL is for array jobs/],
    [{ dependsOn: Array.from({ length: 21 }, () => ({ jobId: 'x' })) }, /at most 20 jobs, not 21/],
    [{ shareIdentifier: 'team' }, /shareIdentifier .* leave them out/],
    [
      { containerOverrides: { environment: [{ name: 'AWS_BATCH_X', value: '1' }] } },
      /AWS_BATCH_X is not allowed/,
    ],
    [{ tags: { 'aws:x': '1' } }, /aws:x is not allowed/],
  ])('%j', async (change, message) => {
    const jobDefinition = await define(['true']);
    await expect(submit(jobDefinition, change)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringMatching(message) as string,
    });
  });
});
