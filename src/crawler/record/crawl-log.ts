// The lines that a crawl writes into /aws-glue/crawlers, as AWS's crawlers write them.
import type { Clock } from '../../base/clock.js';
import type { LogEvent, LogGroups } from '../../logs/log-groups.js';

/** Every crawler writes into this group, in a stream of its own name. */
export const CRAWLER_LOG_GROUP = '/aws-glue/crawlers';

export type CrawlLogLevel = 'BENCHMARK' | 'INFO' | 'WARN' | 'ERROR';

export interface CrawlLog {
  write(level: CrawlLogLevel, ...texts: string[]): void;
  /** Lines are kept back until this is called, since every append is a durable write. */
  flush(): void;
}

/** Lines read `[crawl id] LEVEL : text`; the crawl id is what GetCrawler and ListCrawls call MessagePrefix. */
export function openCrawlLog(logs: LogGroups, clock: Clock, crawlerName: string, crawlId: string): CrawlLog {
  const pending: LogEvent[] = [];
  return {
    write(level, ...texts) {
      const timestamp = clock.now().getTime();
      pending.push(...texts.map((text) => ({ timestamp, message: `[${crawlId}] ${level} : ${text}` })));
    },
    flush() {
      if (pending.length > 0) logs.append(CRAWLER_LOG_GROUP, crawlerName, pending.splice(0));
    },
  };
}
