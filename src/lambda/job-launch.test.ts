// The launch function, called as Lambda calls it, against the embedded AWS and Batch jobs that really end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOB, openLaunchFixture, type LaunchFixture } from '../../test/job-launch/launch-fixture.js';
import { handleJobLaunch, type JobLaunchResult } from './job-launch.js';

const SPEC_URI = 's3://lake/launch.yaml';
const SCHEDULED = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' };
const SPEC = `
name: nightly
state: s3://lake/launch
require:
  - batchQueuesDrained: { queues: [exports], settleSeconds: 0 }
start: { job: ${JOB} }
`;

let fixture: LaunchFixture;

beforeEach(async () => {
  fixture = await openLaunchFixture();
  await fixture.put('launch.yaml', SPEC);
  const { batch } = fixture.aws.clients();
  await batch.createComputeEnvironment({ computeEnvironmentName: 'local', type: 'UNMANAGED' });
  await batch.createJobQueue({
    jobQueueName: 'exports',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'local' }],
  });
  await batch.registerJobDefinition({
    jobDefinitionName: 'export',
    type: 'container',
    containerProperties: { image: 'busybox', command: ['true'], vcpus: 1, memory: 128 },
  });
});

afterEach(() => fixture.close());

const invoke = (event: unknown, specUri: string | undefined = SPEC_URI): Promise<JobLaunchResult> =>
  handleJobLaunch({ clients: fixture.aws.clients(), clock: fixture.clock, log: () => {} }, specUri, event, {
    getRemainingTimeInMillis: () => 900_000,
  });

/** Its end is told to nobody: there is no rule. */
async function endExport(command = 'true'): Promise<void> {
  const { batch } = fixture.aws.clients();
  const { jobId = '' } = await batch.submitJob({
    jobName: 'export',
    jobQueue: 'exports',
    jobDefinition: 'export',
    containerOverrides: { command: [command] },
  });
  await expect
    .poll(async () => (await batch.describeJobs({ jobs: [jobId] })).jobs?.[0]?.status, { timeout: 10_000 })
    .toMatch(/^(SUCCEEDED|FAILED)$/);
}

async function runEnded(jobRunId: string): Promise<object> {
  const find = async () => (await fixture.runs()).find(({ Id }) => Id === jobRunId)?.JobRunState;
  await expect.poll(find, { timeout: 10_000 }).toBe('FAILED');
  return {
    id: `end of ${jobRunId}`,
    source: 'aws.glue',
    'detail-type': 'Glue Job State Change',
    detail: { jobName: JOB, jobRunId, state: 'FAILED' },
  };
}

describe('the sweep', () => {
  it('starts nothing while no job has ended, though every gate would pass', async () => {
    expect(await invoke(SCHEDULED)).toMatchObject({ decision: 'skip', reason: 'nothing-ended' });
    expect(await fixture.runs()).toEqual([]);
  });

  it('launches once for a job whose event was lost, and not again until another ends', async () => {
    await endExport();
    const { decision, runId = '' } = await invoke(SCHEDULED);
    expect(decision).toBe('launch');
    await runEnded(runId);
    expect(await invoke(SCHEDULED)).toMatchObject({ decision: 'skip', reason: 'nothing-ended' });
    await endExport();
    expect(await invoke(SCHEDULED)).toMatchObject({ decision: 'launch' });
    expect(await fixture.runs()).toHaveLength(2);
  });

  it('refuses when the last job that ended has failed, as its event would have', async () => {
    await endExport('false');
    expect(await invoke(SCHEDULED)).toMatchObject({ decision: 'refuse', reason: 'dependency-failed' });
    expect(await fixture.runs()).toEqual([]);
  });
});

describe('the end of a run', () => {
  it('frees the lease of that run, and of no other', async () => {
    await endExport();
    const { runId = '' } = await invoke(SCHEDULED);
    const { records } = fixture.launcher();
    const phase = async () => (await records.lease())?.content.phase;
    const ended = await runEnded(runId);
    await invoke({ ...ended, detail: { jobName: JOB, jobRunId: 'jr_other', state: 'FAILED' } });
    expect(await phase()).toBe('running');
    expect(await invoke(ended)).toMatchObject({ decision: 'skip', reason: 'nothing-ended' });
    expect(await phase()).toBe('free');
  });

  it('launches for what ended while it was at work', async () => {
    await endExport();
    const { runId = '' } = await invoke(SCHEDULED);
    await endExport();
    expect(await invoke(await runEnded(runId))).toMatchObject({ decision: 'launch' });
    expect(await fixture.runs()).toHaveLength(2);
  });
});

it.each([
  ['no place of a spec', SCHEDULED, '', 'GLUEPOT_LAUNCH_SPEC is ""'],
  ['an event that is none', { hello: 'world' }, SPEC_URI, 'The event cannot be read'],
])('fails for %s, so that Lambda’s queue gets the event', async (_, event, specUri, message) => {
  await expect(invoke(event, specUri)).rejects.toThrow(message);
});
