// Glue's operations on tags, for every kind of resource that registered itself.
import type { Tags } from '../../catalog/tag.js';
import type { Operations } from '../../wire/service.js';

export function tagOperations({ tags }: { tags: Tags }) {
  return {
    GetTags: ({ ResourceArn }) => ({ Tags: tags.get(ResourceArn) }),
    TagResource({ ResourceArn, TagsToAdd }) {
      tags.add(ResourceArn, TagsToAdd);
      return {};
    },
    UntagResource({ ResourceArn, TagsToRemove }) {
      tags.remove(ResourceArn, TagsToRemove);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
