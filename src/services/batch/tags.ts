// Batch operations on tags: of environments, queues, definitions and jobs, by ARN.
import { nameOfArn, type BatchResourceKind } from '../../batch/batch-arn.js';
import { clientError } from '../../batch/batch-error.js';
import type { Batch } from '../../batch/open-batch.js';
import { checkedTags, type TagMap } from '../../batch/tags.js';
import type { Operations } from '../../wire/service.js';

export function tagOperations({ environments, queues, definitions, jobs }: Batch) {
  const findTagged = (arn: string): { tags: TagMap; set: (tags: TagMap) => void } | undefined => {
    const named = (kind: BatchResourceKind) => {
      const name = nameOfArn(kind, arn);
      return name === arn ? undefined : name;
    };
    const environment = named('compute-environment');
    if (environment !== undefined) {
      const found = environments.find(environment);
      return found && { tags: found.tags, set: (tags) => environments.setTags(environment, tags) };
    }
    const queue = named('job-queue');
    if (queue !== undefined) {
      const found = queues.find(queue);
      return found && { tags: found.tags, set: (tags) => queues.setTags(queue, tags) };
    }
    const definition = named('job-definition');
    if (definition !== undefined) {
      const found = definitions.find(definition);
      return found && { tags: found.tags, set: (tags) => definitions.setTags(definition, tags) };
    }
    const job = jobs.find(named('job') ?? '');
    return job && { tags: job.request.tags, set: (tags) => jobs.setTags(job, tags) };
  };
  const tagged = (arn: string) => {
    const found = findTagged(arn);
    if (!found) throw clientError(`Resource ${arn} does not exist. Tags are on what an ARN of Batch names.`);
    return found;
  };
  return {
    ListTagsForResource({ resourceArn }) {
      return { tags: tagged(resourceArn).tags };
    },
    TagResource({ resourceArn, tags }) {
      const { tags: present, set } = tagged(resourceArn);
      set(checkedTags({ ...present, ...tags }));
      return {};
    },
    UntagResource({ resourceArn, tagKeys }) {
      const { tags: present, set } = tagged(resourceArn);
      set(Object.fromEntries(Object.entries(present).filter(([key]) => !tagKeys.includes(key))));
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-batch')>;
}
