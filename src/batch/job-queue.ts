// Job queues: which compute environments run the jobs that wait in it, and which queue comes first.
import type {
  ComputeEnvironmentOrder,
  CreateJobQueueRequest,
  JobQueueDetail,
  UpdateJobQueueRequest,
} from '@aws-sdk/client-batch';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { batchArn, nameOfArn, type ArnScope } from './batch-arn.js';
import { clientError, notSupported } from './batch-error.js';
import type { ComputeEnvironmentTable } from './compute-environment.js';
import { checkName } from './name.js';
import { checkedTags, type TagMap } from './tags.js';

export type JobQueue = Checked<JobQueueDetail> & Required<Pick<JobQueueDetail, 'state' | 'status' | 'tags'>>;

export interface JobQueueTable {
  /** @throws AwsError ClientException */
  create(input: Checked<CreateJobQueueRequest>): JobQueue;
  /** @throws AwsError ClientException */
  update(input: Checked<UpdateJobQueueRequest>): JobQueue;
  find(nameOrArn: string): JobQueue | undefined;
  /** @throws AwsError ClientException */
  get(nameOrArn: string): JobQueue;
  /** In name order, those after the name `after`. */
  list(options: { after?: string; count: number }): JobQueue[];
  setTags(name: string, tags: TagMap): void;
  /** Nothing happens when it is not there. @throws AwsError ClientException while it is ENABLED */
  delete(nameOrArn: string): void;
}

// AWS docs: Batch service quotas, "Number of compute environments per job queue".
const ENVIRONMENTS_MAX = 3;

export function openJobQueues(
  state: State,
  { environments, ...scope }: ArnScope & { environments: ComputeEnvironmentTable },
): JobQueueTable {
  const records = openDocuments<JobQueue>(state, 'batch-job-queue');
  const find = (nameOrArn: string) => records.get(nameOfArn('job-queue', nameOrArn));
  const get = (nameOrArn: string) => {
    const queue = find(nameOrArn);
    if (!queue) throw clientError(`JobQueue ${nameOrArn} not found`);
    return queue;
  };

  const orderOf = (order: Checked<ComputeEnvironmentOrder[]> | undefined) => {
    if (!order || order.length === 0 || order.length > ENVIRONMENTS_MAX) {
      throw clientError(
        `computeEnvironmentOrder must have 1 to ${ENVIRONMENTS_MAX} compute environments, not ${order?.length ?? 0}.`,
      );
    }
    const named = order.map(({ order: place, computeEnvironment }) => {
      const environment = environments.find(computeEnvironment);
      if (!environment) throw clientError(`computeEnvironment ${computeEnvironment} does not exist`);
      return { order: place, computeEnvironment: environment.computeEnvironmentArn };
    });
    return named.sort((a, b) => a.order - b.order);
  };

  return {
    create(input) {
      const { jobQueueName: name, priority, state: wanted = 'ENABLED', tags } = input;
      checkName('jobQueueName', name);
      refuseUnsupported(input);
      const queue: JobQueue = {
        jobQueueName: name,
        jobQueueArn: batchArn(scope, 'job-queue', name),
        state: wanted,
        status: 'VALID',
        statusReason: 'JobQueue Healthy',
        priority,
        computeEnvironmentOrder: orderOf(input.computeEnvironmentOrder),
        tags: checkedTags(tags),
      };
      state.transaction(() => {
        if (records.get(name)) throw clientError('Object already exists');
        records.put(name, queue);
      });
      return queue;
    },
    update(input) {
      refuseUnsupported(input);
      return state.transaction(() => {
        const queue = get(input.jobQueue);
        const changed: JobQueue = {
          ...queue,
          ...(input.state === undefined ? {} : { state: input.state }),
          ...(input.priority === undefined ? {} : { priority: input.priority }),
          ...(input.computeEnvironmentOrder === undefined
            ? {}
            : { computeEnvironmentOrder: orderOf(input.computeEnvironmentOrder) }),
        };
        records.put(changed.jobQueueName, changed);
        return changed;
      });
    },
    find,
    get,
    list: ({ after, count }) =>
      records.list({ count, ...(after === undefined ? {} : { after }) }).map(({ document }) => document),
    setTags(name, tags) {
      const queue = records.get(name);
      if (queue) records.put(name, { ...queue, tags: checkedTags(tags) });
    },
    delete(nameOrArn) {
      const queue = find(nameOrArn);
      if (!queue) return;
      if (queue.state !== 'DISABLED') throw clientError('Cannot delete, job queue state must be DISABLED');
      records.delete(queue.jobQueueName);
    },
  };
}

function refuseUnsupported(input: Checked<Omit<CreateJobQueueRequest, 'jobQueueName' | 'priority'>>): void {
  if (input.schedulingPolicyArn !== undefined) {
    throw notSupported(
      'A scheduling policy',
      'queues are first in, first out: leave schedulingPolicyArn out',
    );
  }
  if (input.jobStateTimeLimitActions?.length) {
    throw notSupported('jobStateTimeLimitActions', 'leave it out');
  }
  if (input.serviceEnvironmentOrder?.length || input.jobQueueType === 'SAGEMAKER_TRAINING') {
    throw notSupported('A queue of service jobs', 'give computeEnvironmentOrder');
  }
}
