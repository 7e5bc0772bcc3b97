// Jobs and crawlers as a chain starts, watches and stops them.
import type { Crawl } from '@aws-sdk/client-glue';
import { isLive } from '../job-run.js';
import type { Jobs } from '../open-jobs.js';
import type { NodeName } from '../triggers/trigger.js';
import type { ChainNodes } from './chain-runner.js';

/** What chains need of crawlers, which are no part of jobs. */
export interface WorkflowCrawlers {
  /** @throws AwsError EntityNotFoundException */
  get(name: string): unknown;
  /** Starts a crawl and gives its id. @throws AwsError CrawlerRunningException */
  start(name: string): string;
  /** @throws AwsError CrawlerNotRunningException, CrawlerStoppingException */
  stop(name: string): void;
  /** The crawl as workflows show it; CompletedOn is there when it has ended. */
  crawl(crawlId: string): Crawl | undefined;
  /** Calls `listener` within the transaction that records the end of a crawl. */
  onEnd(listener: (end: { crawlId: string; state: string; errorMessage?: string | undefined }) => void): void;
}

export function chainNodes(
  jobs: Jobs,
  crawlers: WorkflowCrawlers,
): ChainNodes & { require(node: NodeName): void } {
  return {
    require: ({ kind, name }) => void (kind === 'JOB' ? jobs.definitions.get(name) : crawlers.get(name)),
    start({ kind, name }, { trigger, action, arguments: own }) {
      if (kind === 'CRAWLER') return crawlers.start(name);
      const { Arguments, Timeout, SecurityConfiguration, NotificationProperty } = action;
      return jobs.start(
        {
          JobName: name,
          Arguments: { ...Arguments, ...own },
          ...(Timeout === undefined ? {} : { Timeout }),
          ...(SecurityConfiguration === undefined ? {} : { SecurityConfiguration }),
          ...(NotificationProperty === undefined ? {} : { NotificationProperty }),
        },
        trigger,
      ).runId;
    },
    endOf({ kind }, runId) {
      if (kind === 'JOB') {
        const run = jobs.runs.find(runId);
        if (!run) return { state: 'ERROR', errorMessage: `Job run ${runId} is not there any more.` };
        return isLive(run) ? undefined : { state: run.state, errorMessage: run.errorMessage };
      }
      const crawl = crawlers.crawl(runId);
      if (!crawl) return { state: 'ERROR', errorMessage: `Crawl ${runId} is not there any more.` };
      return crawl.CompletedOn
        ? { state: crawl.State ?? 'ERROR', errorMessage: crawl.ErrorMessage }
        : undefined;
    },
    stop({ kind, name }, runId) {
      if (kind === 'JOB') {
        const run = jobs.runs.find(runId);
        if (run && isLive(run)) jobs.stop(name, runId);
      } else {
        const isCrawling = crawlers.crawl(runId)?.State === 'RUNNING';
        if (isCrawling) crawlers.stop(name);
      }
    },
  };
}
