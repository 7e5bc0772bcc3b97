// Which crawlers came in between while a plan was carried out: what is in conflict then may be their work.
import { paginateGetCrawlers, type Crawler } from '@aws-sdk/client-glue';
import { systemClock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { databasesOf, PartialApplyError, type CatalogAccess, type Plan } from '../../change/index.js';
import { databasesWritten } from '../crawl-run/databases-written.js';
import { secondOf } from './crawl.js';

/** Carries the plan out by `act`. @throws what `act` throws; of a conflict the message names the crawlers that crawled meanwhile */
export async function namingCrawls<T>(access: CatalogAccess, plan: Plan, act: () => Promise<T>): Promise<T> {
  const { clock = systemClock } = access;
  const began = clock.now();
  try {
    return await act();
  } catch (error) {
    if (!isConflict(error)) throw error;
    // Who may not look at crawlers hears of the conflict all the same.
    const crawls = await crawlsSince(access, databasesOf(plan), began).catch(() => []);
    if (crawls.length === 0) throw error;
    const message = `${error.message} ${crawls.join('; ')}: what is in conflict may come of that.`;
    if (error instanceof PartialApplyError) {
      throw new PartialApplyError(message, error.report, { cause: error.cause });
    }
    throw new GluepotError(error.kind, message, { cause: error.cause, result: error.result });
  }
}

function isConflict(error: unknown): error is GluepotError {
  if (error instanceof PartialApplyError) return error.report.conflicts.length > 0;
  return error instanceof GluepotError && error.kind === 'conflict';
}

async function crawlsSince(
  { glue, signal }: CatalogAccess,
  databases: readonly string[],
  began: Date,
): Promise<string[]> {
  const wanted = new Set(databases.map((name) => name.toLowerCase()));
  const crawls: string[] = [];
  for await (const { Crawlers = [] } of paginateGetCrawlers({ client: glue }, {}, { abortSignal: signal })) {
    for (const crawler of Crawlers) {
      const into = databasesWritten(crawler).filter((name) => wanted.has(name));
      const what = crawlText(crawler, began);
      if (into.length > 0 && what) crawls.push(`Crawler ${crawler.Name} ${what} into ${into.join(', ')}`);
    }
  }
  return crawls;
}

/** The catalog's times are whole seconds. */
function crawlText({ State, LastCrawl }: Crawler, began: Date): string | undefined {
  if (State === 'RUNNING' || State === 'STOPPING') return 'is crawling';
  const start = LastCrawl?.StartTime;
  if (!start || secondOf(start) < secondOf(began)) return undefined;
  return `crawled meanwhile, from ${start.toISOString()} on,`;
}
