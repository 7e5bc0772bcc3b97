// Which crawls are meant, and in which database they wrote: found out, and said.
import { ListCrawlsCommand, type Crawler, type CrawlerHistory, type GlueClient } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import type { Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { databasesWritten } from '../crawl-run/databases-written.js';
import { getCrawler } from '../crawl-run/get-crawler.js';
import { crawlOf, type Crawl } from './crawl.js';

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
 * @throws GluepotError `usage` for a crawler or crawl that is not there, a crawler without a database or with several, or when no
 *   crawl has ended; `guard-refused` for a crawl that is running
 */
export async function findCrawls(scope: CrawlScope, asked: CrawlsAsked): Promise<FoundCrawls> {
  const { crawlerName, crawlId, since } = asked;
  const crawler = await getCrawler(scope.glue, crawlerName, scope);
  const DatabaseName = asked.DatabaseName ?? theDatabase(crawler);
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

/** @throws GluepotError `usage` when there is none, or it is not clear which */
function theDatabase(crawler: Crawler): string {
  const [DatabaseName, ...others] = databasesWritten(crawler);
  if (DatabaseName !== undefined && others.length === 0) return DatabaseName;
  const what =
    DatabaseName === undefined
      ? 'writes into no database of its own'
      : `writes into several databases (${[DatabaseName, ...others].join(', ')})`;
  throw new GluepotError(
    'usage',
    `Crawler ${crawler.Name} ${what}. Name the one that is meant with --database.`,
  );
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
  const { StartTime, Status, MessagePrefix } = crawler.LastCrawl ?? {};
  const last: CrawlerHistory = { StartTime, State: Status as CrawlerHistory['State'] };
  try {
    const found = await listCrawls(scope, crawler.Name);
    const isCutOff =
      MessagePrefix !== undefined &&
      StartTime !== undefined &&
      found.every((one) => one.MessagePrefix !== MessagePrefix && (one.StartTime ?? 0) < StartTime);
    // A history that lags, or that ends early: an older crawl must not be taken for the last one.
    if (isCutOff) found.push({ ...last, CrawlId: MessagePrefix });
    return found.sort((one, other) => (one.StartTime?.getTime() ?? 0) - (other.StartTime?.getTime() ?? 0));
  } catch (error) {
    if (!isAwsError(error, ...NOT_THERE)) throw error;
    // Neither its end nor what it did is told: all until now is taken to be within it.
    return StartTime ? [last] : [];
  }
}

async function listCrawls(
  { glue, signal: abortSignal }: CrawlScope,
  CrawlerName: string | undefined,
): Promise<CrawlerHistory[]> {
  const found: CrawlerHistory[] = [];
  let NextToken: string | undefined;
  do {
    const command = new ListCrawlsCommand({ CrawlerName, MaxResults: 100, NextToken });
    const answer = await glue.send(command, { abortSignal });
    found.push(...(answer.Crawls ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return found;
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
