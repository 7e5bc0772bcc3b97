// SubmitJob: what the job is to be, checked against its queue, definition and dependencies; then its rows.
import type { JobDependency, SubmitJobRequest } from '@aws-sdk/client-batch';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { clientError, notSupported } from './batch-error.js';
import { checkOverrides, requiredVcpus, resolveContainer } from './container.js';
import type { JobDefinitionRecord, JobDefinitionTable } from './job-definition.js';
import { DEPENDENCY_FAILED, type JobLifecycle } from './job-lifecycle.js';
import type { JobQueueTable } from './job-queue.js';
import { checkTimeout } from './job-timeout.js';
import { hasEnded, isArray, type BatchJob, type JobRequest, type JobTable, type NewJob } from './job.js';
import { checkName } from './name.js';
import { checkRetryStrategy } from './retry-decision.js';
import { checkedTags } from './tags.js';

export interface SubmitOptions {
  queues: JobQueueTable;
  definitions: JobDefinitionTable;
  jobs: JobTable;
  lifecycle: JobLifecycle;
  clock: Clock;
  ids: Ids;
}

// AWS docs: SubmitJob, dependsOn: "A job can depend upon a maximum of 20 jobs", and arrayProperties.
const DEPENDENCIES_MAX = 20;
const ARRAY_SIZE = { min: 2, max: 10_000 };

/** AWS docs: Batch, "job records ... are kept for at least seven days" after their end. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** The job with its children, in the statuses that its dependencies leave it in. @throws AwsError ClientException */
export function submitJob(state: State, input: Checked<SubmitJobRequest>, options: SubmitOptions): BatchJob {
  const { queues, definitions, jobs, lifecycle, clock, ids } = options;
  checkName('jobName', input.jobName);
  refuseUnsupported(input);
  checkOverrides(input.containerOverrides);
  checkRetryStrategy(input.retryStrategy);
  checkTimeout(input.timeout);
  return state.transaction(() => {
    const queue = queues.get(input.jobQueue);
    if (queue.state !== 'ENABLED') {
      throw clientError(`JobQueue ${queue.jobQueueName} is ${queue.state}: it accepts no jobs.`);
    }
    const definition = definitions.find(input.jobDefinition);
    if (definition?.status !== 'ACTIVE') {
      throw clientError(`JobDefinition ${input.jobDefinition} is not found, or is INACTIVE.`);
    }
    const request = requestOf(input, definition);
    const dependencies = request.dependsOn.map((dependency) => checkDependency(dependency, request, jobs));
    const nowMs = clock.now().getTime();
    jobs.forgetEnded(nowMs - KEPT_MS);

    const jobId = ids.uuid();
    const own: NewJob = {
      jobId,
      name: input.jobName,
      queue: queue.jobQueueName,
      definition: `${definition.jobDefinitionName}:${definition.revision}`,
      vcpus: requiredVcpus(request.container),
      createdMs: nowMs,
      status: 'SUBMITTED',
      progress: { attempts: [] },
    };
    jobs.insert({ ...own, request });
    for (let index = 0; index < (request.arraySize ?? 0); index++) {
      jobs.insert({ ...own, jobId: childId(jobId, index), parentId: jobId, index, status: 'PENDING' });
    }
    const job = jobs.find(jobId) as BatchJob;
    lifecycle.tell(job);

    const failedIds = dependencies.flatMap((dependency) => addWaits(job, dependency, jobs));
    const isBehind = failedIds.length > 0 || jobs.isWaiting(jobId);
    if (isArray(job) || isBehind) lifecycle.enter(job, 'PENDING');
    for (const failedId of failedIds) lifecycle.end(failedId, 'FAILED', DEPENDENCY_FAILED);
    const current = jobs.find(jobId) as BatchJob;
    lifecycle.release(current);
    return jobs.find(jobId) as BatchJob;
  });
}

function childId(parentId: string, index: number): string {
  return `${parentId}:${index}`;
}

function requestOf(input: Checked<SubmitJobRequest>, definition: JobDefinitionRecord): JobRequest {
  const parameters = { ...definition.parameters, ...input.parameters };
  const arraySize = input.arrayProperties?.size;
  if (arraySize !== undefined && (arraySize < ARRAY_SIZE.min || arraySize > ARRAY_SIZE.max)) {
    throw clientError(
      `arrayProperties.size must be between ${ARRAY_SIZE.min} and ${ARRAY_SIZE.max}, not ${arraySize}.`,
    );
  }
  const dependsOn = input.dependsOn ?? [];
  if (dependsOn.length > DEPENDENCIES_MAX) {
    throw clientError(`A job depends on at most ${DEPENDENCIES_MAX} jobs, not ${dependsOn.length}.`);
  }
  const retryStrategy = input.retryStrategy ?? definition.retryStrategy;
  const timeoutSeconds = (input.timeout ?? definition.timeout)?.attemptDurationSeconds;
  const propagateTags = input.propagateTags ?? definition.propagateTags;
  return {
    container: resolveContainer(definition.containerProperties, input.containerOverrides, parameters),
    dependsOn,
    parameters,
    tags: checkedTags(input.tags),
    ...(arraySize === undefined ? {} : { arraySize }),
    ...(retryStrategy ? { retryStrategy } : {}),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(propagateTags === undefined ? {} : { propagateTags }),
    ...(definition.platformCapabilities ? { platformCapabilities: definition.platformCapabilities } : {}),
    ...(definition.schedulingPriority === undefined
      ? {}
      : { schedulingPriority: definition.schedulingPriority }),
  };
}

interface CheckedDependency {
  type: JobDependency['type'];
  /** Undefined for SEQUENTIAL. */
  on?: BatchJob;
}

function checkDependency(
  { jobId, type }: JobDependency,
  request: JobRequest,
  jobs: JobTable,
): CheckedDependency {
  const isArray = request.arraySize !== undefined;
  if (type !== undefined && !isArray) {
    throw clientError(`A dependency of type ${type} is for array jobs; give arrayProperties, or no type.`);
  }
  if (type === 'SEQUENTIAL') {
    if (jobId === undefined) return { type };
    throw clientError('A SEQUENTIAL dependency has no jobId: it is among the children of the array itself.');
  }
  if (jobId === undefined) throw clientError('A dependency must have a jobId, or the type SEQUENTIAL.');
  const on = jobs.find(jobId);
  if (!on) throw clientError(`Job ${jobId}, which the job depends on, does not exist.`);
  if (type === 'N_TO_N' && on.request.arraySize !== request.arraySize) {
    throw clientError(
      `An N_TO_N dependency is on an array of the same size: ${jobId} has ${on.request.arraySize ?? 'no'} children, ` +
        `the job ${request.arraySize}.`,
    );
  }
  return { type, on };
}

/** Rows for what has not ended. Gives the ids, the job's own or its children's, of which a dependency failed already. */
function addWaits(job: BatchJob, { type, on }: CheckedDependency, jobs: JobTable): string[] {
  const indexes = Array.from({ length: job.request.arraySize ?? 0 }, (_, index) => index);
  if (!on) {
    for (const index of indexes.slice(1)) jobs.wait(childId(job.jobId, index), childId(job.jobId, index - 1));
    return [];
  }
  if (type === 'N_TO_N') {
    return indexes.flatMap((index) =>
      waitOrFail(childId(job.jobId, index), jobs.find(childId(on.jobId, index)), jobs),
    );
  }
  return waitOrFail(job.jobId, on, jobs);
}

function waitOrFail(waitingId: string, on: BatchJob | undefined, jobs: JobTable): string[] {
  if (on?.status === 'FAILED') return [waitingId];
  if (on && !hasEnded(on)) jobs.wait(waitingId, on.jobId);
  return [];
}

function refuseUnsupported(input: Checked<SubmitJobRequest>): void {
  if (input.shareIdentifier !== undefined || input.schedulingPriorityOverride !== undefined) {
    throw clientError(
      'shareIdentifier and schedulingPriorityOverride are for queues with a scheduling policy, which are not supported ' +
        'here; leave them out.',
    );
  }
  for (const member of [
    'nodeOverrides',
    'eksPropertiesOverride',
    'ecsPropertiesOverride',
    'consumableResourcePropertiesOverride',
  ] as const) {
    if (input[member]) throw notSupported(member, 'use containerOverrides');
  }
}
