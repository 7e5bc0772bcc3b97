// Runs the catalog's own crawlers, several at a time and never all at once, and tells what came of each.
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { runCrawler, startCrawl } from '../stack/crawl.js';
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
  /** Asked before each crawl is started: true ends it there, and the rest is not in the results. */
  isOver?: () => boolean;
}

/** Failures of crawls are in the results: one never keeps the others from running. */
export async function crawlTables(
  scope: CatalogScope,
  targets: readonly CrawlTarget[],
  options: CrawlTablesOptions,
): Promise<CrawlResult[]> {
  const { wait, concurrency, timeoutMs, onProgress = () => {}, isOver = () => false } = options;
  let startedCount = 0;
  let done = 0;
  const results = await mapConcurrently(targets, concurrency, async (target) => {
    if (isOver()) return undefined;
    startedCount++;
    // As long as others wait for their turn, this one's end is what makes room for them.
    const isRoomNeeded = targets.length - startedCount > 0;
    const result =
      wait || isRoomNeeded ? await runOne(scope, target, timeoutMs) : await startOne(scope, target);
    onProgress({ done: ++done, total: targets.length });
    return result;
  });
  return results.filter((result) => result !== undefined);
}

async function runOne(scope: CatalogScope, target: CrawlTarget, timeoutMs: number): Promise<CrawlResult> {
  const startMs = scope.clock.now().getTime();
  const hint = 'The crawl goes on; look after it with gluepot dynamodb status.';
  const durationMs = () => scope.clock.now().getTime() - startMs;
  try {
    await runCrawler(scope, target.crawlerName, { timeoutMs, onState: () => {}, hint });
    return { ...target, outcome: 'succeeded', durationMs: durationMs() };
  } catch (error) {
    return { ...failed(scope, target, error), durationMs: durationMs() };
  }
}

async function startOne(scope: CatalogScope, target: CrawlTarget): Promise<CrawlResult> {
  try {
    await startCrawl(scope, target.crawlerName);
    return { ...target, outcome: 'started' };
  } catch (error) {
    return failed(scope, target, error);
  }
}

function failed(scope: CatalogScope, target: CrawlTarget, error: unknown): CrawlResult {
  if (scope.signal.aborted) throw error;
  const isLate = error instanceof GluepotError && error.kind === 'timed-out';
  return { ...target, outcome: isLate ? 'timed-out' : 'failed', message: asGluepotError(error).message };
}
