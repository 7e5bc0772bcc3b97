// Definitions, queues and compute environments as they are kept, changed and deleted.
import type { RegisterJobDefinitionCommandInput } from '@aws-sdk/client-batch';
import { afterAll, describe, expect, it } from 'vitest';
import { openBatchFixture } from '../../../test/batch/batch-fixture.js';

const { batch, define, submit, ended, close } = await openBatchFixture();
afterAll(close);

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
