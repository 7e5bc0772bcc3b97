// Runs the catalog's own crawlers, several at a time and never all at once, and tells what came of each.
import { setMaxListeners } from 'node:events';
import type { LastCrawlInfo } from '@aws-sdk/client-glue';
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { followCrawl, getCrawler, runCrawler, startCrawl } from '../stack/crawl.js';
import type { CatalogScope } from './catalog-scope.js';

export interface CrawlTarget {
  TableName: string;
  crawlerName: string;
}

export interface CrawlResult extends CrawlTarget {
  /** `started`: it runs and was not waited for. */
  outcome: 'succeeded' | 'failed' | 'started' | 'timed-out';
  /** AWS's message of a crawl that failed, with the last lines of its log. */
  message?: string;
  /** Milliseconds; undefined for a crawl that was only started. */
  durationMs?: number;
}

export interface CrawlTablesOptions {
  /** Wait for the end of all crawls; otherwise only until the last one could be started. */
  wait: boolean;
  /** Crawls that run at the same time. */
  concurrency: number;
  /** Of one crawl, from its start on, in milliseconds. */
  timeoutMs: number;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** Failures of crawls are in the results: one never keeps the others from running. */
export async function crawlTables(
  scope: CatalogScope,
  targets: readonly CrawlTarget[],
  options: CrawlTablesOptions,
): Promise<CrawlResult[]> {
  const { wait, concurrency, timeoutMs, onProgress = () => {} } = options;
  // A crawl's end makes room for those that have not had their turn; once all have had it, none is waited for.
  const allTried = new AbortController();
  setMaxListeners(0, allTried.signal);
  let triedCount = 0;
  const onTried = () => {
    if (++triedCount === targets.length) allTried.abort();
  };
  let done = 0;
  return mapConcurrently(targets, concurrency, async (target) => {
    const result = wait
      ? await runOne(scope, target, timeoutMs)
      : await startOne(scope, target, { timeoutMs, onTried, allTried: allTried.signal });
    onProgress({ done: ++done, total: targets.length });
    return result;
  });
}

const HINT = 'The crawl goes on; look after it with gluepot dynamodb status.';

async function runOne(scope: CatalogScope, target: CrawlTarget, timeoutMs: number): Promise<CrawlResult> {
  const durationMs = stopwatch(scope);
  try {
    await runCrawler(scope, target.crawlerName, { timeoutMs, onState: () => {}, hint: HINT });
    return { ...target, outcome: 'succeeded', durationMs: durationMs() };
  } catch (error) {
    return { ...failed(scope, target, error), durationMs: durationMs() };
  }
}

async function startOne(
  scope: CatalogScope,
  target: CrawlTarget,
  { timeoutMs, onTried, allTried }: { timeoutMs: number; onTried: () => void; allTried: AbortSignal },
): Promise<CrawlResult> {
  const durationMs = stopwatch(scope);
  let before: LastCrawlInfo | undefined;
  try {
    before = (await getCrawler(scope, target.crawlerName)).LastCrawl;
    await startCrawl(scope, target.crawlerName);
  } catch (error) {
    return failed(scope, target, error);
  } finally {
    onTried();
  }
  const signal = AbortSignal.any([scope.signal, allTried]);
  try {
    const follow = { timeoutMs, onState: () => {}, hint: HINT };
    await followCrawl({ ...scope, signal }, target.crawlerName, before, follow);
    return { ...target, outcome: 'succeeded', durationMs: durationMs() };
  } catch (error) {
    const isLeft = allTried.aborted && !(error instanceof GluepotError);
    if (isLeft && !scope.signal.aborted) return { ...target, outcome: 'started' };
    return { ...failed(scope, target, error), durationMs: durationMs() };
  }
}

function stopwatch({ clock }: CatalogScope): () => number {
  const startMs = clock.now().getTime();
  return () => clock.now().getTime() - startMs;
}

function failed(scope: CatalogScope, target: CrawlTarget, error: unknown): CrawlResult {
  if (scope.signal.aborted) throw error;
  const isLate = error instanceof GluepotError && error.kind === 'timed-out';
  return { ...target, outcome: isLate ? 'timed-out' : 'failed', message: asGluepotError(error).message };
}
