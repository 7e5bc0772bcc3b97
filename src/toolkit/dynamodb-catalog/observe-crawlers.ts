// The crawlers that concern a catalog: all that its tags claim, and whatever else has a name that it wants.
import {
  BatchGetCrawlersCommand,
  GetTagsCommand,
  ListCrawlersCommand,
  type Crawler,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { ownershipOf, ownershipTags } from '../stack/ownership.js';
import type { ObservedResource } from '../stack/resource.js';
import { glueArn } from '../stack/stack-scope.js';
import type { CatalogScope } from './catalog-scope.js';

/** AWS docs, BatchGetCrawlers. */
const CRAWLERS_AT_ONCE = 100;
const CONCURRENCY = 4;

export interface ObservedCrawler extends ObservedResource {
  crawler: Crawler;
}

/** Names of the crawlers that carry the catalog's tags: found in pages, whatever else the account has. */
export async function ownCrawlerNames(scope: CatalogScope): Promise<string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await scope.clients.glue.send(
      new ListCrawlersCommand({ Tags: ownershipTags(scope), NextToken, MaxResults: CRAWLERS_AT_ONCE }),
      { abortSignal: scope.signal },
    );
    names.push(...(page.CrawlerNames ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}

/** What is there under `names`; a crawler that is not in `own` is asked for its tags. */
export async function observeCrawlers(
  scope: CatalogScope,
  names: readonly string[],
  own: ReadonlySet<string>,
): Promise<Map<string, ObservedCrawler>> {
  const chunks = Array.from({ length: Math.ceil(names.length / CRAWLERS_AT_ONCE) }, (_, index) =>
    names.slice(index * CRAWLERS_AT_ONCE, (index + 1) * CRAWLERS_AT_ONCE),
  );
  const found = await mapConcurrently(chunks, CONCURRENCY, async (CrawlerNames) => {
    const answer = await scope.clients.glue.send(new BatchGetCrawlersCommand({ CrawlerNames }), {
      abortSignal: scope.signal,
    });
    return answer.Crawlers ?? [];
  });
  const observed = await mapConcurrently(
    found.flat(),
    CONCURRENCY,
    async (crawler): Promise<ObservedCrawler> => {
      const name = crawler.Name as string;
      const tags = own.has(name) ? ownershipTags(scope) : await crawlerTags(scope, name);
      return { kind: 'crawler', name, members: { ...crawler }, ownership: ownershipOf(tags, scope), crawler };
    },
  );
  return new Map(observed.map((item) => [item.name, item]));
}

/** None when the crawler is gone. */
export async function crawlerTags(scope: CatalogScope, name: string): Promise<Record<string, string>> {
  const ResourceArn = glueArn(scope, 'crawler', name);
  try {
    const { Tags } = await scope.clients.glue.send(new GetTagsCommand({ ResourceArn }), {
      abortSignal: scope.signal,
    });
    return Tags ?? {};
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return {};
    throw error;
  }
}
