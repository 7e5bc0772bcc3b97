// GetCrawlerMetrics: how long a crawler's crawls take, and what the last one changed.
import type { CrawlerMetrics } from '@aws-sdk/client-glue';
import type { CrawlRecord } from './crawl-history.js';
import type { CrawlSummary } from './crawl-summary.js';

/** @param crawls all crawls of the crawler, newest first; `summaryOf` is asked for the last finished one */
export function crawlMetrics(
  crawlerName: string,
  crawls: readonly CrawlRecord[],
  summaryOf: (crawlId: string) => CrawlSummary,
  now: Date,
): CrawlerMetrics {
  const running = crawls.find((crawl) => crawl.state === 'RUNNING');
  const finished = crawls.filter((crawl) => crawl.endTime !== undefined);
  const runtimes = finished.map(runtimeSeconds);
  const medianRuntime = median(runtimes);
  const last = finished[0];
  const summary = last && summaryOf(last.crawlId);
  const elapsed = running ? (now.getTime() - running.startTime.getTime()) / 1000 : 0;
  return {
    CrawlerName: crawlerName,
    TimeLeftSeconds: running ? Math.max(0, medianRuntime - elapsed) : 0,
    StillEstimating: running !== undefined && finished.length === 0,
    LastRuntimeSeconds: runtimes[0] ?? 0,
    MedianRuntimeSeconds: medianRuntime,
    TablesCreated: summary?.tables.create.length ?? 0,
    TablesUpdated: summary?.tables.update.length ?? 0,
    TablesDeleted: summary?.tables.delete.length ?? 0,
  };
}

function runtimeSeconds({ startTime, endTime = startTime }: CrawlRecord): number {
  return (endTime.getTime() - startTime.getTime()) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
