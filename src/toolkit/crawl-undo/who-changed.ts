// Who changed an object since it was left as it was to be: a crawler by its mark and its history, else nobody that is known.
import { paginateGetCrawlers, type TableInput } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { systemClock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import {
  decideChange,
  type CatalogAccess,
  type CatalogObject,
  type CatalogObjectKey,
  type Change,
  type Definition,
  type ObjectOf,
  type ObjectStates,
  type ThreeWayOptions,
} from '../../change/index.js';
import { databasesWritten } from '../crawl-run/databases-written.js';
import { isWithin, type Crawl, type CrawlSummary } from './crawl.js';
import { findHistory } from './find-crawls.js';
import type { OwnWrites } from './own-writes.js';

/** Begins a sentence, e.g. `Crawler nightly`; undefined where nothing tells. */
export type WhoChanged = (states: ObjectStates) => Promise<string | undefined>;

/** As `decideChange`; where an edit stands in the way, who made it is found out, and named in the reason. */
export async function decideNaming(
  states: ObjectStates,
  options: ThreeWayOptions,
  whoChanged: WhoChanged,
): Promise<Change> {
  const change = decideChange(states, options);
  if (!isOverEdit(change, states, options)) return change;
  return decideChange({ ...states, changedBy: await whoChanged(states) }, options);
}

/** Whether what was decided is so because somebody changed the object. */
export function isOverEdit(change: Change, states: ObjectStates, options: ThreeWayOptions): boolean {
  if (change.action === 'conflict') return true;
  const { onConflict = 'abort' } = options;
  return (
    onConflict !== 'abort' && decideChange(states, { ...options, onConflict: 'abort' }).action === 'conflict'
  );
}

/**
 * By our own journals, then by marks and histories of crawlers, which are read once and only when they are asked for. Crawls that began before `since` changed
 * nothing after it.
 */
export function openWhoChanged(access: CatalogAccess, since: Date, ownWrites?: OwnWrites): WhoChanged {
  const histories = new Map<string, Promise<Crawl[]>>();
  const crawlsOf = (crawlerName: string) => {
    const known = histories.get(crawlerName) ?? readHistory(access, crawlerName);
    histories.set(crawlerName, known);
    return known;
  };
  let names: Promise<string[]> | undefined;
  return async ({ key, base, current }) => {
    if (key.kind === 'table' && current) {
      const own = await ownWrites?.ofTable(current as ObjectOf<'table'>);
      if (own) return `Journal ${own.journalId} (${own.operation})`;
      return crawlerByMark(current as CatalogObject & { definition: TableInput }, leftAs(base), crawlsOf);
    }
    names ??= crawlersInto(access, key.DatabaseName);
    for (const name of await names) {
      const told = (await crawlsOf(name)).find(
        ({ start, summary }) => start >= since && summary && tellsOf(summary, key),
      );
      if (told) return toldText(told, key);
    }
    const own = await ownWrites?.of(key);
    return own && `Journal ${own.journalId} (${own.operation}), or somebody else after it,`;
  };
}

function leftAs(base: ObjectStates['base']): TableInput | undefined {
  return base.known ? (base.definition as Definition as TableInput | undefined) : undefined;
}

/** People's edits keep a mark: only one that came since tells of a crawl, and of no edit after it. */
async function crawlerByMark(
  { definition, provenance: { UpdateTime } }: CatalogObject & { definition: TableInput },
  left: TableInput | undefined,
  crawlsOf: (crawlerName: string) => Promise<Crawl[]>,
): Promise<string | undefined> {
  const { UPDATED_BY_CRAWLER: name, CRAWL_RUN_ID: crawlId } = definition.Parameters ?? {};
  const before = left?.Parameters;
  if (name === undefined) return undefined;
  if (name === before?.['UPDATED_BY_CRAWLER'] && crawlId === before['CRAWL_RUN_ID']) return undefined;
  const crawl = (await crawlsOf(name)).find((one) =>
    crawlId === undefined ? isWithin(one, UpdateTime) : one.crawlId === crawlId,
  );
  if (!crawl) return `Crawler ${name}, as the table’s parameter UPDATED_BY_CRAWLER says,`;
  if (isWithin(crawl, UpdateTime) || !UpdateTime) return crawlText(crawl);
  return `${crawlText(crawl)}, and somebody else at ${UpdateTime.toISOString()},`;
}

function crawlText({ crawlerName, crawlId, start, end }: Crawl): string {
  const until = end ? ` to ${end.toISOString()}` : '';
  const id = crawlId === undefined ? '' : `crawl ${crawlId}, `;
  return `Crawler ${crawlerName} (${id}from ${start.toISOString()}${until})`;
}

/** Of partitions a history tells no more than of which table some were changed. */
function toldText(crawl: Crawl, { kind }: CatalogObjectKey): string {
  return kind === 'table'
    ? `${crawlText(crawl)}, as its history says,`
    : `${crawlText(crawl)}, whose history tells of partitions of this table, or somebody else`;
}

function tellsOf({ tables, partitions }: CrawlSummary, key: CatalogObjectKey): boolean {
  if (key.kind === 'table') return tables.DELETE.has(key.TableName);
  if (key.kind !== 'partition') return false;
  return Object.values(partitions).some((names) => names.has(key.TableName));
}

/** None where they may not be looked at: then nothing tells. */
async function crawlersInto({ glue, signal }: CatalogAccess, DatabaseName: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { Crawlers = [] } of paginateGetCrawlers(
      { client: glue },
      {},
      { abortSignal: signal },
    )) {
      const writing = Crawlers.filter((crawler) => databasesWritten(crawler).includes(DatabaseName));
      names.push(...writing.flatMap(({ Name }) => Name ?? []));
    }
  } catch (error) {
    if (!isAwsError(error, 'AccessDeniedException')) throw error;
  }
  return names;
}

/** Newest first; none where it is not to be had. */
async function readHistory(
  { glue, signal = new AbortController().signal, clock = systemClock }: CatalogAccess,
  crawlerName: string,
): Promise<Crawl[]> {
  try {
    return (await findHistory({ glue, signal, clock }, crawlerName)).reverse();
  } catch (error) {
    const isGone = error instanceof GluepotError && error.kind === 'usage';
    if (!isGone && !isAwsError(error, 'AccessDeniedException')) throw error;
    return [];
  }
}
