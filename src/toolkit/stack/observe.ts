// What is there of a stack: under the names that its file gives, the names it was last applied with, and its tags.
import { ListCrawlersCommand, ListJobsCommand, ListTriggersCommand } from '@aws-sdk/client-glue';
import type { LastRun } from './decide-runs.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { lastCrawl } from './crawl.js';
import { lastJobRun } from './job-run.js';
import { observeObjects } from './objects.js';
import { ownershipTags } from './ownership.js';
import { resourceHandlers } from './resource-handlers.js';
import type { ObservedObject, ObservedResource, Resource, ResourceKind } from './resource.js';
import type { StackScope } from './stack-scope.js';
import { readStackRecord, type StoredRecord } from './stack-record.js';
import type { WantedStack } from './wanted.js';

const CONCURRENCY = 4;

export interface ObservedStack {
  resources: ObservedResource[];
  objects: ObservedObject[];
  stored: StoredRecord | undefined;
  /** For each step of `run`. */
  lastRuns: LastRun[];
}

/**
 * @param options.keys of the objects to look at, beside those that are recorded
 * @param options.adopt look into a bucket that is not ours, too, because it is about to be taken over
 */
export async function observeStack(
  scope: StackScope,
  wanted: WantedStack,
  options: { keys?: readonly string[]; adopt?: boolean } = {},
): Promise<ObservedStack> {
  const handlers = resourceHandlers(scope);
  const bucket = await handlers.bucket.observe(wanted.bucket);
  const isBucketOurs = bucket !== undefined && bucket.ownership.kind !== 'foreign';
  const stored = isBucketOurs ? await readStackRecord(scope, wanted.bucket) : undefined;
  const names = uniqueNames([
    ...wanted.resources,
    ...(stored?.record.resources ?? []),
    ...(await taggedNames(scope, 'crawler')),
    ...(await taggedNames(scope, 'job')),
    ...(await taggedNames(scope, 'trigger')),
  ]).filter((item) => item.kind !== 'bucket');
  const found = await mapConcurrently(names, CONCURRENCY, ({ kind, name }) => handlers[kind].observe(name));
  const wantedNames = new Set(wanted.resources.map((item) => `${item.kind} ${item.name}`));
  const keys = [...(options.keys ?? []), ...(stored?.record.objects ?? []).map((object) => object.key)];
  return {
    resources: [...(bucket ? [bucket] : []), ...found.filter((item) => item !== undefined)].filter(
      // Under a former or tagged name, a resource counts only when its own tags confirm it.
      (item) => item.ownership.kind !== 'foreign' || wantedNames.has(`${item.kind} ${item.name}`),
    ),
    objects:
      isBucketOurs || (bucket && options.adopt)
        ? await observeObjects(scope, wanted.bucket, [...new Set(keys)])
        : [],
    stored,
    lastRuns: await mapConcurrently(wanted.run, CONCURRENCY, (step) =>
      step.crawler === undefined ? lastJobRun(scope, step.job as string) : lastCrawl(scope, step.crawler),
    ),
  };
}

function uniqueNames(items: readonly Pick<Resource, 'kind' | 'name'>[]): Pick<Resource, 'kind' | 'name'>[] {
  return [...new Map(items.map(({ kind, name }) => [`${kind} ${name}`, { kind, name }])).values()];
}

type TaggedKind = 'crawler' | 'job' | 'trigger';

async function taggedNames(
  scope: StackScope,
  kind: TaggedKind,
): Promise<{ kind: ResourceKind; name: string }[]> {
  const names: { kind: ResourceKind; name: string }[] = [];
  let NextToken: string | undefined;
  do {
    const page = await listTagged(scope, kind, { Tags: ownershipTags(scope), NextToken });
    names.push(...(page.names ?? []).map((name) => ({ kind, name })));
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}

async function listTagged(
  { clients: { glue }, signal: abortSignal }: StackScope,
  kind: TaggedKind,
  input: { Tags: Record<string, string>; NextToken: string | undefined },
): Promise<{ names: string[] | undefined; NextToken: string | undefined }> {
  switch (kind) {
    case 'crawler': {
      const { CrawlerNames, NextToken } = await glue.send(new ListCrawlersCommand(input), { abortSignal });
      return { names: CrawlerNames, NextToken };
    }
    case 'job': {
      const { JobNames, NextToken } = await glue.send(new ListJobsCommand(input), { abortSignal });
      return { names: JobNames, NextToken };
    }
    case 'trigger': {
      const { TriggerNames, NextToken } = await glue.send(new ListTriggersCommand(input), { abortSignal });
      return { names: TriggerNames, NextToken };
    }
  }
}
