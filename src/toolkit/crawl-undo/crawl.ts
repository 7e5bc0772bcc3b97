// A crawl as its history tells of it, and what it is known to have written.
import type { CrawlerHistory } from '@aws-sdk/client-glue';
import { definitionDifferences, type Evidence, type ObjectOf } from '../../change/index.js';

/** What a crawl says it did, by kind and action; `undefined` when its history says nothing. */
export interface CrawlSummary {
  tables: Readonly<Record<SummaryAction, ReadonlySet<string>>>;
  /** Names of the tables whose partitions these are. */
  partitions: Readonly<Record<SummaryAction, ReadonlySet<string>>>;
}

export type SummaryAction = 'ADD' | 'UPDATE' | 'DELETE';

export interface Crawl {
  /** Undefined where the history is not to be had, and GetCrawler's LastCrawl stands in for it. */
  crawlId: string | undefined;
  crawlerName: string;
  start: Date;
  /** Undefined where AWS does not say: then all until now is taken to be within the crawl. */
  end: Date | undefined;
  state: string;
  summary: CrawlSummary | undefined;
}

export function crawlOf(crawlerName: string, history: CrawlerHistory): Crawl | undefined {
  if (!history.StartTime) return undefined;
  return {
    crawlId: history.CrawlId,
    crawlerName,
    start: history.StartTime,
    end: history.EndTime,
    state: history.State ?? 'unknown',
    summary: summaryOf(history),
  };
}

/** AWS leaves the summary out when a crawl changed nothing; a crawl that failed may have changed something all the same. */
function summaryOf({ Summary, State }: CrawlerHistory): CrawlSummary | undefined {
  if (Summary !== undefined) return parseSummary(Summary);
  return State === 'COMPLETED' ? parseSummary('{}') : undefined;
}

/**
 * The Summary of ListCrawls: JSON whose leaves are JSON texts, `{"TABLE":{"ADD":"{\"Details\":{\"names\":[...]}}"}}` (seen in
 * public code that reads it). Undefined when it is something else: then it is no evidence.
 */
export function parseSummary(text: string): CrawlSummary | undefined {
  try {
    const summary = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
    const namesOf = (kind: string, action: SummaryAction): ReadonlySet<string> => {
      const leaf = summary[kind]?.[action];
      if (leaf === undefined) return new Set();
      const { Details } = JSON.parse(leaf) as { Details?: { names?: unknown } };
      return new Set(Array.isArray(Details?.names) ? Details.names.map(String) : []);
    };
    const actionsOf = (kind: string) => ({
      ADD: namesOf(kind, 'ADD'),
      UPDATE: namesOf(kind, 'UPDATE'),
      DELETE: namesOf(kind, 'DELETE'),
    });
    return { tables: actionsOf('TABLE'), partitions: actionsOf('PARTITION') };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The catalog keeps times of tables and partitions in whole seconds, cut off. */
export function secondOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** Whether something with this time, in whole seconds, can have happened during the crawl. */
export function isWithin({ start, end }: Pick<Crawl, 'start' | 'end'>, time: Date | undefined): boolean {
  if (time === undefined) return false;
  return secondOf(time) >= secondOf(start) && (end === undefined || secondOf(time) <= secondOf(end));
}

/** Whether it is certain that something with this time happened before the crawl began. */
export function isBefore({ start }: Pick<Crawl, 'start'>, time: Date | undefined): boolean {
  return time !== undefined && secondOf(time) < secondOf(start);
}

/**
 * Whether the crawls deleted what a table's name stands for, as their history says; `undefined` where it says nothing.
 */
export function toldDeleted(
  crawls: readonly Crawl[],
  kind: 'tables' | 'partitions',
  TableName: string,
): { isTold: boolean; evidence: Evidence[] } | undefined {
  if (crawls.some(({ summary }) => summary === undefined)) return undefined;
  const evidence = crawls.flatMap(({ crawlId, summary }): Evidence[] =>
    crawlId !== undefined && summary?.[kind].DELETE.has(TableName) === true
      ? [{ from: 'crawl-changes', crawlId }]
      : [],
  );
  return { isTold: evidence.length > 0, evidence };
}

/** Tables that were there before the crawls (in the order of time) and that one of them deleted, as their history says. */
export function tablesToldDeleted(crawls: readonly Crawl[]): string[] {
  const first = new Map<string, 'ADD' | 'DELETE'>();
  for (const { summary } of crawls) {
    for (const action of ['DELETE', 'ADD'] as const) {
      for (const TableName of summary?.tables[action] ?? []) {
        if (!first.has(TableName)) first.set(TableName, action);
      }
    }
  }
  return [...first].filter(([, action]) => action === 'DELETE').map(([TableName]) => TableName);
}

/** Whether the crawls changed or deleted partitions of a table, as their history says. */
export function hasChangedPartitions(crawls: readonly Crawl[], TableName: string): boolean {
  return crawls.some(
    ({ summary }) =>
      summary !== undefined &&
      [summary.partitions.UPDATE, summary.partitions.DELETE].some((names) => names.has(TableName)),
  );
}

/** Whether the crawls made, changed or deleted partitions of a table, as their history says. */
export function tellsOfPartitions(crawls: readonly Crawl[], TableName: string): boolean {
  return crawls.some(
    ({ summary }) => summary && Object.values(summary.partitions).some((names) => names.has(TableName)),
  );
}

/** Whether a crawl may have written a table or partitions of it: its history says so, or says nothing. */
export function mayHaveWritten({ summary }: Crawl, TableName: string): boolean {
  if (!summary) return true;
  const { tables, partitions } = summary;
  return [...Object.values(tables), ...Object.values(partitions)].some((names) => names.has(TableName));
}

/**
 * Whether a version of a table bears the crawl's mark: the crawler's name, and where AWS writes them the crawl's id, or for
 * a table that the crawl deprecated the millisecond at which it did (seen in GetTable answers).
 */
export function bearsMarkOf(
  { crawlerName, crawlId, start, end }: Crawl,
  { definition }: ObjectOf<'table'>,
): boolean {
  const { UPDATED_BY_CRAWLER, CRAWL_RUN_ID, DEPRECATED_BY_CRAWLER } = definition.Parameters ?? {};
  if (UPDATED_BY_CRAWLER !== crawlerName) return false;
  if (DEPRECATED_BY_CRAWLER !== undefined) {
    const deprecatedMs = Number(DEPRECATED_BY_CRAWLER);
    if (deprecatedMs >= start.getTime() && !(deprecatedMs > (end?.getTime() ?? Infinity))) return true;
  }
  return CRAWL_RUN_ID === undefined || crawlId === undefined || CRAWL_RUN_ID === crawlId;
}

/** Parameters that crawlers write, whatever the format of the files (seen in crawled tables). */
const CRAWLER_PARAMETERS = [
  ...['UPDATED_BY_CRAWLER', 'CRAWL_RUN_ID', 'DEPRECATED_BY_CRAWLER'],
  ...['CrawlerSchemaSerializerVersion', 'CrawlerSchemaDeserializerVersion', 'partition_filtering.enabled'],
  ...['classification', 'compressionType', 'typeOfData', 'exclusions'],
  ...['averageRecordSize', 'recordCount', 'sizeKey', 'objectCount'],
];

/** Whether nothing but parameters of crawlers differs: what a crawl does when it writes a table for a second time. */
export function isCrawlersTouch(before: ObjectOf<'table'>, after: ObjectOf<'table'>): boolean {
  const differences = definitionDifferences<'table'>('table', before.definition, after.definition);
  return differences.every(({ path }) =>
    CRAWLER_PARAMETERS.some(
      (name) => path === `Parameters.${name}` || path === `StorageDescriptor.Parameters.${name}`,
    ),
  );
}

/** Crawlers count what they read into each partition that they write; Athena, Spark and people do not (seen in crawled partitions). */
const CRAWLER_COUNTS = ['averageRecordSize', 'recordCount', 'sizeKey'];

export function isMadeByCrawler({ definition }: ObjectOf<'partition'>): boolean {
  const { Parameters, StorageDescriptor } = definition;
  return [Parameters, StorageDescriptor?.Parameters].some((some) =>
    CRAWLER_COUNTS.every((name) => some?.[name] !== undefined),
  );
}

/** A partition of Delta manifests (AWS docs: their tables are of SymlinkTextInputFormat): there is nothing that a crawler could count. */
export function isOfManifests({ definition }: ObjectOf<'partition'>): boolean {
  return definition.StorageDescriptor?.InputFormat?.endsWith('.SymlinkTextInputFormat') ?? false;
}
