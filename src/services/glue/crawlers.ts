// Glue's operations on crawlers and their crawls.
import type { Crawler } from '@aws-sdk/client-glue';
import type { Crawlers } from '../../crawler/open-crawlers.js';
import { decodePageToken, encodePageToken } from '../../catalog/page-token.js';
import type { Operations } from '../../wire/service.js';
import { pageOptions } from './answer.js';

/** AWS's model: MaxResults of lists of crawlers and of crawls. */
const PAGE_MAX = 1000;
/** AWS docs: ListCrawls answers with so many unless told otherwise. */
const CRAWLS_PAGE_DEFAULT = 20;

export function crawlerOperations({ crawlers }: { crawlers: Crawlers }) {
  const page = (
    operation: string,
    input: { NextToken?: string | undefined; MaxResults?: number | undefined },
    isWanted: (name: string) => boolean = () => true,
  ) => {
    const { after, count } = pageOptions(operation, input, PAGE_MAX);
    const names = crawlers.names(after === undefined ? {} : { after }).filter(isWanted);
    const kept = names.slice(0, count);
    return {
      names: kept,
      token: names.length > count ? { NextToken: encodePageToken(operation, kept.at(-1) as string) } : {},
    };
  };
  const known = (names: readonly string[]): Crawler[] =>
    names.map((name) => crawlers.find(name)).filter((crawler) => crawler !== undefined);

  return {
    CreateCrawler({ Tags, ...input }) {
      crawlers.create(input, Tags);
      return {};
    },
    UpdateCrawler(input) {
      crawlers.update(input);
      return {};
    },
    DeleteCrawler({ Name }) {
      crawlers.delete(Name);
      return {};
    },
    GetCrawler({ Name }) {
      return { Crawler: crawlers.get(Name) };
    },
    GetCrawlers(input) {
      const { names, token } = page('GetCrawlers', input);
      return { Crawlers: known(names), ...token };
    },
    BatchGetCrawlers({ CrawlerNames }) {
      return {
        Crawlers: known(CrawlerNames),
        CrawlersNotFound: CrawlerNames.filter((name) => crawlers.find(name) === undefined),
      };
    },
    ListCrawlers(input) {
      const wanted = Object.entries(input.Tags ?? {});
      const { names, token } = page('ListCrawlers', input, (name) => {
        const tags = wanted.length > 0 ? crawlers.tags(name) : {};
        return wanted.every(([key, value]) => tags[key] === value);
      });
      return { CrawlerNames: names, ...token };
    },
    StartCrawler({ Name }) {
      crawlers.start(Name);
      return {};
    },
    StopCrawler({ Name }) {
      crawlers.stop(Name);
      return {};
    },
    StartCrawlerSchedule({ CrawlerName }) {
      crawlers.startSchedule(CrawlerName);
      return {};
    },
    StopCrawlerSchedule({ CrawlerName }) {
      crawlers.stopSchedule(CrawlerName);
      return {};
    },
    UpdateCrawlerSchedule({ CrawlerName, Schedule }) {
      crawlers.updateSchedule(CrawlerName, Schedule);
      return {};
    },
    GetCrawlerMetrics({ CrawlerNameList, ...input }) {
      const asked = CrawlerNameList && CrawlerNameList.length > 0 ? new Set(CrawlerNameList) : undefined;
      const { names, token } = page('GetCrawlerMetrics', input, (name) => asked?.has(name) ?? true);
      return { CrawlerMetricsList: names.map((name) => crawlers.metrics(name)), ...token };
    },
    ListCrawls({ CrawlerName, MaxResults, Filters, NextToken }) {
      const operation = `ListCrawls ${CrawlerName}`;
      const before = NextToken ? Number(decodePageToken(operation, NextToken)) : undefined;
      const { crawls, next } = crawlers.listCrawls(CrawlerName, {
        ...(Filters ? { filters: Filters } : {}),
        ...(before === undefined ? {} : { before }),
        count: Math.min(MaxResults ?? CRAWLS_PAGE_DEFAULT, PAGE_MAX),
      });
      return {
        Crawls: crawls,
        ...(next === undefined ? {} : { NextToken: encodePageToken(operation, String(next)) }),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
