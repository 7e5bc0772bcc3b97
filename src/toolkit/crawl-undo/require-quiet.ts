// No crawl may be under way in a database that is about to be changed.
import { paginateGetCrawlers } from '@aws-sdk/client-glue';
import { poll } from '../../aws/poll.js';
import { GluepotError } from '../../base/errors.js';
import { databasesWritten } from '../crawl-run/databases-written.js';
import type { CrawlScope } from './find-crawls.js';

/** What to do when a crawler that writes into a database is at work. */
export type IfRunning = 'wait' | 'refuse';

const BUSY = new Set(['RUNNING', 'STOPPING']);

/**
 * Returns when no crawler that writes into one of the databases is at work.
 * @throws GluepotError `guard-refused` under `refuse`, naming the crawlers; `timed-out` after `timeoutMs`
 */
export async function requireQuiet(
  scope: CrawlScope,
  databases: readonly string[],
  options: { ifRunning: IfRunning; timeoutMs: number; onState?: (state: string) => void },
): Promise<void> {
  if (databases.length === 0) return;
  const wanted = new Set(databases.map((name) => name.toLowerCase()));
  const names = await busyCrawlers(scope, wanted);
  if (names.length === 0) return;
  const where = databases.join(', ');
  if (options.ifRunning === 'refuse') {
    throw new GluepotError(
      'guard-refused',
      `Nothing was done: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} crawling into ${where}. ` +
        'Wait for the end, or say --if-running wait.',
    );
  }
  const { timeoutMs, onState } = options;
  await poll(
    scope,
    { what: `crawlers that write into ${where}`, timeoutMs, ...(onState ? { onState } : {}) },
    async () => {
      const still = await busyCrawlers(scope, wanted);
      return still.length === 0 ? { done: true } : { state: still.join(', ') };
    },
  );
}

/** @param databases in lower case */
async function busyCrawlers({ glue, signal }: CrawlScope, databases: ReadonlySet<string>): Promise<string[]> {
  const names: string[] = [];
  for await (const { Crawlers = [] } of paginateGetCrawlers({ client: glue }, {}, { abortSignal: signal })) {
    for (const crawler of Crawlers) {
      if (!BUSY.has(crawler.State ?? '')) continue;
      if (databasesWritten(crawler).some((name) => databases.has(name))) names.push(crawler.Name as string);
    }
  }
  return names;
}
