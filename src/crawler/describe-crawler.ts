// A crawler as GetCrawler answers it.
import type { Crawler } from '@aws-sdk/client-glue';
import type { CrawlerState } from './crawl-runs.js';
import type { StoredCrawler } from './crawler.js';
import { lastCrawlInfo } from './record/crawl-answers.js';
import type { CrawlRecord } from './record/crawl-history.js';

/** @param crawls its newest two, the newest first */
export function describeCrawler(
  crawler: StoredCrawler,
  { state, crawls, now }: { state: CrawlerState; crawls: readonly CrawlRecord[]; now: Date },
): Crawler {
  const { ScheduleExpression, ...definition } = crawler.definition;
  const [newest, previous] = crawls;
  const last = newest?.state === 'RUNNING' ? previous : newest;
  const end = newest && (newest.endTime ?? now);
  return {
    ...definition,
    Classifiers: definition.Classifiers ?? [],
    State: state,
    CrawlElapsedTime: newest && end ? end.getTime() - newest.startTime.getTime() : 0,
    CreationTime: crawler.creationTime,
    LastUpdated: crawler.lastUpdated,
    Version: crawler.version,
    ...(last ? { LastCrawl: lastCrawlInfo(last) } : {}),
    ...(ScheduleExpression === undefined
      ? {}
      : {
          Schedule: {
            ScheduleExpression,
            State: crawler.isScheduled ? ('SCHEDULED' as const) : ('NOT_SCHEDULED' as const),
          },
        }),
  };
}
