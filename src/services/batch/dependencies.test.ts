// Jobs that wait for others, and arrays of jobs.
import { afterAll, describe, expect, it } from 'vitest';
import { openBatchFixture } from '../../../test/batch/batch-fixture.js';

const { batch, define, submit, describeJob, until, ended, linesOf, close } = await openBatchFixture();
afterAll(close);

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
