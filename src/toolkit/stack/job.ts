// A stack's jobs; their members are those of AWS's CreateJob.
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  DeleteJobCommand,
  GetJobCommand,
  paginateGetJobRuns,
  UpdateJobCommand,
  type CreateJobRequest,
  type JobUpdate,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { retryAssumeRole } from './assume-role-retry.js';
import { glueOwnership, tagAsAdopted } from './glue-tags.js';
import { JOB_RUN_END_STATES } from './job-run.js';
import { ownershipTags } from './ownership.js';
import { poll } from '../../aws/poll.js';
import type { Members, ResourceHandler } from './resource.js';
import type { StackScope } from './stack-scope.js';

const STOP_TIMEOUT_MS = 10 * 60_000;

/** The members in a form in which two ways to say the same are equal: roles by name. */
export function comparableJob(members: Members): Members {
  return { ...members, Role: (members.Role as string | undefined)?.split('/').at(-1) };
}

export function jobHandler(scope: StackScope): ResourceHandler {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  return {
    async observe(name) {
      try {
        const { Job } = await glue.send(new GetJobCommand({ JobName: name }), { abortSignal });
        const ownership = await glueOwnership(scope, 'job', name);
        return { kind: 'job', name, members: { ...Job }, ownership };
      } catch (error) {
        if (isAwsError(error, 'EntityNotFoundException')) return undefined;
        throw error;
      }
    },
    async create({ members }) {
      const request = { ...(members as unknown as CreateJobRequest), Tags: ownershipTags(scope) };
      await retryAssumeRole(scope, () => glue.send(new CreateJobCommand(request), { abortSignal }));
    },
    async update({ name, members }) {
      // UpdateJob replaces the whole definition: what it is not given goes back to AWS's default.
      const JobUpdate: JobUpdate & Members = { ...members };
      delete JobUpdate.Name;
      await retryAssumeRole(scope, () =>
        glue.send(new UpdateJobCommand({ JobName: name, JobUpdate }), { abortSignal }),
      );
    },
    adopt: (name) => tagAsAdopted(scope, 'job', name),
    async delete(name) {
      await stopRuns(scope, name);
      // DeleteJob answers a job that is not there as deleted.
      await glue.send(new DeleteJobCommand({ JobName: name }), { abortSignal });
    },
  };
}

async function stopRuns(scope: StackScope, JobName: string): Promise<void> {
  const asked = new Set<string>();
  await poll(scope, { what: `the runs of job ${JobName} to stop`, timeoutMs: STOP_TIMEOUT_MS }, async () => {
    const running = await runningRuns(scope, JobName);
    const fresh = running.filter((id) => !asked.has(id));
    // BatchStopJobRun takes at most 25 runs.
    for (let start = 0; start < fresh.length; start += 25) {
      const JobRunIds = fresh.slice(start, start + 25);
      await scope.clients.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds }), {
        abortSignal: scope.signal,
      });
      for (const id of JobRunIds) asked.add(id);
    }
    return running.length === 0 ? { done: true } : { state: `${running.length} running` };
  });
}

async function runningRuns(scope: StackScope, JobName: string): Promise<string[]> {
  const running: string[] = [];
  try {
    for await (const page of paginateGetJobRuns({ client: scope.clients.glue }, { JobName })) {
      for (const run of page.JobRuns ?? []) {
        if (!JOB_RUN_END_STATES.has(run.JobRunState as string)) running.push(run.Id as string);
      }
    }
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
  }
  return running;
}
