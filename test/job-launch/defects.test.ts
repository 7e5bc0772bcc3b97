// The ten defects of dataworks-aws-glue-launcher, by name, and that a launch has none of them.
import { afterEach, describe, expect, it } from 'vitest';
import { handleJobLaunch } from '../../src/lambda/job-launch.js';
import { parseLaunchSpec } from '../../src/toolkit/job-launch/index.js';
import {
  batchEvent,
  JOB,
  openLaunchFixture,
  QUEUE,
  withTable,
  type LaunchFixture,
} from './launch-fixture.js';

let fixture: LaunchFixture | undefined;
const open = async (change?: (spec: string) => string) => (fixture = await openLaunchFixture(change));
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

const noFiles = (place: string) => Promise.reject(new Error(`${place} is asked for.`));

it('1. what limits runs is looked at first: at the limit nothing is cleared and no table redefined', async () => {
  const { launcher, put, keys, tables } = await open((spec) =>
    withTable(`${spec}policy: { coolDownMinutes: 60 }\n`),
  );
  await launcher().launch(batchEvent());
  await put('results/yesterday');
  const before = await tables();
  expect(await launcher().launch(batchEvent())).toMatchObject({ decision: 'wait', reason: 'cooling-down' });
  expect(await keys('results/')).toEqual(['results/yesterday']);
  expect(await tables()).toEqual(before);
});

it('2. two jobs that end together start one run', async () => {
  const { launcher, clock, runs } = await open();
  const time = clock.now();
  const outcomes = await Promise.all([1, 2].map(() => launcher().launch(batchEvent({ time }))));
  expect(outcomes.filter(({ decision }) => decision === 'launch')).toHaveLength(1);
  expect(await runs()).toHaveLength(1);
});

it('3. a no is returned by the function, which neither exits nor fails', async () => {
  const { aws, clock, put } = await open();
  await put(
    'launch.yaml',
    `name: nightly\nstate: s3://lake/launch\non: { source: [aws.batch] }\nstart: { job: ${JOB} }\n`,
  );
  const place = { specUri: 's3://lake/launch.yaml', environment: {} };
  const context = { getRemainingTimeInMillis: () => 900_000 };
  const parts = { clients: aws.clients(), clock, log: () => {} };
  expect(await handleJobLaunch(parts, place, batchEvent({ status: 'RUNNING' }), context)).toMatchObject({
    decision: 'skip',
    reason: 'status-ignored',
  });
});

it('4. an event that is delivered twice starts one run', async () => {
  const { launcher, runs } = await open();
  await launcher().launch(batchEvent({ id: 'once' }));
  expect(await launcher().launch(batchEvent({ id: 'once' }))).toMatchObject({ reason: 'duplicate-event' });
  expect(await runs()).toHaveLength(1);
});

describe('5. a dependency', () => {
  it('that failed does not launch', async () => {
    const { launcher } = await open();
    expect(await launcher().launch(batchEvent({ status: 'FAILED' }))).toMatchObject({ decision: 'refuse' });
  });

  it('of another queue does not either', async () => {
    const { launcher } = await open((spec) =>
      spec
        .replace('on: { source: [aws.batch] }\n', '')
        .replace(
          '  - objectPresent: { object: s3://lake/ready }',
          '  - batchQueuesDrained: { queues: [exports] }',
        ),
    );
    const event = batchEvent({ detail: { jobQueue: QUEUE.replace('exports', 'others') } });
    expect(await launcher().launch(event)).toMatchObject({ decision: 'skip', reason: 'other-event' });
  });
});

it('6. a queue to which nothing came yet is not drained', async () => {
  const { aws, launcher } = await open((spec) =>
    spec.replace(
      '  - objectPresent: { object: s3://lake/ready }',
      '  - batchQueuesDrained: { queues: [exports], activeWithinMinutes: 60 }',
    ),
  );
  const { batch } = aws.clients();
  await batch.createComputeEnvironment({ computeEnvironmentName: 'local', type: 'UNMANAGED' });
  await batch.createJobQueue({
    jobQueueName: 'exports',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'local' }],
  });
  const { calls, launch } = launcher();
  expect(await launch(batchEvent())).toMatchObject({ decision: 'wait', reason: 'queue-without-activity' });
  // Looked at twice, with the settling time between: five statuses and the activity, each time.
  expect(calls.filter((name) => name === 'ListJobs')).toHaveLength(12);
});

it.each(['', 's3://lake/', 's3://lake/results', 's3:///results/'])(
  '7. %j is no prefix to clear',
  async (prefix) => {
    const spec = `name: a\nstate: s3://lake/launch\nprepare: { clear: ['${prefix}'], trash: s3://lake/trash/ }\nstart: { job: a }\n`;
    await expect(parseLaunchSpec(spec, 'launch.yaml', noFiles)).rejects.toThrow(
      'must be a prefix below a bucket that ends in "/"',
    );
  },
);

it('8. runs that failed are no runs of the day', async () => {
  const { glue, launcher, runs, later } = await open((spec) => `${spec}policy: { runsPerDay: 1 }\n`);
  for (let count = 1; count <= 3; count++) {
    expect((await launcher().launch(batchEvent())).decision).toBe('launch');
    await expect
      .poll(async () => (await runs()).filter(({ JobRunState }) => JobRunState === 'FAILED').length, {
        timeout: 30_000,
      })
      .toBe(count);
    later(1);
  }
  expect((await glue.getJobRuns({ JobName: JOB })).JobRuns).toHaveLength(3);
});

it('9. SQL that fails says why, clears nothing and leaves no table behind', async () => {
  const { launcher, put, keys, tables } = await open((spec) =>
    withTable(spec).replace('total bigint', 'total no_such_type'),
  );
  await put('results/yesterday');
  await expect(launcher().launch(batchEvent())).rejects.toThrow(/could not make lake\.counts.*no_such_type/);
  expect(await keys('results/')).toEqual(['results/yesterday']);
  expect(await tables()).toEqual([]);
});

it('10. what is missing is told before anything is done, all of it at once', async () => {
  const refusal = parseLaunchSpec('name: a b\nprepare: { clear: [x] }\n', 'launch.yaml', noFiles);
  await expect(refusal).rejects.toThrow(/missing "state"/);
  await expect(refusal).rejects.toThrow(/missing "start"/);
  await expect(refusal).rejects.toThrow(/"a b" must be 1 to 64 letters/);
});
