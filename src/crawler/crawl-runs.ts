// Crawls under way: started in the background, stopped on request, recorded however they end.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import { messageOf } from '../base/errors.js';
import type { EmitEvent } from '../events/event.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Connections } from '../catalog/connection.js';
import type { Queues } from '../queues/open-queues.js';
import type { RoleDirectory } from '../identity/role-directory.js';
import type { DynamoDb } from '../dynamodb/open-dynamodb.js';
import type { LogGroups } from '../logs/log-groups.js';
import type { State } from '../state/state.js';
import { authorizedStorage } from '../storage/authorized-storage.js';
import type { ObjectStorage } from '../storage/object-storage.js';
import { AwsError } from '../wire/aws-error.js';
import { failureMessage, runCrawl } from './crawl.js';
import { newProgress, type CrawlProgress } from './crawl-progress.js';
import type { Classifiers } from './classifiers/open-classifiers.js';
import type { CrawlerDefinition } from './crawler.js';
import { END_WORDS } from './record/crawl-answers.js';
import type { CrawlHistory } from './record/crawl-history.js';
import { openCrawlLog, type CrawlLog } from './record/crawl-log.js';
import { crawlFailed, crawlStarted, crawlSucceeded } from './record/crawler-event.js';
import type { ChangeRecorder } from './record/recorded-change.js';

export interface CrawlRunsContext {
  state: State;
  catalog: Catalog;
  connections: Pick<Connections, 'get'>;
  classifiers: Classifiers;
  storage: ObjectStorage;
  dynamodb: DynamoDb;
  queues: Queues;
  roles: RoleDirectory;
  logs: LogGroups;
  clock: Clock;
  ids: Ids;
  accountId: string;
  region: string;
  emit: EmitEvent;
  diagnostics: Log;
  /** How long a crawl is RUNNING before it looks at anything, in milliseconds. */
  crawlDelayMs: number;
  /** Called within the transaction that records the end of a crawl. */
  onEnd?: (end: CrawlEnd) => void;
}

/** How a crawl ended, in the words of triggers. */
export interface CrawlEnd {
  crawlId: string;
  state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  errorMessage?: string | undefined;
}

export type CrawlerState = 'READY' | 'RUNNING' | 'STOPPING';

export interface CrawlRuns {
  /** Starts a crawl and returns its id. `definedAt` is when the definition last changed. @throws AwsError CrawlerRunningException */
  start(definition: CrawlerDefinition, definedAt: Date): string;
  /** @throws AwsError CrawlerNotRunningException, CrawlerStoppingException */
  stop(crawlerName: string): void;
  stateOf(crawlerName: string): CrawlerState;
  progressOf(crawlerName: string): CrawlProgress | undefined;
  /** Resolves when the crawler is READY. */
  finished(crawlerName: string): Promise<void>;
  /** Stops every crawl and waits for its end. */
  close(): Promise<void>;
}

interface Run {
  startTime: Date;
  state: 'RUNNING' | 'STOPPING';
  abort: AbortController;
  progress: CrawlProgress;
  end: Promise<void>;
}

/** Crawls that an earlier process left RUNNING become FAILED here. */
export function openCrawlRuns(context: CrawlRunsContext, history: CrawlHistory): CrawlRuns {
  const { clock, ids, logs, state, emit, accountId, region } = context;
  const factsOf = (crawlerName: string) => ({ crawlerName, accountId, region });
  const runs = new Map<string, Run>();

  state.transaction(() => {
    for (const { crawlId, crawlerName } of history.running()) {
      const message = 'The process that ran this crawl ended before the crawl did.';
      const log = openCrawlLog(logs, clock, crawlerName, crawlId);
      history.finish(crawlId, 'FAILED', clock.now(), message);
      log.write('ERROR', message);
      finishLog(log);
      emit(crawlFailed(factsOf(crawlerName), message));
    }
  });

  const execute = async (
    definition: CrawlerDefinition,
    crawlId: string,
    run: Run,
    recorder: ChangeRecorder,
    log: CrawlLog,
    hasSucceededBefore: boolean,
  ) => {
    log.write('BENCHMARK', `Running Start Crawl for Crawler ${definition.Name}`);
    let outcome: 'COMPLETED' | 'FAILED' | 'STOPPED' = 'COMPLETED';
    let message: string | undefined;
    try {
      // Whoever started the crawl gets an answer first.
      if (context.crawlDelayMs > 0) await clock.sleep(context.crawlDelayMs, run.abort.signal);
      else await yieldToOthers();
      run.abort.signal.throwIfAborted();
      const role = context.roles.requireAssumable(definition.Role, 'glue.amazonaws.com');
      const session = context.roles.openSession(role, 'AWS-Crawler');
      await runCrawl(definition, {
        ...context,
        storage: authorizedStorage(context.storage, session.require),
        session,
        crawlId,
        createdBy: session.arn,
        hasSucceededBefore,
        log,
        recorder,
        progress: run.progress,
        signal: run.abort.signal,
        onWriting: () => void (run.state = 'STOPPING'),
        summary: () => history.summary(crawlId),
      });
    } catch (error) {
      outcome = run.abort.signal.aborted ? 'STOPPED' : 'FAILED';
      if (outcome === 'FAILED') message = failureMessage(error);
    }
    state.transaction(() => {
      const endTime = clock.now();
      history.finish(crawlId, outcome, endTime, message);
      const facts = factsOf(definition.Name);
      if (message !== undefined) emit(crawlFailed(facts, message));
      if (outcome === 'COMPLETED') {
        emit(crawlSucceeded(facts, { startTime: run.startTime, endTime, summary: history.summary(crawlId) }));
      }
      if (message !== undefined) log.write('ERROR', message);
      if (outcome === 'STOPPED') log.write('INFO', 'The crawl was stopped.');
      finishLog(log);
      context.onEnd?.({ crawlId, state: END_WORDS[outcome], errorMessage: message });
    });
  };

  return {
    start(definition, definedAt) {
      const { Name } = definition;
      if (runs.has(Name)) {
        throw new AwsError('CrawlerRunningException', `Crawler with name ${Name} has already started`);
      }
      const crawlId = ids.uuid();
      const startTime = clock.now();
      const hasSucceededBefore = history
        .list(Name, { since: definedAt })
        .some((crawl) => crawl.state === 'COMPLETED');
      const run: Run = {
        startTime,
        state: 'RUNNING',
        abort: new AbortController(),
        progress: newProgress(),
        end: Promise.resolve(),
      };
      const recorder = state.transaction(() => {
        emit(crawlStarted(factsOf(Name), startTime));
        return history.start(crawlId, Name, startTime);
      });
      runs.set(Name, run);
      run.end = execute(
        definition,
        crawlId,
        run,
        recorder,
        openCrawlLog(logs, clock, Name, crawlId),
        hasSucceededBefore,
      )
        .catch((error: unknown) => {
          // The end itself could not be recorded (a full disk): the next process finds the crawl RUNNING and fails it.
          context.diagnostics('error', 'A crawl could not be recorded', {
            crawler: Name,
            crawlId,
            error: messageOf(error),
          });
        })
        .finally(() => runs.delete(Name));
      return crawlId;
    },
    stop(name) {
      const run = runs.get(name);
      if (!run) {
        throw new AwsError('CrawlerNotRunningException', `Crawler with name ${name} is not running`);
      }
      if (run.state === 'STOPPING') {
        throw new AwsError('CrawlerStoppingException', `Crawler with name ${name} is stopping`);
      }
      run.state = 'STOPPING';
      run.abort.abort();
    },
    stateOf: (name) => runs.get(name)?.state ?? 'READY',
    progressOf: (name) => runs.get(name)?.progress,
    finished: (name) => runs.get(name)?.end ?? Promise.resolve(),
    async close() {
      for (const run of runs.values()) run.abort.abort();
      await Promise.all([...runs.values()].map((run) => run.end));
    },
  };
}

function finishLog(log: CrawlLog): void {
  log.write('BENCHMARK', 'Crawler has finished running and is in state READY');
  log.flush();
}
