// Which crawls are meant, and in which database they wrote: found out, and said.
import {
  ListCrawlsCommand,
  paginateGetCrawlers,
  type Crawler,
  type CrawlerHistory,
  type GlueClient,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { poll } from '../../aws/poll.js';
import type { Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { crawlOf, type Crawl } from './crawl.js';
import { getCrawler } from '../crawl-run/get-crawler.js';

export interface CrawlScope {
  glue: GlueClient;
  clock: Clock;
  signal: AbortSignal;
}

export interface CrawlsAsked {
  crawlerName: string;
  /** One crawl by its id; the last one that ended when neither is given. */
  crawlId?: string | undefined;
  /** All crawls that began at this instant or later. */
  since?: Date | undefined;
  /** The crawler's own when not given. */
  DatabaseName?: string | undefined;
}

export interface FoundCrawls {
  crawlerName: string;
  DatabaseName: string;
  /** In the order of time, all ended. */
  crawls: readonly Crawl[];
  /** Crawls of the same crawler that are not meant; what they wrote is not to be undone. */
  others?: readonly Crawl[] | undefined;
  /** The instant that was asked for, when one was. */
  since?: Date | undefined;
}

/**
 * @throws GluepotError `usage` for a crawler or crawl that is not there, a crawler without a database, or when no crawl
 *   has ended; `guard-refused` for a crawl that is running
 */
export async function findCrawls(scope: CrawlScope, asked: CrawlsAsked): Promise<FoundCrawls> {
  const { crawlerName, crawlId, since } = asked;
  const crawler = await getCrawler(scope.glue, crawlerName, scope);
  const DatabaseName = asked.DatabaseName ?? crawler.DatabaseName;
  if (DatabaseName === undefined) {
    throw new GluepotError(
      'usage',
      `Crawler ${crawlerName} writes into no database of its own. Name the one that is meant with --database.`,
    );
  }
  const history = (await historyOf(scope, crawler)).flatMap((entry) => crawlOf(crawlerName, entry) ?? []);
  const crawls = chosen(history, crawlerName, { crawlId, since });
  const others = history.filter((crawl) => !crawls.includes(crawl));
  const running = crawls.find(({ state }) => state === 'RUNNING');
  if (running) {
    throw new GluepotError(
      'guard-refused',
      `Crawl ${running.crawlId ?? ''} of ${crawlerName} is running. Wait for its end, or stop it, and undo it then.`,
    );
  }
  return { crawlerName, DatabaseName: DatabaseName.toLowerCase(), crawls, others, since };
}

/** All crawls of a crawler that AWS still knows of, in the order of time. @throws GluepotError `usage` for a crawler that is not there */
export async function findHistory(scope: CrawlScope, crawlerName: string): Promise<Crawl[]> {
  const history = await historyOf(scope, await getCrawler(scope.glue, crawlerName, scope));
  return history.flatMap((entry) => crawlOf(crawlerName, entry) ?? []);
}

/** What a Glue that has no ListCrawls answers: AWS's word for it, and moto's. */
const NOT_THERE = [
  'UnknownOperationException',
  'NotImplemented',
  'NotImplementedException',
  'InternalFailure',
];

/** In the order of time. */
async function historyOf(scope: CrawlScope, crawler: Crawler): Promise<CrawlerHistory[]> {
  try {
    const found: CrawlerHistory[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await scope.glue.send(
        new ListCrawlsCommand({ CrawlerName: crawler.Name, MaxResults: 100, NextToken }),
        { abortSignal: scope.signal },
      );
      found.push(...(answer.Crawls ?? []));
      NextToken = answer.NextToken;
    } while (NextToken);
    return found.sort((one, other) => (one.StartTime?.getTime() ?? 0) - (other.StartTime?.getTime() ?? 0));
  } catch (error) {
    if (!isAwsError(error, ...NOT_THERE)) throw error;
    const { StartTime, Status } = crawler.LastCrawl ?? {};
    // Neither its end nor what it did is told: all until now is taken to be within it.
    return StartTime ? [{ StartTime, State: Status as CrawlerHistory['State'] }] : [];
  }
}

function chosen(
  crawls: readonly Crawl[],
  crawlerName: string,
  { crawlId, since }: Pick<CrawlsAsked, 'crawlId' | 'since'>,
): [Crawl, ...Crawl[]] {
  if (crawlId !== undefined) {
    const crawl = crawls.find((one) => one.crawlId === crawlId);
    if (crawl) return [crawl];
    const known = crawls.slice(-5).map((one) => one.crawlId);
    throw new GluepotError(
      'usage',
      `Crawler ${crawlerName} has no crawl ${crawlId}. Its last ones: ${known.join(', ') || 'none'}.`,
    );
  }
  const [first, ...others] =
    since === undefined
      ? crawls.filter(({ state }) => state !== 'RUNNING').slice(-1)
      : crawls.filter(({ start }) => start >= since);
  if (first) return [first, ...others];
  const what =
    since === undefined ? 'has not crawled yet' : `has begun no crawl since ${since.toISOString()}`;
  throw new GluepotError('usage', `Crawler ${crawlerName} ${what}: there is nothing to undo.`);
}

/** What to do when a crawler that writes into the database is at work. */
export type IfRunning = 'wait' | 'refuse';

const BUSY = new Set(['RUNNING', 'STOPPING']);

/**
 * Returns when no crawler that writes into the database is at work.
 * @throws GluepotError `guard-refused` under `refuse`, naming the crawlers; `timed-out` after `timeoutMs`
 */
export async function requireQuiet(
  scope: CrawlScope,
  DatabaseName: string,
  options: { ifRunning: IfRunning; timeoutMs: number; onState?: (state: string) => void },
): Promise<void> {
  const busy = async () => {
    const names: string[] = [];
    for await (const { Crawlers = [] } of paginateGetCrawlers(
      { client: scope.glue },
      {},
      { abortSignal: scope.signal },
    )) {
      for (const crawler of Crawlers) {
        const isHere = crawler.DatabaseName?.toLowerCase() === DatabaseName;
        if (isHere && BUSY.has(crawler.State ?? '')) names.push(crawler.Name as string);
      }
    }
    return names;
  };
  const names = await busy();
  if (names.length === 0) return;
  if (options.ifRunning === 'refuse') {
    throw new GluepotError(
      'guard-refused',
      `Nothing was done: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} crawling into ${DatabaseName}. ` +
        'Wait for the end, or say --if-running wait.',
    );
  }
  const { timeoutMs, onState } = options;
  await poll(
    scope,
    { what: `crawlers that write into ${DatabaseName}`, timeoutMs, ...(onState ? { onState } : {}) },
    async () => {
      const still = await busy();
      return still.length === 0 ? { done: true } : { state: still.join(', ') };
    },
  );
}
