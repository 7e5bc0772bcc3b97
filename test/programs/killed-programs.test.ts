// A gluepot that is killed leaves no programs behind, says what became of them, and goes on with what waited.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { processStartTime } from '../../src/processes/process-start-time.js';
import { defineJobs } from './define-jobs.js';

const folderOf = (name: string) => mkdtempSync(join(tmpdir(), `gluepot-${name}-`));

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (await condition()) return;
    await delay(10);
  }
  throw new Error('That did not come true in half a minute and more.');
}

it('jobs of a killed process failed with their host, are tried again where that is asked for, and leave no process', async () => {
  const dataDir = folderOf('killed-programs');
  const marker = join(dataDir, 'marker');
  const child = fileURLToPath(new URL('killed-programs.child.ts', import.meta.url));
  const { signal, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', child, dataDir, marker]);
  expect(signal, stderr.toString()).toBe('SIGKILL');
  const ids = JSON.parse(stdout.toString()) as Record<string, string>;

  // Nobody opens the folder, and nothing of it runs any more.
  const isOfJobs = (line: string) => line.includes('sleep 61.7');
  const commands = () => spawnSync('ps', ['-eo', 'args']).stdout.toString().split('\n');
  await until(() => !commands().some(isOfJobs));
  await until(() => processStartTime(Number(readFileSync(marker, 'utf8'))) === undefined);

  const aws = await openEmbedded({ dataDir });
  try {
    const { batch, logs } = aws.clients();
    const statusOf = async (name: string) => {
      const { jobs = [] } = await batch.describeJobs({ jobs: [ids[name] as string] });
      return {
        status: jobs[0]?.status,
        statusReason: jobs[0]?.statusReason,
        attempts: jobs[0]?.attempts?.length,
      };
    };
    const reason = 'Host EC2 (instance gluepot) terminated.';
    expect(await statusOf('long')).toEqual({ status: 'FAILED', statusReason: reason, attempts: 1 });
    expect(await statusOf('waiting')).toMatchObject({
      status: 'FAILED',
      statusReason: 'Dependent Job failed',
    });
    // Opening a data directory runs no programs.
    expect(await statusOf('retried')).toEqual({ status: 'RUNNABLE', statusReason: reason, attempts: 1 });
    expect(await statusOf('later')).toMatchObject({ status: 'PENDING' });
    expect(existsSync(`${marker}.again`)).toBe(false);
    expect(commands().filter(isOfJobs)).toEqual([]);

    await aws.listen({ port: 0 });
    await until(async () => (await statusOf('later')).status === 'SUCCEEDED');
    expect(await statusOf('retried')).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
    // The event that was not handled to its end is handled again.
    await until(() => existsSync(`${marker}.again`));
    const { logStreams = [] } = await logs.describeLogStreams({ logGroupName: '/aws/lambda/hangs' });
    expect(logStreams.length).toBeGreaterThanOrEqual(1);
  } finally {
    await aws.close();
    rmSync(dataDir, { recursive: true });
  }
});

it('closing ends jobs as a host that goes does, quickly, and the next start goes on', async () => {
  const dataDir = folderOf('closed-programs');
  try {
    const first = await openEmbedded({ dataDir });
    const { batch } = first.clients();
    await defineJobs(batch);
    const job = { jobName: 'job', jobQueue: 'queue' };
    const { jobId = '' } = await batch.submitJob({ ...job, jobDefinition: 'retried' });
    await until(async () => (await batch.describeJobs({ jobs: [jobId] })).jobs?.[0]?.status === 'RUNNING');
    // It would sleep for a minute: waiting for its end would time the test out.
    await first.close();

    const second = await openEmbedded({ dataDir });
    const again = second.clients().batch;
    expect((await again.describeJobs({ jobs: [jobId] })).jobs).toMatchObject([{ status: 'RUNNABLE' }]);
    // Also the next job brings the waiting ones on.
    await again.submitJob({ ...job, jobDefinition: 'quick' });
    await until(async () => (await again.describeJobs({ jobs: [jobId] })).jobs?.[0]?.status === 'SUCCEEDED');
    await second.close();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

it('a thousand jobs in chains of dependencies all run, each after the one before it', async () => {
  const aws = await openEmbedded();
  try {
    const { batch } = aws.clients();
    await defineJobs(batch);
    const [JOBS, CHAINS] = [1000, 10];
    const ids: string[] = [];
    for (let number = 0; number < JOBS; number++) {
      const before = ids[number - CHAINS];
      const { jobId = '' } = await batch.submitJob({
        jobName: `job-${number}`,
        jobQueue: 'queue',
        jobDefinition: 'quick',
        ...(before === undefined ? {} : { dependsOn: [{ jobId: before }] }),
      });
      ids.push(jobId);
    }
    const unfinished = async () => {
      for (const jobStatus of ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'] as const) {
        const { jobSummaryList = [] } = await batch.listJobs({ jobQueue: 'queue', jobStatus, maxResults: 1 });
        if (jobSummaryList.length > 0) return true;
      }
      return false;
    };
    while (await unfinished()) await delay(50);
    const jobs = new Map<string, { startedAt: number; stoppedAt: number; status: string }>();
    for (let from = 0; from < JOBS; from += 100) {
      const page = await batch.describeJobs({ jobs: ids.slice(from, from + 100) });
      for (const job of page.jobs ?? []) jobs.set(job.jobId as string, job as never);
    }
    expect([...jobs.values()].filter(({ status }) => status === 'SUCCEEDED')).toHaveLength(JOBS);
    for (const [number, jobId] of ids.entries()) {
      const before = jobs.get(ids[number - CHAINS] as string);
      if (before) expect(jobs.get(jobId)?.startedAt).toBeGreaterThanOrEqual(before.stoppedAt);
    }
  } finally {
    await aws.close();
  }
});
