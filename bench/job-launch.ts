// What a launch costs before it starts anything: an event that nobody acts on, queues with ten thousand jobs behind them, the bundle.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Batch } from '@aws-sdk/client-batch';
import { systemClock } from '../src/base/clock.js';
import { randomIds } from '../src/base/ids.js';
import { mapConcurrently } from '../src/base/map-concurrently.js';
import { openDocumentStore } from '../src/change/index.js';
import { connect } from '../src/connect.js';
import { openEmbedded } from '../src/embedded.js';
import { observeQueues } from '../src/toolkit/job-launch/gates/batch-queues-drained.js';
import {
  launch,
  openLaunchRecords,
  parseLaunchEvent,
  parseLaunchSpec,
} from '../src/toolkit/job-launch/index.js';
import type { Bench, BenchContext } from './bench.js';
import { compare, interleave, timeMs } from './measure.js';
import { startGluepot } from './server-process.js';

const QUEUES = Array.from({ length: 20 }, (_, index) => `queue-${index}`);
const JOBS = 10_000;
const EVENTS = 500;
const BUNDLE = fileURLToPath(new URL('../dist/function-bundles/job-launch/job-launch.js', import.meta.url));

export const jobLaunch: Bench = {
  name: 'job-launch',
  summary: 'an event that is ignored, 20 drained queues of 10,000 jobs, the size of the bundle',
  async run(context) {
    const rounds = context.isQuick ? 3 : 10;
    const ignoredMs = await ignoredEvents(context, rounds);
    const jobCount = context.isQuick ? JOBS / 10 : JOBS;
    context.note(`ending ${jobCount} jobs`);
    const full = await openQueues(context, 'full', jobCount);
    const empty = await openQueues(context, 'empty', 0);
    const looks = await interleave({ full: full.look, empty: empty.look }, { rounds, warmUpRounds: 2 });
    if (full.callCount() !== empty.callCount()) {
      throw new Error(
        `${full.callCount()} calls were made for ${jobCount} jobs, ${empty.callCount()} for none.`,
      );
    }
    return [
      compare({
        name: 'launch of an event that is ignored',
        unit: 'ms',
        measured: ignoredMs,
        limit: { name: 'allowed', samples: 5 },
        target: { atMost: 1 },
      }),
      compare({
        name: `drained check of ${QUEUES.length} queues, ${jobCount.toLocaleString('en-US')} jobs ended, as many calls`,
        unit: 'ms',
        measured: looks.full,
        limit: { name: 'no jobs ever', samples: looks.empty },
        target: { atMost: 1.5 },
      }),
      compare({
        name: 'bundle of the launch function, compressed',
        unit: 'MB',
        measured: [gzipSync(readFileSync(BUNDLE)).length / 1_000_000],
        limit: { name: 'allowed', samples: 1 },
        target: { atMost: 1 },
      }),
    ];
  },
};

/** Milliseconds an event, round by round. */
async function ignoredEvents({ folder, defer }: BenchContext, rounds: number): Promise<number[]> {
  const aws = await openEmbedded({ dataDir: join(folder, 'ignored') });
  defer(() => aws.close());
  const clients = aws.clients();
  const text = `{ name: nightly, state: ${join(folder, 'state')}, require: [{ batchQueuesDrained: { queues: [exports] } }], start: { job: etl } }`;
  const spec = await parseLaunchSpec(text, 'launch.yaml', () =>
    Promise.reject(new Error('It names no file.')),
  );
  const records = openLaunchRecords(openDocumentStore(spec.state, clients));
  const scope = { clients, clock: systemClock, ids: randomIds };
  const one = async (index: number) => {
    const event = parseLaunchEvent({
      id: `event-${index}`,
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      detail: { jobName: 'export', jobQueue: 'exports', status: 'RUNNING' },
    });
    const { reason } = await launch(scope, { spec, records, event });
    if (reason !== 'status-ignored') throw new Error(`The event was not ignored, but ${reason}.`);
  };
  const round = () =>
    timeMs(async () => {
      for (let index = 0; index < EVENTS; index++) await one(index);
    });
  const { gluepot } = await interleave({ gluepot: round }, { rounds, warmUpRounds: 1 });
  return gluepot.map((ms) => ms / EVENTS);
}

/** Queues of a server of their own, with so many jobs that have ended. */
async function openQueues(context: BenchContext, name: string, jobCount: number) {
  const { endpoint } = await startGluepot(context, { dataDir: join(context.folder, name) });
  const { clients, close } = await connect({ target: 'local', endpointUrl: endpoint });
  context.defer(close);
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const batch = new Batch({ endpoint, region: 'us-east-1', credentials });
  context.defer(() => batch.destroy());
  // Nothing runs in it: jobs wait until they are cancelled.
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'none',
    type: 'UNMANAGED',
    state: 'DISABLED',
  });
  await batch.registerJobDefinition({
    jobDefinitionName: 'nothing',
    type: 'container',
    containerProperties: { image: 'busybox', command: ['true'], vcpus: 1, memory: 64 },
  });
  for (const jobQueueName of QUEUES) {
    await batch.createJobQueue({
      jobQueueName,
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'none' }],
    });
  }
  await mapConcurrently(
    Array.from({ length: jobCount }, (_, index) => index),
    8,
    async (index) => {
      const jobQueue = QUEUES[index % QUEUES.length];
      const { jobId } = await batch.submitJob({ jobName: 'job', jobQueue, jobDefinition: 'nothing' });
      await batch.cancelJob({ jobId, reason: 'enough' });
    },
  );
  let callCount = 0;
  clients.batch.middlewareStack.add(
    (next) => (call) => {
      callCount++;
      return next(call);
    },
    { step: 'initialize', name: 'count-calls' },
  );
  return {
    callCount: () => callCount,
    look: () =>
      timeMs(async () => {
        const scope = { clients, clock: systemClock, ids: randomIds };
        const states = await observeQueues(scope, { queues: QUEUES, settleSeconds: 0 });
        const busy = states.find(({ busyIn }) => busyIn !== undefined);
        if (busy) throw new Error(`Queue ${busy.queue} still has a job that is ${busy.busyIn}.`);
      }),
  };
}
