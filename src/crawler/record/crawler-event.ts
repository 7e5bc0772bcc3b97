// What a crawl tells EventBridge. Source: AWS docs, EventBridge event types of Glue, "Glue Crawler State Change".
import type { AwsEvent } from '../../events/event.js';
import { CRAWLER_LOG_GROUP } from './crawl-log.js';
import type { CrawlSummary } from './crawl-summary.js';

interface CrawlFacts {
  crawlerName: string;
  accountId: string;
  region: string;
}

export function crawlStarted({ crawlerName, accountId }: CrawlFacts, startTime: Date): AwsEvent {
  return crawlerEvent({
    accountId,
    crawlerName,
    startTime: isoTime(startTime),
    state: 'Started',
    message: 'Crawler Started',
  });
}

/** Numbers are texts. */
export function crawlSucceeded(
  facts: CrawlFacts,
  { startTime, endTime, summary }: { startTime: Date; endTime: Date; summary: CrawlSummary },
): AwsEvent {
  const { tables, partitions } = summary;
  return crawlerEvent({
    accountId: facts.accountId,
    crawlerName: facts.crawlerName,
    state: 'Succeeded',
    message: 'Crawler Succeeded',
    tablesCreated: String(tables.create.length),
    tablesUpdated: String(tables.update.length),
    tablesDeleted: String(tables.delete.length),
    partitionsCreated: String(partitions.create.count),
    partitionsUpdated: String(partitions.update.count),
    partitionsDeleted: String(partitions.delete.count),
    warningMessage: 'N/A',
    'runningTime (sec)': String(Math.round((endTime.getTime() - startTime.getTime()) / 1000)),
    completionDate: isoTime(endTime),
    cloudWatchLogLink: logLink(facts),
  });
}

export function crawlFailed(facts: CrawlFacts, errorMessage: string): AwsEvent {
  return crawlerEvent({
    accountId: facts.accountId,
    crawlerName: facts.crawlerName,
    state: 'Failed',
    message: 'Crawler Failed',
    errorMessage,
    cloudWatchLogLink: logLink(facts),
  });
}

function crawlerEvent(detail: Record<string, string>): AwsEvent {
  return { source: 'aws.glue', detailType: 'Glue Crawler State Change', resources: [], detail };
}

function logLink({ region, crawlerName }: CrawlFacts): string {
  return `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${CRAWLER_LOG_GROUP};stream=${crawlerName}`;
}

function isoTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
