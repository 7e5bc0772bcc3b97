// A thousand Batch jobs in chains of dependencies, against the bare start of as many programs.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Batch } from '@aws-sdk/client-batch';
import { SLOT_COUNT } from '../src/batch/open-batch.js';
import type { Bench, BenchContext } from './bench.js';
import { sendAll } from './load.js';
import { compare, interleave, timeMs } from './measure.js';
import { startGluepot } from './server-process.js';

const CHAIN_COUNT = 10;
const SPAWN_PROGRAMS = fileURLToPath(new URL('spawn-programs.mjs', import.meta.url));

export const batchChains: Bench = {
  name: 'batch-chains',
  summary: 'Batch jobs in ten chains of dependencies, from the first submit to the last success',
  async run(context) {
    const chainLength = context.isQuick ? 10 : 100;
    const jobCount = CHAIN_COUNT * chainLength;
    const runChains = await openChains(context, chainLength);
    const samples = await interleave(
      { gluepot: () => timeMs(runChains), bare: () => Promise.resolve(spawnPrograms(jobCount)) },
      { rounds: context.isQuick ? 1 : 3, warmUpRounds: 1 },
    );
    return [
      compare({
        name: `${jobCount} Batch jobs in ${CHAIN_COUNT} chains`,
        unit: 'ms',
        measured: samples.gluepot,
        limit: { name: 'spawn() of as many programs', samples: samples.bare },
        target: { atMost: 4 },
      }),
    ];
  },
};

async function openChains(context: BenchContext, chainLength: number): Promise<() => Promise<void>> {
  const server = await startGluepot(context, { dataDir: join(context.folder, 'batch-chains') });
  const batch = new Batch({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  context.defer(() => batch.destroy());
  await batch.createComputeEnvironment({ computeEnvironmentName: 'env', type: 'UNMANAGED' });
  await batch.createJobQueue({
    jobQueueName: 'queue',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
  });
  await batch.registerJobDefinition({
    jobDefinitionName: 'true',
    type: 'container',
    containerProperties: { image: 'busybox', command: ['true'], vcpus: 1, memory: 64 },
  });
  const runChain = async () => {
    let last: string | undefined;
    for (let link = 0; link < chainLength; link++) {
      const { jobId } = await batch.submitJob({
        jobName: `link-${link}`,
        jobQueue: 'queue',
        jobDefinition: 'true',
        ...(last === undefined ? {} : { dependsOn: [{ jobId: last }] }),
      });
      last = jobId;
    }
    for (;;) {
      const { jobs = [] } = await batch.describeJobs({ jobs: [last as string] });
      if (jobs[0]?.status === 'SUCCEEDED') return;
      if (jobs[0]?.status === 'FAILED') throw new Error(`A job failed: ${jobs[0].statusReason}`);
      await delay(20);
    }
  };
  return () => sendAll({ connections: CHAIN_COUNT, count: CHAIN_COUNT }, runChain).then(() => {});
}

function spawnPrograms(count: number): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [
    SPAWN_PROGRAMS,
    String(count),
    String(SLOT_COUNT),
  ]);
  if (status !== 0) throw new Error(`Programs could not be started: ${stderr.toString()}`);
  return Number(stdout.toString());
}
