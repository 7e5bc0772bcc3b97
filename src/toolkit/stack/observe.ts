// What is there of a stack: under the names that its file gives, the names it was last applied with, and its tags.
import { ListCrawlersCommand, ListJobsCommand } from '@aws-sdk/client-glue';
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

async function taggedNames(
  scope: StackScope,
  kind: 'crawler' | 'job',
): Promise<{ kind: ResourceKind; name: string }[]> {
  const { glue } = scope.clients;
  const names: { kind: ResourceKind; name: string }[] = [];
  let NextToken: string | undefined;
  do {
    const input = { Tags: ownershipTags(scope), NextToken };
    const page =
      kind === 'crawler'
        ? await glue.send(new ListCrawlersCommand(input), { abortSignal: scope.signal })
        : await glue.send(new ListJobsCommand(input), { abortSignal: scope.signal });
    const found = 'CrawlerNames' in page ? page.CrawlerNames : 'JobNames' in page ? page.JobNames : [];
    names.push(...(found ?? []).map((name) => ({ kind, name })));
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}
