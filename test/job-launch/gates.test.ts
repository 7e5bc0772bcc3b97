// The gates that ask Batch and the clock: drained queues through a real Batch, windows as a table.
import { describe, expect, it } from 'vitest';
import { manualClock, systemClock } from '../../src/base/clock.js';
import { randomIds } from '../../src/base/ids.js';
import { openEmbedded } from '../../src/embedded.js';
import { decideSucceeded } from '../../src/toolkit/job-launch/gates/batch-jobs-succeeded.js';
import { decideDrained, observeQueues } from '../../src/toolkit/job-launch/gates/batch-queues-drained.js';
import { decideTimeWindow } from '../../src/toolkit/job-launch/gates/time-window.js';

describe('a time window', () => {
  it.each([
    ['02:00', '06:00', 'UTC', '2024-05-01T01:59:00Z', 'wait'],
    ['02:00', '06:00', 'UTC', '2024-05-01T02:00:00Z', 'pass'],
    ['02:00', '06:00', 'UTC', '2024-05-01T06:00:00Z', 'wait'],
    ['22:00', '06:00', 'UTC', '2024-05-01T23:30:00Z', 'pass'],
    ['22:00', '06:00', 'UTC', '2024-05-01T12:00:00Z', 'wait'],
    ['00:00', '00:00', 'UTC', '2024-05-01T12:00:00Z', 'pass'],
    // Summer time: London is an hour ahead of UTC.
    ['02:00', '06:00', 'Europe/London', '2024-05-01T01:30:00Z', 'pass'],
    ['02:00', '06:00', 'Europe/London', '2024-01-01T01:30:00Z', 'wait'],
  ])('from %s to %s in %s at %s: %s', (from, to, timeZone, now, verdict) => {
    expect(decideTimeWindow({ from, to, timeZone }, new Date(now)).verdict).toBe(verdict);
  });
});

describe('jobs by name', () => {
  const now = new Date('2024-05-01T12:00:00Z');
  const at = (status: string, hoursAgo = 1) => ({
    jobId: 'id',
    status: status as 'FAILED',
    createdAt: now.getTime() - hoursAgo * 3_600_000,
  });
  it.each([
    ['all succeeded', [at('SUCCEEDED'), at('SUCCEEDED')], 'pass', 'succeeded'],
    ['one failed', [at('SUCCEEDED'), at('FAILED')], 'block', 'job-failed'],
    ['one is at work', [at('SUCCEEDED'), at('RUNNING')], 'wait', 'job-not-ended'],
    ['one is of the day before', [at('SUCCEEDED'), at('SUCCEEDED', 25)], 'wait', 'job-missing'],
    ['one is not there', [at('SUCCEEDED'), undefined], 'wait', 'job-missing'],
  ] as const)('%s', (_, jobs, verdict, reason) => {
    const newest = jobs.map((job, index) => ({ jobName: `job-${index}`, job }));
    expect(decideSucceeded(newest, { withinHours: 24 }, now)).toMatchObject({ verdict, reason });
  });
});

describe('drained queues', () => {
  const spec = { queues: ['exports'], settleSeconds: 0 };

  async function openBatch() {
    const aws = await openEmbedded();
    const clients = aws.clients();
    await clients.batch.createComputeEnvironment({
      computeEnvironmentName: 'local',
      type: 'MANAGED',
      state: 'ENABLED',
      computeResources: { type: 'FARGATE', maxvCpus: 4, subnets: ['s'], securityGroupIds: ['g'] },
    });
    await clients.batch.createJobQueue({
      jobQueueName: 'exports',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'local' }],
    });
    return { aws, clients, scope: { clients, clock: systemClock, ids: randomIds } };
  }

  it('have no job in any status before its end', async () => {
    const { aws, clients, scope } = await openBatch();
    expect(decideDrained(await observeQueues(scope, spec), spec).reason).toBe('drained');
    await clients.batch.registerJobDefinition({
      jobDefinitionName: 'sleeper',
      type: 'container',
      containerProperties: {
        image: 'local',
        command: ['sleep', '60'],
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '64' },
        ],
      },
    });
    const { jobId } = await clients.batch.submitJob({
      jobName: 'export',
      jobQueue: 'exports',
      jobDefinition: 'sleeper',
    });
    expect(decideDrained(await observeQueues(scope, spec), spec)).toMatchObject({
      verdict: 'wait',
      reason: 'queue-not-drained',
    });
    await clients.batch.terminateJob({ jobId, reason: 'enough' });
    await aws.close();
  });

  it('that nothing came to are empty, but not done', async () => {
    const { aws, scope } = await openBatch();
    const active = { ...spec, activeWithinMinutes: 60 };
    expect(decideDrained(await observeQueues(scope, active), active)).toMatchObject({
      verdict: 'wait',
      reason: 'queue-without-activity',
    });
    await aws.close();
  });

  it('are looked at twice, with the settling time between', async () => {
    const { aws, clients } = await openBatch();
    const clock = manualClock();
    const lookedAt: number[] = [];
    clients.batch.middlewareStack.add(
      (next) => (call) => {
        lookedAt.push(clock.now().getTime());
        return next(call);
      },
      { step: 'initialize' },
    );
    const seen = observeQueues({ clients, clock, ids: randomIds }, { ...spec, settleSeconds: 30 });
    await expect.poll(() => lookedAt.length).toBe(5);
    // The clock is moved only when the observer sleeps on it.
    await clock.advance(30_000);
    await seen;
    expect(lookedAt.map((ms) => ms - (lookedAt[0] ?? 0))).toEqual([
      0, 0, 0, 0, 0, 30_000, 30_000, 30_000, 30_000, 30_000,
    ]);
    await aws.close();
  });
});
