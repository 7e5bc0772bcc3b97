// From SubmitJob to a job that runs.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Batch } from '@aws-sdk/client-batch';
import type { Bench } from './bench.js';
import { compare, interleave } from './measure.js';
import { startGluepot } from './server-process.js';

/** How often the bench asks whether it runs: what is measured is up to that much too long. */
const POLL_MS = 2;

export const batchSubmit: Bench = {
  name: 'batch-submit',
  summary: 'SubmitJob until DescribeJobs has it RUNNING',
  async run(context) {
    const server = await startGluepot(context, { dataDir: join(context.folder, 'data') });
    const batch = new Batch({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await batch.createComputeEnvironment({ computeEnvironmentName: 'env', type: 'UNMANAGED' });
    await batch.createJobQueue({
      jobQueueName: 'queue',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
    });
    await batch.registerJobDefinition({
      jobDefinitionName: 'sleep',
      type: 'container',
      containerProperties: { image: 'busybox', command: ['sleep', '60'], vcpus: 1, memory: 64 },
    });
    const submitToRunning = async () => {
      const begin = performance.now();
      const { jobId = '' } = await batch.submitJob({
        jobName: 'job',
        jobQueue: 'queue',
        jobDefinition: 'sleep',
      });
      const statusOf = async () => (await batch.describeJobs({ jobs: [jobId] })).jobs?.[0]?.status;
      let status = await statusOf();
      for (; status !== 'RUNNING'; status = await statusOf()) {
        if (status === 'FAILED') throw new Error(`The job ${jobId} failed instead of running.`);
        await delay(POLL_MS);
      }
      const durationMs = performance.now() - begin;
      await batch.terminateJob({ jobId, reason: 'measured' });
      while ((await statusOf()) === 'RUNNING') await delay(POLL_MS);
      return durationMs;
    };
    const { gluepot } = await interleave(
      { gluepot: submitToRunning },
      { rounds: context.isQuick ? 5 : 30, warmUpRounds: 2 },
    );
    batch.destroy();
    await server.stop();
    return [
      compare({
        name: 'a Batch job from submit to RUNNING',
        unit: 'ms',
        measured: gluepot,
        limit: { name: 'allowed', samples: 100 },
        target: { atMost: 1 },
      }),
    ];
  },
};
