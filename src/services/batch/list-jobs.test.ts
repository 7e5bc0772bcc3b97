// Jobs found by their queue, status and filters, in pages.
import { afterAll, describe, expect, it } from 'vitest';
import { openBatchFixture } from '../../../test/batch/batch-fixture.js';

const { batch, define, submit, until, ended, close } = await openBatchFixture();
afterAll(close);

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
