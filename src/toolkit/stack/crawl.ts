// One crawl, from start to a state from which it does not move on.
import {
  GetCrawlerCommand,
  StartCrawlerCommand,
  type Crawler,
  type LastCrawlInfo,
} from '@aws-sdk/client-glue';
import { GluepotError } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import { retryAssumeRole } from './assume-role-retry.js';
import type { LastRun } from './decide-runs.js';
import { lastLogLines, withLog } from './log-tail.js';
import { poll } from '../../aws/poll.js';
import type { ResourceScope, StackScope } from './stack-scope.js';

/** What it takes to run a crawler. */
export type CrawlScope = Pick<ResourceScope<'glue' | 'logs'>, 'clients' | 'clock' | 'signal'>;

export interface RunOptions {
  timeoutMs: number;
  onState: (state: string) => void;
  /** What to do when it takes too long. */
  hint?: string;
}

export async function lastCrawl(scope: StackScope, name: string): Promise<LastRun> {
  try {
    return { state: (await getCrawler(scope, name)).LastCrawl?.Status };
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return { state: undefined };
    throw error;
  }
}

/**
 * Starts the crawler and waits for the crawl's end; a crawl that runs already is waited for first.
 * @throws GluepotError `failed` with AWS's message and the last log lines when it did not succeed, `timed-out`
 */
export async function runCrawler(
  scope: CrawlScope,
  name: string,
  options: RunOptions,
): Promise<LastCrawlInfo> {
  const before = await poll(scope, waitOf(name, options), async () =>
    readyOrState(await getCrawler(scope, name)),
  );
  await startCrawl(scope, name);
  return followCrawl(scope, name, before.LastCrawl, options);
}

/**
 * Waits for the end of a crawl that was started.
 * @param before the last crawl as it was before the start
 * @throws as `runCrawler`
 */
export async function followCrawl(
  scope: CrawlScope,
  name: string,
  before: LastCrawlInfo | undefined,
  options: RunOptions,
): Promise<LastCrawlInfo> {
  const after = await poll(scope, waitOf(name, options), async () => {
    const crawler = await getCrawler(scope, name);
    // Until the crawl shows, a crawler that was just started may still be seen as READY with the crawl before.
    const isNew = crawler.LastCrawl !== undefined && !isSameCrawl(crawler.LastCrawl, before);
    return isNew ? readyOrState(crawler) : { state: crawler.State };
  });
  const crawl = after.LastCrawl as LastCrawlInfo;
  if (crawl.Status === 'SUCCEEDED') return crawl;
  const lines = await lastLogLines(scope, crawl.LogGroup ?? '/aws-glue/crawlers', crawl.LogStream ?? name);
  throw new GluepotError(
    'failed',
    withLog(
      `Crawler ${name}: the crawl is ${crawl.Status}: ${crawl.ErrorMessage ?? 'AWS gives no message'}`,
      lines,
    ),
  );
}

function waitOf(name: string, { timeoutMs, onState, hint = HINT }: RunOptions) {
  return { what: `crawler ${name}`, timeoutMs, hint, onState };
}

const HINT = 'The crawl goes on; wait for it and apply again, or raise timeoutMinutes in the stack file.';

/** Starts a crawl and returns at once, also when one runs already. */
export async function startCrawl(scope: CrawlScope, name: string): Promise<void> {
  await retryAssumeRole(scope, () => start(scope, name));
}

export async function getCrawler(scope: CrawlScope, Name: string): Promise<Crawler> {
  const { Crawler } = await scope.clients.glue.send(new GetCrawlerCommand({ Name }), {
    abortSignal: scope.signal,
  });
  return Crawler as Crawler;
}

async function start(scope: CrawlScope, Name: string): Promise<void> {
  try {
    await scope.clients.glue.send(new StartCrawlerCommand({ Name }), { abortSignal: scope.signal });
  } catch (error) {
    // Somebody, or a schedule, started it since it was seen idle: that crawl sees the same data.
    if (!isAwsError(error, 'CrawlerRunningException')) throw error;
  }
}

function readyOrState(crawler: Crawler): { done: Crawler } | { state: string | undefined } {
  return crawler.State === 'READY' ? { done: crawler } : { state: crawler.State };
}

function isSameCrawl(a: LastCrawlInfo, b: LastCrawlInfo | undefined): boolean {
  return a.MessagePrefix === b?.MessagePrefix && a.StartTime?.getTime() === b?.StartTime?.getTime();
}
