// Runs a crawler between two snapshots, so that all that the crawl does can be shown, and undone.
import type { AwsClients } from '../../aws/aws-clients.js';
import { poll } from '../../aws/poll.js';
import { systemClock, type Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { snapshotCatalog, type SnapshotReason } from '../catalog-snapshot/index.js';
import { findHistory } from '../crawl-undo/find-crawls.js';
import type { Crawl } from '../crawl-undo/crawl.js';
import { databasesWritten } from './databases-written.js';
import { getCrawler } from './get-crawler.js';
import { runCrawler } from '../stack/crawl.js';

/** What to do when the crawler is at work already: wait and then run it, wait for that crawl only, or refuse. */
export type IfRunning = 'wait' | 'join' | 'fail';

export interface RunCrawlOptions {
  crawlerName: string;
  /** Where snapshots are kept; none are taken without one. */
  store?: string | undefined;
  ifRunning?: IfRunning;
  timeoutMs: number;
  /** Of the program, kept in the snapshots. */
  version: string;
  onState: (state: string) => void;
  signal: AbortSignal;
  clock?: Clock;
}

export interface CrawlRun {
  crawl: Crawl;
  /** Ids of the snapshots; undefined when none was taken. */
  before: string | undefined;
  after: string | undefined;
}

/**
 * @throws GluepotError `usage` for a crawler that is not there or has no database, `guard-refused` when it is at work under
 *   `fail`, `failed` when the crawl does, with AWS's message and the last lines of its log, `timed-out`
 */
export async function runCrawl(clients: AwsClients, options: RunCrawlOptions): Promise<CrawlRun> {
  const { crawlerName, ifRunning = 'wait', timeoutMs, onState, signal, clock = systemClock } = options;
  const scope = { clients, clock, signal };
  const hint = 'The crawl goes on; look after it with gluepot crawl history.';
  const crawler = await getCrawler(clients.glue, crawlerName, { signal });
  const isBusy = crawler.State !== 'READY';
  if (isBusy && ifRunning === 'fail') {
    throw new GluepotError(
      'guard-refused',
      `Crawler ${crawlerName} is ${crawler.State} already. Wait for its end, or say --if-running wait or join.`,
    );
  }
  const wait = { what: `crawler ${crawlerName}`, timeoutMs, hint, onState };
  const untilReady = () =>
    poll(scope, wait, async () => {
      const { State } = await getCrawler(clients.glue, crawlerName, { signal });
      return State === 'READY' ? { done: true } : { state: State };
    });
  if (isBusy) await untilReady();
  const isJoined = isBusy && ifRunning === 'join';
  const databases = databasesWritten(crawler);
  const snapshot = async (reason: SnapshotReason, labels: Record<string, string>) => {
    if (options.store === undefined || databases.length === 0) return undefined;
    onState('taking a snapshot');
    const { store, version } = options;
    const scopeOfSnapshot = { databases, statistics: 'tables' as const };
    const asked = { store, scope: scopeOfSnapshot, reason, labels, version, signal, clock };
    // By times alone is told what was before the crawl and what after: by the service's those of the crawl, by ours the snapshots'.
    const apart = () => clock.sleep(clock.uncertaintyMs?.() ?? 0, signal);
    if (reason === 'post-crawl') await apart();
    const { manifest } = await snapshotCatalog(clients, asked);
    if (reason === 'pre-crawl') await apart();
    return manifest.id;
  };
  const before = isJoined ? undefined : await snapshot('pre-crawl', { crawler: crawlerName });
  try {
    if (!isJoined) await runCrawler(scope, crawlerName, { timeoutMs, onState, hint });
  } catch (error) {
    // Half of its work may be done, and is to be seen and undone all the same.
    if (error instanceof GluepotError && error.kind === 'failed') {
      await snapshot('post-crawl', { crawler: crawlerName });
    }
    throw error;
  }
  const history = await findHistory({ glue: clients.glue, clock, signal }, crawlerName);
  const crawl = history.filter(({ state }) => state !== 'RUNNING').at(-1) as Crawl;
  const labels: Record<string, string> = { crawler: crawlerName };
  if (crawl.crawlId !== undefined) labels['crawlId'] = crawl.crawlId;
  return { crawl, before, after: await snapshot('post-crawl', labels) };
}
