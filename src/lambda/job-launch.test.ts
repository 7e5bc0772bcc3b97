// The launch function, called as Lambda calls it, against the embedded AWS and Batch jobs that really end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOB, openLaunchFixture, type LaunchFixture } from '../../test/job-launch/launch-fixture.js';
import { handleJobLaunch, type JobLaunchResult, type SpecPlace } from './job-launch.js';

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

const invoke = (
  event: unknown,
  place: SpecPlace = { specUri: SPEC_URI, environment: {} },
): Promise<JobLaunchResult> =>
  handleJobLaunch({ clients: fixture.aws.clients(), clock: fixture.clock, log: () => {} }, place, event, {
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

  it('names the queue as events do, so that a pattern of queues’ ARNs takes it', async () => {
    const on = (name: string) =>
      `on: { detail: { jobQueue: ["arn:aws:batch:us-east-1:123456789012:job-queue/${name}"] } }\n`;
    await endExport();
    await fixture.put('launch.yaml', `${on('others')}${SPEC.trim()}`);
    expect(await invoke(SCHEDULED)).toMatchObject({ decision: 'skip', reason: 'other-event' });
    await fixture.put('launch.yaml', `${on('exports')}${SPEC.trim()}`);
    expect(await invoke(SCHEDULED)).toMatchObject({ decision: 'launch' });
  });

  it('forgets events that AWS cannot deliver again, and no younger ones', async () => {
    await endExport();
    await invoke(SCHEDULED);
    expect(await fixture.keys('launch/claims/')).toHaveLength(1);
    fixture.later(14 * 24 * 60);
    await invoke(SCHEDULED);
    expect(await fixture.keys('launch/claims/')).toHaveLength(1);
    fixture.later(2 * 24 * 60);
    await invoke(SCHEDULED);
    expect(await fixture.keys('launch/claims/')).toEqual([]);
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

it('launches by the variables of a preset, without a spec', async () => {
  const environment = {
    GLUEPOT_LAUNCH_PRESET: 'manifest',
    JOB_QUEUE_DEPENDENCIES: 'exports',
    ETL_GLUE_JOB_NAME: JOB,
    MANIFEST_S3_BUCKET: 'lake',
    MANIFEST_S3_PREFIX: 'manifest',
    MANIFEST_DELETION_PREFIXES: 'results/',
    MANIFEST_S3_INPUT_LOCATION_IMPORT: 's3://lake/import/',
    MANIFEST_S3_INPUT_LOCATION_EXPORT: 's3://lake/export/',
    MANIFEST_COMPARISON_IMPORT_TYPE: 'historic',
    MANIFEST_COMPARISON_SNAPSHOT_TYPE: 'full',
    MANIFEST_COMPARISON_CUT_OFF_DATE_START: '2024-05-01 00:00:00',
    MANIFEST_COMPARISON_CUT_OFF_DATE_END: '2024-05-02 00:00:00',
  };
  await fixture.put('manifest/results/yesterday');
  await endExport();
  fixture.clock.sleep = () => Promise.resolve();
  const { decision } = await invoke(SCHEDULED, { specUri: undefined, environment });
  expect(decision).toBe('launch');
  expect(await fixture.keys('manifest/')).toEqual([]);
  expect((await fixture.runs())[0]?.Arguments).toMatchObject({
    '--cut_off_time_start': '1714521600000',
    '--cut_off_time_end': '1714608000000',
    '--margin_of_error': '1714608120000',
    '--import_type': 'historic',
    '--snapshot_type': 'full',
    '--import_prefix': 's3://lake/import',
    '--export_prefix': 's3://lake/export',
    '--enable-metrics': '',
  });
});

it.each([
  ['no place of a spec', SCHEDULED, { specUri: '', environment: {} }, 'GLUEPOT_LAUNCH_SPEC is ""'],
  [
    'a preset that there is not',
    SCHEDULED,
    { specUri: undefined, environment: { GLUEPOT_LAUNCH_PRESET: 'nightly' } },
    'GLUEPOT_LAUNCH_PRESET is "nightly"',
  ],
  [
    'a spec and a preset',
    SCHEDULED,
    { specUri: SPEC_URI, environment: { GLUEPOT_LAUNCH_PRESET: 'manifest' } },
    'GLUEPOT_LAUNCH_PRESET is set alone',
  ],
  [
    'a spec that is not there',
    SCHEDULED,
    { specUri: 's3://lake/none.yaml', environment: {} },
    'There is no s3://lake',
  ],
  ['an event that is none', { hello: 'world' }, undefined, 'The event cannot be read'],
])('fails for %s, so that Lambda’s queue gets the event', async (_, event, place, message) => {
  await expect(invoke(event, place)).rejects.toThrow(message);
});
