// Job definitions: revisions of a name, each registered once and never changed; taken out of use, not deleted.
import type { ContainerProperties, JobDefinition, RegisterJobDefinitionRequest } from '@aws-sdk/client-batch';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { batchArn, nameOfArn, type ArnScope } from './batch-arn.js';
import { clientError, notSupported } from './batch-error.js';
import { checkContainer } from './container.js';
import { checkTimeout } from './job-timeout.js';
import { checkName } from './name.js';
import { checkRetryStrategy } from './retry-decision.js';
import { checkedTags, type TagMap } from './tags.js';

export type JobDefinitionRecord = Checked<JobDefinition> & {
  containerProperties: Checked<ContainerProperties>;
} & Required<Pick<JobDefinition, 'status' | 'tags'>>;

export interface JobDefinitionTable {
  /** @throws AwsError ClientException */
  register(input: Checked<RegisterJobDefinitionRequest>): JobDefinitionRecord;
  /** Makes a revision INACTIVE. @throws AwsError ClientException when there is none */
  deregister(nameAndRevision: string): void;
  /** By `name:revision`, by name for its newest ACTIVE revision, or by ARN with or without revision. */
  find(reference: string): JobDefinitionRecord | undefined;
  /** By name, then newest revision first; those after the position `after`. */
  list(options: {
    name?: string;
    status?: string;
    after?: string;
    count: number;
  }): { position: string; definition: JobDefinitionRecord }[];
  setTags(nameAndRevision: string, tags: TagMap): void;
}

// Ten digits, counted down, so that the newest revision of a name is the first in key order.
const REVISION_MAX = 2_147_483_647;
const keyOf = (name: string, revision: number) =>
  `${name}:${String(REVISION_MAX - revision).padStart(10, '0')}`;

// A name may have thousands of revisions, of which mostly the first is looked for.
const READ_AT_ONCE = 20;

export function openJobDefinitions(state: State, scope: ArnScope): JobDefinitionTable {
  const records = openDocuments<JobDefinitionRecord>(state, 'batch-job-definition');

  function* inOrder({ name, after }: { name?: string | undefined; after?: string | undefined }) {
    const prefix = name === undefined ? '' : `${name}:`;
    let last = after ?? '';
    for (;;) {
      const page = records.list({ prefix, after: last, count: READ_AT_ONCE });
      yield* page;
      if (page.length < READ_AT_ONCE) return;
      last = page.at(-1)?.key as string;
    }
  }

  const find = (reference: string) => {
    const [, name = '', revision] = /^([^:]*)(?::(\d+))?$/.exec(nameOfArn('job-definition', reference)) ?? [];
    if (name === '') return undefined;
    if (revision !== undefined) return records.get(keyOf(name, Number(revision)));
    for (const { document } of inOrder({ name })) if (document.status === 'ACTIVE') return document;
    return undefined;
  };

  return {
    register(input) {
      const { jobDefinitionName: name, containerProperties, tags } = input;
      checkName('jobDefinitionName', name);
      refuseUnsupported(input);
      if (!containerProperties) throw clientError('Container properties should not be empty');
      checkContainer(containerProperties);
      checkRetryStrategy(input.retryStrategy);
      checkTimeout(input.timeout);
      return state.transaction(() => {
        const newest = records.list({ prefix: `${name}:`, count: 1 })[0]?.document;
        const revision = (newest?.revision ?? 0) + 1;
        const definition: JobDefinitionRecord = {
          jobDefinitionName: name,
          jobDefinitionArn: batchArn(scope, 'job-definition', `${name}:${revision}`),
          revision,
          status: 'ACTIVE',
          type: input.type,
          parameters: input.parameters ?? {},
          containerProperties: {
            ...containerProperties,
            command: containerProperties.command ?? [],
            environment: containerProperties.environment ?? [],
            volumes: containerProperties.volumes ?? [],
            mountPoints: containerProperties.mountPoints ?? [],
            ulimits: containerProperties.ulimits ?? [],
            secrets: containerProperties.secrets ?? [],
            resourceRequirements: containerProperties.resourceRequirements ?? [],
          },
          containerOrchestrationType: 'ECS',
          tags: checkedTags(tags),
          ...(input.retryStrategy ? { retryStrategy: input.retryStrategy } : {}),
          ...(input.timeout ? { timeout: input.timeout } : {}),
          // Left out it means EC2, and stays left out: Terraform would find a change otherwise.
          ...(input.platformCapabilities ? { platformCapabilities: input.platformCapabilities } : {}),
          ...(input.propagateTags === undefined ? {} : { propagateTags: input.propagateTags }),
          ...(input.schedulingPriority === undefined ? {} : { schedulingPriority: input.schedulingPriority }),
        };
        records.put(keyOf(name, revision), definition);
        return definition;
      });
    },
    deregister(nameAndRevision) {
      const definition = /:\d+$/.test(nameAndRevision) ? find(nameAndRevision) : undefined;
      if (!definition)
        throw clientError(`JobDefinition ${nameAndRevision} is not found. Name it with its revision.`);
      records.put(keyOf(definition.jobDefinitionName, definition.revision), {
        ...definition,
        status: 'INACTIVE',
      });
    },
    find,
    list({ name, status, after, count }) {
      const found: { position: string; definition: JobDefinitionRecord }[] = [];
      for (const { key, document } of inOrder({ name, after })) {
        if (found.length >= count) break;
        if (status === undefined || document.status === status)
          found.push({ position: key, definition: document });
      }
      return found;
    },
    setTags(nameAndRevision, tags) {
      const definition = find(nameAndRevision);
      if (!definition) return;
      records.put(keyOf(definition.jobDefinitionName, definition.revision), {
        ...definition,
        tags: checkedTags(tags),
      });
    },
  };
}

function refuseUnsupported(input: Checked<RegisterJobDefinitionRequest>): void {
  if (input.type !== 'container')
    throw notSupported(`A job definition of type ${input.type}`, 'use container');
  for (const member of ['nodeProperties', 'eksProperties', 'ecsProperties'] as const) {
    if (input[member]) throw notSupported(member, 'describe the job with containerProperties');
  }
  if (input.consumableResourceProperties) throw notSupported('consumableResourceProperties', 'leave it out');
}
