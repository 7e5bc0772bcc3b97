// Compute environments: how many vCPUs the jobs of a queue may use at once.
import type {
  ComputeEnvironmentDetail,
  ComputeResource,
  CreateComputeEnvironmentRequest,
  UpdateComputeEnvironmentRequest,
} from '@aws-sdk/client-batch';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { batchArn, nameOfArn, type ArnScope } from './batch-arn.js';
import { clientError, notSupported } from './batch-error.js';
import { checkName } from './name.js';
import { checkedTags, type TagMap } from './tags.js';

export type ComputeEnvironment = Checked<ComputeEnvironmentDetail> &
  Required<Pick<ComputeEnvironmentDetail, 'state' | 'status' | 'type' | 'tags'>>;

export interface ComputeEnvironmentTable {
  /** @throws AwsError ClientException */
  create(input: Checked<CreateComputeEnvironmentRequest>): ComputeEnvironment;
  /** @throws AwsError ClientException */
  update(input: Checked<UpdateComputeEnvironmentRequest>): ComputeEnvironment;
  find(nameOrArn: string): ComputeEnvironment | undefined;
  /** In name order, those after the name `after`. */
  list(options: { after?: string; count: number }): ComputeEnvironment[];
  setTags(name: string, tags: TagMap): void;
  /** Nothing happens when it is not there. @throws AwsError ClientException while it is ENABLED */
  delete(nameOrArn: string): void;
}

/** How many vCPUs its jobs may use at once. Those of an unmanaged one are somebody else's to count. */
export function vcpusOf(environment: ComputeEnvironment): number {
  return environment.computeResources?.maxvCpus ?? Number.POSITIVE_INFINITY;
}

export function openComputeEnvironments(
  state: State,
  { ids, ...scope }: ArnScope & { ids: Ids },
): ComputeEnvironmentTable {
  const records = openDocuments<ComputeEnvironment>(state, 'batch-compute-environment');
  const find = (nameOrArn: string) => records.get(nameOfArn('compute-environment', nameOrArn));
  return {
    create(input) {
      const { computeEnvironmentName: name, type, computeResources, state: wanted = 'ENABLED', tags } = input;
      checkName('computeEnvironmentName', name);
      if (input.eksConfiguration !== undefined) throw notSupported('eksConfiguration', 'leave it out');
      if (type === 'MANAGED') checkResources(computeResources);
      else if (computeResources) {
        throw clientError('computeResources must not be given for an UNMANAGED compute environment.');
      }
      const environment: ComputeEnvironment = {
        computeEnvironmentName: name,
        computeEnvironmentArn: batchArn(scope, 'compute-environment', name),
        type,
        state: wanted,
        status: 'VALID',
        statusReason: 'ComputeEnvironment Healthy',
        containerOrchestrationType: 'ECS',
        uuid: ids.uuid(),
        tags: checkedTags(tags),
        ...(computeResources ? { computeResources: { minvCpus: 0, ...computeResources } } : {}),
        ...(input.unmanagedvCpus === undefined ? {} : { unmanagedvCpus: input.unmanagedvCpus }),
        ...(input.serviceRole === undefined ? {} : { serviceRole: input.serviceRole }),
      };
      state.transaction(() => {
        if (records.get(name)) throw clientError('Object already exists');
        records.put(name, environment);
      });
      return environment;
    },
    update({ computeEnvironment: nameOrArn, computeResources, ...input }) {
      return state.transaction(() => {
        const environment = find(nameOrArn);
        if (!environment) throw clientError(`${nameOrArn} does not exist`);
        const changed: ComputeEnvironment = {
          ...environment,
          ...(input.state === undefined ? {} : { state: input.state }),
          ...(input.serviceRole === undefined ? {} : { serviceRole: input.serviceRole }),
          ...(input.unmanagedvCpus === undefined ? {} : { unmanagedvCpus: input.unmanagedvCpus }),
          ...(input.updatePolicy === undefined ? {} : { updatePolicy: input.updatePolicy }),
          ...(computeResources
            ? {
                computeResources: {
                  ...environment.computeResources,
                  ...computeResources,
                } as Checked<ComputeResource>,
              }
            : {}),
        };
        if (changed.type === 'MANAGED') checkResources(changed.computeResources);
        records.put(changed.computeEnvironmentName, changed);
        return changed;
      });
    },
    find,
    list: ({ after, count }) =>
      records.list({ count, ...(after === undefined ? {} : { after }) }).map(({ document }) => document),
    setTags(name, tags) {
      const environment = records.get(name);
      if (environment) records.put(name, { ...environment, tags: checkedTags(tags) });
    },
    delete(nameOrArn) {
      const environment = find(nameOrArn);
      if (!environment) return;
      if (environment.state !== 'DISABLED') {
        throw clientError('Cannot delete, compute environment state must be DISABLED');
      }
      records.delete(environment.computeEnvironmentName);
    },
  };
}

function checkResources(resources: Checked<ComputeResource> | undefined): void {
  if (!resources) throw clientError('computeResources must be provided for a MANAGED compute environment');
  const { maxvCpus } = resources;
  if (maxvCpus === undefined || maxvCpus < 1) {
    throw clientError(`computeResources.maxvCpus must be at least 1, not ${maxvCpus}.`);
  }
}
