// Tags of Glue's own resources.
import { GetTagsCommand, TagResourceCommand } from '@aws-sdk/client-glue';
import { ownershipOf, ownershipTags, type Ownership } from './ownership.js';
import { glueArn, type ResourceScope } from './stack-scope.js';

type TaggedKind = Parameters<typeof glueArn>[1];

export async function glueOwnership(
  scope: ResourceScope<'glue'>,
  kind: TaggedKind,
  name: string,
): Promise<Ownership> {
  const ResourceArn = glueArn(scope, kind, name);
  const { Tags } = await scope.clients.glue.send(new GetTagsCommand({ ResourceArn }), {
    abortSignal: scope.signal,
  });
  return ownershipOf(Tags ?? {}, scope);
}

export async function tagAsAdopted(
  scope: ResourceScope<'glue'>,
  kind: TaggedKind,
  name: string,
): Promise<void> {
  await scope.clients.glue.send(
    new TagResourceCommand({
      ResourceArn: glueArn(scope, kind, name),
      TagsToAdd: ownershipTags(scope, { isAdopted: true }),
    }),
    { abortSignal: scope.signal },
  );
}
