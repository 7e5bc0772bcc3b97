// A crawl as AWS's answers show it: in ListCrawls, as a crawler's LastCrawl, in a workflow.
import type { Crawl, CrawlerHistory, LastCrawlInfo } from '@aws-sdk/client-glue';
import { DPU_HOUR } from './crawl-filter.js';
import type { CrawlRecord, CrawlState } from './crawl-history.js';
import { CRAWLER_LOG_GROUP } from './crawl-log.js';
import { summaryText, type CrawlSummary } from './crawl-summary.js';

/** How crawlers, triggers and workflows call the end of a crawl that ListCrawls calls by its own word. */
export const END_WORDS = { COMPLETED: 'SUCCEEDED', FAILED: 'FAILED', STOPPED: 'CANCELLED' } as const;

export function crawlOfHistory(crawl: CrawlRecord, found: CrawlSummary): CrawlerHistory {
  const summary = summaryText(found);
  return {
    CrawlId: crawl.crawlId,
    State: crawl.state,
    StartTime: crawl.startTime,
    ...(crawl.endTime ? { EndTime: crawl.endTime } : {}),
    ...(summary === undefined ? {} : { Summary: summary }),
    ...errorOf(crawl),
    ...logPlace(crawl),
    DPUHour: DPU_HOUR,
  };
}

export function lastCrawlInfo(crawl: CrawlRecord): LastCrawlInfo {
  return {
    ...(crawl.state === 'RUNNING' ? {} : { Status: END_WORDS[crawl.state] }),
    ...errorOf(crawl),
    ...logPlace(crawl),
    StartTime: crawl.startTime,
  };
}

export function crawlOfWorkflow(crawl: CrawlRecord): Crawl {
  const { LogGroup, LogStream } = logPlace(crawl);
  return {
    State: stateOf(crawl.state),
    StartedOn: crawl.startTime,
    ...(crawl.endTime ? { CompletedOn: crawl.endTime } : {}),
    ...errorOf(crawl),
    LogGroup,
    LogStream,
  };
}

function stateOf(state: CrawlState) {
  return state === 'RUNNING' ? state : END_WORDS[state];
}

function errorOf({ errorMessage }: CrawlRecord): { ErrorMessage?: string } {
  return errorMessage === undefined ? {} : { ErrorMessage: errorMessage };
}

function logPlace({ crawlerName, crawlId }: CrawlRecord) {
  return { LogGroup: CRAWLER_LOG_GROUP, LogStream: crawlerName, MessagePrefix: crawlId };
}
