// Batch through its SDK client: jobs that really run, in every way that they can end.
import { setTimeout as delay } from 'node:timers/promises';
import type {
  JobDetail,
  RegisterJobDefinitionCommandInput,
  SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

const REQUIREMENTS = [
  { type: 'VCPU' as const, value: '1' },
  { type: 'MEMORY' as const, value: '128' },
];

let aws: Embedded;
let batch: EmbeddedClients['batch'];
let logs: EmbeddedClients['logs'];
let names = 0;

beforeAll(async () => {
  aws = await openEmbedded();
  ({ batch, logs } = aws.clients());
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'env',
    type: 'MANAGED',
    computeResources: { type: 'FARGATE', maxvCpus: 64, subnets: ['subnet-1'] },
  });
  await batch.createJobQueue({
    jobQueueName: 'queue',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
  });
});
afterAll(() => aws.close());

async function define(
  command: string[],
  more: Partial<RegisterJobDefinitionCommandInput> = {},
  container: object = {},
): Promise<string> {
  const { jobDefinitionArn = '' } = await batch.registerJobDefinition({
    jobDefinitionName: `definition-${++names}`,
    type: 'container',
    containerProperties: { image: 'busybox', command, resourceRequirements: REQUIREMENTS, ...container },
    ...more,
  });
  return jobDefinitionArn;
}

async function submit(jobDefinition: string, more: Partial<SubmitJobCommandInput> = {}): Promise<string> {
  const { jobId = '' } = await batch.submitJob({ jobName: 'job', jobQueue: 'queue', jobDefinition, ...more });
  return jobId;
}

async function describeJob(jobId: string): Promise<JobDetail> {
  const { jobs = [] } = await batch.describeJobs({ jobs: [jobId] });
  return jobs[0] as JobDetail;
}

async function until(jobId: string, ...statuses: string[]): Promise<JobDetail> {
  for (let tries = 0; tries < 2000; tries++) {
    const job = await describeJob(jobId);
    if (statuses.includes(job.status as string)) return job;
    await delay(5);
  }
  throw new Error(`${jobId} is ${(await describeJob(jobId)).status}`);
}
const ended = (jobId: string) => until(jobId, 'SUCCEEDED', 'FAILED');

async function linesOf(job: JobDetail): Promise<string[]> {
  const { events = [] } = await logs.getLogEvents({
    logGroupName: '/aws/batch/job',
    logStreamName: job.container?.logStreamName,
    startFromHead: true,
  });
  return events.map(({ message }) => message as string);
}

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

describe('dependencies', () => {
  it('hold a job PENDING until all that it depends on have succeeded', async () => {
    const [slow, quick] = [await define(['sleep', '0.3']), await define(['true'])];
    const on = [await submit(slow), await submit(quick)];
    const jobId = await submit(quick, { dependsOn: on.map((one) => ({ jobId: one })) });
    expect((await describeJob(jobId)).status).toBe('PENDING');
    const job = await ended(jobId);
    const earlier = await ended(on[0] as string);
    expect(job.status).toBe('SUCCEEDED');
    expect(job.startedAt).toBeGreaterThanOrEqual(earlier.stoppedAt as number);
  });

  it('that have ended count at once', async () => {
    const [good, bad] = [await define(['true']), await define(['false'])];
    const succeeded = (await ended(await submit(good))).jobId as string;
    const failed = (await ended(await submit(bad))).jobId as string;
    expect((await ended(await submit(good, { dependsOn: [{ jobId: succeeded }] }))).status).toBe('SUCCEEDED');
    expect(await ended(await submit(good, { dependsOn: [{ jobId: failed }] }))).toMatchObject({
      status: 'FAILED',
      statusReason: 'Dependent Job failed',
    });
  });
});

describe('an array', () => {
  const indexes = ['sh', '-c', 'echo $AWS_BATCH_JOB_ARRAY_INDEX of $AWS_BATCH_JOB_ARRAY_SIZE'];

  it('runs a child for each index, and sums them up', async () => {
    const jobId = await submit(await define(indexes), { arrayProperties: { size: 3 } });
    const array = await ended(jobId);
    expect(array).toMatchObject({
      status: 'SUCCEEDED',
      arrayProperties: { size: 3, statusSummary: { SUCCEEDED: 3, FAILED: 0, RUNNING: 0 } },
    });
    const { jobSummaryList = [] } = await batch.listJobs({ arrayJobId: jobId, jobStatus: 'SUCCEEDED' });
    expect(jobSummaryList.map((child) => [child.jobId, child.arrayProperties?.index])).toEqual([
      [`${jobId}:2`, 2],
      [`${jobId}:1`, 1],
      [`${jobId}:0`, 0],
    ]);
    expect(await linesOf(await describeJob(`${jobId}:1`))).toEqual(['1 of 3']);
  });

  it('fails when a child fails, after all have ended', async () => {
    const definition = await define(['sh', '-c', 'test $AWS_BATCH_JOB_ARRAY_INDEX != 1']);
    const jobId = await submit(definition, { arrayProperties: { size: 3 } });
    expect(await ended(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Array Child Job failed',
      arrayProperties: { statusSummary: { SUCCEEDED: 2, FAILED: 1 } },
    });
  });

  it('runs its children one after the other when they are SEQUENTIAL', async () => {
    const jobId = await submit(await define(['sleep', '0.05']), {
      arrayProperties: { size: 4 },
      dependsOn: [{ type: 'SEQUENTIAL' }],
    });
    await ended(jobId);
    const { jobs = [] } = await batch.describeJobs({
      jobs: [0, 1, 2, 3].map((index) => `${jobId}:${index}`),
    });
    for (const [index, job] of jobs.slice(1).entries()) {
      expect(job.startedAt).toBeGreaterThanOrEqual(jobs[index]?.stoppedAt as number);
    }
  });

  it('waits for another child by child when it is N_TO_N', async () => {
    const script = 'test $AWS_BATCH_JOB_ARRAY_INDEX != 0';
    const first = await submit(await define(['sh', '-c', script]), { arrayProperties: { size: 2 } });
    const second = await submit(await define(['true']), {
      arrayProperties: { size: 2 },
      dependsOn: [{ jobId: first, type: 'N_TO_N' }],
    });
    await ended(second);
    expect((await describeJob(`${second}:0`)).statusReason).toBe('Dependent Job failed');
    expect((await describeJob(`${second}:1`)).status).toBe('SUCCEEDED');
    const late = await submit(await define(['true']), {
      arrayProperties: { size: 2 },
      dependsOn: [{ jobId: first, type: 'N_TO_N' }],
    });
    await ended(late);
    expect((await describeJob(`${late}:0`)).status).toBe('FAILED');
    expect((await describeJob(`${late}:1`)).status).toBe('SUCCEEDED');
  });

  it('is ended as a whole', async () => {
    const jobId = await submit(await define(['sleep', '60']), { arrayProperties: { size: 40 } });
    await until(`${jobId}:0`, 'RUNNING');
    await batch.terminateJob({ jobId, reason: 'enough' });
    expect(await ended(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'enough',
      arrayProperties: { statusSummary: { FAILED: 40 } },
    });
    expect((await describeJob(`${jobId}:39`)).statusReason).toBe('enough');
  });
});

describe('ListJobs', () => {
  it('lists by status, running ones unless said otherwise, newest first, in pages', async () => {
    await batch.createJobQueue({
      jobQueueName: 'listed',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
    });
    const inQueue = { jobQueue: 'listed' };
    const [quick, slow] = [await define(['true']), await define(['sleep', '60'])];
    const done = [await submit(quick, inQueue), await submit(quick, inQueue), await submit(quick, inQueue)];
    await Promise.all(done.map(ended));
    const running = await submit(slow, { ...inQueue, jobName: 'Runs-On' });
    await until(running, 'RUNNING');
    const waiting = await submit(quick, { ...inQueue, dependsOn: [{ jobId: running }] });

    const list = async (more: object) => {
      const { jobSummaryList = [] } = await batch.listJobs({ jobQueue: 'listed', ...more });
      return jobSummaryList.map(({ jobId }) => jobId);
    };
    expect(await list({})).toEqual([running]);
    expect(await list({ jobStatus: 'PENDING' })).toEqual([waiting]);
    expect(await list({ jobStatus: 'RUNNABLE' })).toEqual([]);
    expect(await list({ jobStatus: 'SUCCEEDED' })).toEqual([...done].reverse());
    const all = [waiting, running, ...[...done].reverse()];
    const filter = (name: string, ...values: string[]) => list({ filters: [{ name, values }] });
    expect(await filter('JOB_NAME', 'JOB')).toEqual(all.filter((jobId) => jobId !== running));
    expect(await filter('JOB_NAME', 'runs-*')).toEqual([running]);
    expect(await filter('JOB_DEFINITION', slow)).toEqual([running]);
    expect(await filter('JOB_DEFINITION', 'definition-*')).toEqual(all);
    expect(await filter('AFTER_CREATED_AT', '0')).toEqual(all);
    expect(await filter('BEFORE_CREATED_AT', '1000')).toEqual([]);

    const paged: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await batch.listJobs({
        jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/listed',
        jobStatus: 'SUCCEEDED',
        maxResults: 2,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      paged.push(...(page.jobSummaryList ?? []).map(({ jobId }) => jobId));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(paged).toEqual([...done].reverse());
    await batch.terminateJob({ jobId: running, reason: 'done' });
    await ended(running);
  });

  it.each([
    [{}, /exactly one of jobQueue, arrayJobId and multiNodeJobId/],
    [{ jobQueue: 'queue', arrayJobId: 'x' }, /exactly one of/],
    [{ jobQueue: 'none' }, /JobQueue none not found/],
    [{ jobQueue: 'queue', nextToken: 'x' }, /nextToken 'x' is not valid/],
    [{ jobQueue: 'queue', filters: [{ name: 'COLOUR', values: ['x'] }] }, /filter COLOUR is not known/],
    [{ jobQueue: 'queue', filters: [{ name: 'AFTER_CREATED_AT', values: ['now'] }] }, /not 'now'/],
    [{ jobQueue: 'queue', filters: [{ name: 'JOB_NAME', values: [] }] }, /exactly one value, not 0/],
  ])('refuses %j', async (input, message) => {
    await expect(batch.listJobs(input)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('definitions', () => {
  it('are revisions of a name; the newest active one is meant by it', async () => {
    const register = (command: string[]) =>
      batch.registerJobDefinition({
        jobDefinitionName: 'revised',
        type: 'container',
        containerProperties: { image: 'x', command, vcpus: 1, memory: 128 },
        tags: { team: 'data' },
      });
    expect([(await register(['true'])).revision, (await register(['false'])).revision]).toEqual([1, 2]);
    expect((await ended(await submit('revised'))).status).toBe('FAILED');
    expect((await ended(await submit('revised:1'))).status).toBe('SUCCEEDED');
    await batch.deregisterJobDefinition({ jobDefinition: 'revised:2' });
    expect((await ended(await submit('revised'))).status).toBe('SUCCEEDED');
    await expect(submit('revised:2')).rejects.toThrow(/revised:2 is not found, or is INACTIVE/);
    expect((await register(['true'])).revision).toBe(3);
    const { jobDefinitions = [] } = await batch.describeJobDefinitions({ jobDefinitionName: 'revised' });
    expect(jobDefinitions.map(({ revision, status }) => [revision, status])).toEqual([
      [3, 'ACTIVE'],
      [2, 'INACTIVE'],
      [1, 'ACTIVE'],
    ]);
    const active = await batch.describeJobDefinitions({ jobDefinitionName: 'revised', status: 'ACTIVE' });
    expect(active.jobDefinitions?.map(({ revision }) => revision)).toEqual([3, 1]);
    expect(jobDefinitions[0]).toMatchObject({ type: 'container', tags: { team: 'data' } });
  });

  it.each<[Partial<RegisterJobDefinitionCommandInput>, RegExp]>([
    [{ type: 'multinode' }, /type multinode is not supported/],
    [{ containerProperties: undefined }, /Container properties should not be empty/],
    [{ jobDefinitionName: 'no spaces' }, /'no spaces' is not valid/],
    [{ timeout: { attemptDurationSeconds: 5 } }, /at least 60, not 5/],
    [{ retryStrategy: { attempts: 20 } }, /between 1 and 10, not 20/],
  ])('refuse %j', async (change, message) => {
    const containerProperties = { image: 'x', vcpus: 1, memory: 1 };
    const input = {
      jobDefinitionName: 'refused',
      type: 'container' as const,
      containerProperties,
      ...change,
    };
    await expect(batch.registerJobDefinition(input)).rejects.toThrow(message);
  });
});

describe('queues and environments', () => {
  it('are updated, disabled and deleted in the order that AWS asks for', async () => {
    await batch.createComputeEnvironment({
      computeEnvironmentName: 'own',
      type: 'UNMANAGED',
      tags: { a: '1' },
    });
    const queue = {
      jobQueueName: 'own',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'own' }],
    };
    await batch.createJobQueue(queue);
    await expect(batch.createJobQueue(queue)).rejects.toThrow(/Object already exists/);
    await expect(batch.deleteJobQueue({ jobQueue: 'own' })).rejects.toThrow(/must be DISABLED/);
    await batch.updateJobQueue({ jobQueue: 'own', state: 'DISABLED', priority: 7 });
    expect((await batch.describeJobQueues({ jobQueues: ['own'] })).jobQueues).toMatchObject([
      { state: 'DISABLED', priority: 7, status: 'VALID' },
    ]);
    await expect(submit(await define(['true']), { jobQueue: 'own' })).rejects.toThrow(/own is DISABLED/);
    await batch.updateComputeEnvironment({ computeEnvironment: 'own', state: 'DISABLED' });
    await expect(batch.deleteComputeEnvironment({ computeEnvironment: 'own' })).rejects.toThrow(
      /found existing JobQueue relationship/,
    );
    await batch.deleteJobQueue({ jobQueue: 'own' });
    await batch.deleteComputeEnvironment({ computeEnvironment: 'own' });
    expect((await batch.describeJobQueues({ jobQueues: ['own'] })).jobQueues).toEqual([]);
    const { computeEnvironments } = await batch.describeComputeEnvironments({ computeEnvironments: ['own'] });
    expect(computeEnvironments).toEqual([]);
  });

  it('serve the queue with the higher priority first', async () => {
    await batch.createComputeEnvironment({
      computeEnvironmentName: 'shared',
      type: 'MANAGED',
      computeResources: { type: 'EC2', maxvCpus: 1, subnets: ['subnet-1'] },
    });
    const computeEnvironmentOrder = [{ order: 1, computeEnvironment: 'shared' }];
    await batch.createJobQueue({ jobQueueName: 'low', priority: 1, computeEnvironmentOrder });
    await batch.createJobQueue({ jobQueueName: 'high', priority: 2, computeEnvironmentOrder });
    const [slow, quick] = [await define(['sleep', '0.2']), await define(['true'])];
    const first = await submit(slow, { jobQueue: 'low' });
    const low = await submit(quick, { jobQueue: 'low' });
    const high = await submit(quick, { jobQueue: 'high' });
    const [, lowJob, highJob] = await Promise.all([first, low, high].map(ended));
    expect(highJob?.stoppedAt).toBeLessThanOrEqual(lowJob?.startedAt as number);
  });

  it('keep tags of everything by ARN', async () => {
    const jobId = await submit(await define(['true']), { tags: { a: '1' } });
    const arns = [
      'arn:aws:batch:us-east-1:123456789012:compute-environment/env',
      'arn:aws:batch:us-east-1:123456789012:job-queue/queue',
      await define(['true'], { tags: { a: '1' } }),
      `arn:aws:batch:us-east-1:123456789012:job/${jobId}`,
    ];
    for (const resourceArn of arns) {
      await batch.tagResource({ resourceArn, tags: { a: '1', b: '2', c: '3' } });
      await batch.untagResource({ resourceArn, tagKeys: ['b', 'c'] });
      expect((await batch.listTagsForResource({ resourceArn })).tags).toEqual({ a: '1' });
    }
    await expect(
      batch.listTagsForResource({ resourceArn: 'arn:aws:batch:us-east-1:123456789012:job/none' }),
    ).rejects.toThrow(/does not exist/);
    await ended(jobId);
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
