// Crawlers of the account: definitions, schedules, crawls and their history.
import type { Crawl, Crawler, CrawlerHistory, CrawlerMetrics, CrawlsFilter } from '@aws-sdk/client-glue';
import { silentLog, type Log } from '../base/log.js';
import type { Tags } from '../catalog/tag.js';
import { tellNobody, type EmitEvent } from '../events/event.js';
import { openScheduleTimers } from '../events/schedule-timers.js';
import { parseSchedule } from '../schedules/glue-cron.js';
import { openDocuments } from '../state/documents.js';
import { AwsError } from '../wire/aws-error.js';
import { newProgress, type CrawlProgress } from './crawl-progress.js';
import { openCrawlRuns, type CrawlEnd, type CrawlRunsContext } from './crawl-runs.js';
import { defineCrawler, type CrawlerDefinition, type CrawlerInput, type StoredCrawler } from './crawler.js';
import { describeCrawler } from './describe-crawler.js';
import { previewCrawl, type CrawlPreview } from './preview-crawl.js';
import { crawlOfHistory, crawlOfWorkflow } from './record/crawl-answers.js';
import { crawlFilter } from './record/crawl-filter.js';
import { openCrawlHistory } from './record/crawl-history.js';
import { crawlMetrics } from './record/crawl-metrics.js';
import type { RecordedChange } from './record/recorded-change.js';

/** @throws AwsError EntityNotFoundException where a crawler is named that is not there, and what the method says */
export interface Crawlers {
  /** @throws AwsError AlreadyExistsException, InvalidInputException */
  create(input: CrawlerInput, tags?: Record<string, string>): void;
  /** @throws AwsError InvalidInputException, CrawlerRunningException */
  update(input: CrawlerInput): void;
  /** @throws AwsError CrawlerRunningException */
  delete(name: string): void;
  get(name: string): Crawler;
  find(name: string): Crawler | undefined;
  /** In order of names, those after `after`. */
  names(options?: { after?: string; count?: number }): string[];
  tags(name: string): Record<string, string>;
  /** Starts a crawl in the background and gives its id. @throws AwsError CrawlerRunningException */
  start(name: string): string;
  /** Calls `listener` within the transaction that records the end of a crawl. */
  onEnd(listener: (end: CrawlEnd) => void): void;
  /** A crawl as workflows show it. */
  crawl(crawlId: string): Crawl | undefined;
  /** @throws AwsError CrawlerNotRunningException, CrawlerStoppingException */
  stop(name: string): void;
  /** @throws AwsError NoScheduleException, SchedulerRunningException */
  startSchedule(name: string): void;
  /** @throws AwsError NoScheduleException, SchedulerNotRunningException */
  stopSchedule(name: string): void;
  /** undefined or '' takes the schedule away. @throws AwsError InvalidInputException */
  updateSchedule(name: string, expression: string | undefined): void;
  /** What a crawl would do now, and why; nothing is changed. @throws what a crawl fails with */
  preview(name: string, signal: AbortSignal): Promise<CrawlPreview>;
  metrics(name: string): CrawlerMetrics;
  /** Newest first; pass `next` as `before` for the next page. @throws AwsError InvalidInputException */
  listCrawls(
    name: string,
    options: { filters?: CrawlsFilter[]; before?: number; count: number },
  ): { crawls: CrawlerHistory[]; next?: number };
  /** What a crawl did to the catalog, in the order in which it did so. */
  changes(crawlId: string): RecordedChange[];
  /** How far the crawl is that is under way. */
  progress(name: string): CrawlProgress | undefined;
  /** Resolves when the crawler is READY. */
  finished(name: string): Promise<void>;
  /** Ends schedules, stops crawls and waits for their end. */
  close(): Promise<void>;
}

/** The state must have been opened with documentsSchema and crawlSchema, and what the other parts need. */
export function openCrawlers(
  state: CrawlRunsContext['state'],
  parts: Omit<CrawlRunsContext, 'state' | 'diagnostics' | 'emit' | 'crawlDelayMs'> & {
    tags: Tags;
    crawlDelayMs?: number;
    log?: Log;
    emit?: EmitEvent;
  },
): Crawlers {
  const { clock, roles, tags, accountId, region, log = silentLog } = parts;
  const crawlers = openDocuments<StoredCrawler>(state, 'crawler');
  const history = openCrawlHistory(state);
  const endListeners: ((end: CrawlEnd) => void)[] = [];
  let isClosing = false;
  const runs = openCrawlRuns(
    {
      emit: tellNobody,
      crawlDelayMs: 0,
      ...parts,
      state,
      diagnostics: log,
      // What this process cannot start any more is left to the next one.
      onEnd: (end) => isClosing || endListeners.forEach((listener) => listener(end)),
    },
    history,
  );

  const require = (name: string): StoredCrawler => {
    const crawler = crawlers.get(name);
    if (crawler) return crawler;
    throw new AwsError('EntityNotFoundException', `Crawler entry with name ${name} does not exist`);
  };
  const requireReady = (name: string): StoredCrawler => {
    const crawler = require(name);
    if (runs.stateOf(name) !== 'READY') {
      throw new AwsError('CrawlerRunningException', `Crawler with name ${name} is running`);
    }
    return crawler;
  };
  const crawlsOf = (name: string, crawler: StoredCrawler) =>
    history.list(name, { since: crawler.creationTime });
  const tagPath = (name: string) => `crawler/${name}`;
  const requireClassifiers = ({ Classifiers: names }: CrawlerDefinition) =>
    parts.classifiers.build(names ?? []);
  const requireRole = (role: string, name: string) =>
    roles.requireAssumable(
      role,
      'glue.amazonaws.com',
      `arn:aws:glue:${region}:${accountId}:${tagPath(name)}`,
    );

  const start = (name: string) => {
    const { definition, lastUpdated } = require(name);
    return runs.start(definition, lastUpdated);
  };
  const timers = openScheduleTimers('crawler', { clock, log }, (name) => {
    // A crawl that is still under way when the next one is due takes its place.
    if (runs.stateOf(name) === 'READY') start(name);
  });
  const setTimer = (crawler: StoredCrawler) => {
    const { Name, ScheduleExpression } = crawler.definition;
    if (ScheduleExpression !== undefined && crawler.isScheduled)
      timers.set(Name, parseSchedule(ScheduleExpression));
    else timers.clear(Name);
  };
  for (const { document } of crawlers.list()) setTimer(document);
  tags.registerKind('crawler', (name) => crawlers.get(name) !== undefined);

  const describe = (crawler: StoredCrawler): Crawler => {
    const { Name } = crawler.definition;
    const crawls = history.list(Name, { since: crawler.creationTime, count: 2 });
    return describeCrawler(crawler, { state: runs.stateOf(Name), crawls, now: clock.now() });
  };

  const replace = (crawler: StoredCrawler) => {
    const updated = { ...crawler, version: crawler.version + 1, lastUpdated: clock.now() };
    crawlers.put(crawler.definition.Name, updated);
    setTimer(updated);
  };
  const requireSchedule = (name: string): StoredCrawler => {
    const crawler = require(name);
    if (crawler.definition.ScheduleExpression === undefined) {
      throw new AwsError('NoScheduleException', `Crawler with name ${name} has no schedule`);
    }
    return crawler;
  };
  const setScheduled = (crawler: StoredCrawler, isScheduled: boolean) => {
    const updated = { ...crawler, isScheduled };
    crawlers.put(crawler.definition.Name, updated);
    setTimer(updated);
  };

  return {
    create(input, tagMap) {
      const name = input.Name as string;
      if (crawlers.get(name)) {
        throw new AwsError('AlreadyExistsException', `Crawler with name ${name} already exists`);
      }
      const definition = defineCrawler(input);
      requireRole(definition.Role, name);
      requireClassifiers(definition);
      const now = clock.now();
      const crawler = { definition, version: 1, creationTime: now, lastUpdated: now, isScheduled: true };
      state.transaction(() => {
        tags.create(tagPath(name), tagMap);
        crawlers.put(name, crawler);
      });
      setTimer(crawler);
    },
    update(input) {
      const crawler = requireReady(input.Name as string);
      const definition = defineCrawler(input, crawler.definition);
      if (input.Role !== undefined) requireRole(definition.Role, definition.Name);
      requireClassifiers(definition);
      replace({
        ...crawler,
        definition,
        isScheduled: input.Schedule === undefined ? crawler.isScheduled : true,
      });
    },
    delete(name) {
      requireReady(name);
      timers.clear(name);
      state.transaction(() => {
        tags.delete(tagPath(name));
        crawlers.delete(name);
      });
    },
    get: (name) => describe(require(name)),
    find(name) {
      const crawler = crawlers.get(name);
      return crawler && describe(crawler);
    },
    names: (options) => crawlers.list(options).map(({ key }) => key),
    tags(name) {
      require(name);
      return tags.get(`arn:aws:glue:${region}:${accountId}:${tagPath(name)}`);
    },
    start,
    onEnd: (listener) => void endListeners.push(listener),
    crawl(crawlId) {
      const crawl = history.find(crawlId);
      return crawl && crawlOfWorkflow(crawl);
    },
    stop(name) {
      require(name);
      runs.stop(name);
    },
    startSchedule(name) {
      const crawler = requireSchedule(name);
      if (crawler.isScheduled) {
        throw new AwsError('SchedulerRunningException', `The schedule of crawler ${name} is already running`);
      }
      setScheduled(crawler, true);
    },
    stopSchedule(name) {
      const crawler = requireSchedule(name);
      if (!crawler.isScheduled) {
        throw new AwsError('SchedulerNotRunningException', `The schedule of crawler ${name} is not running`);
      }
      setScheduled(crawler, false);
    },
    updateSchedule(name, expression) {
      const crawler = require(name);
      const definition = defineCrawler({ Name: name, Schedule: expression ?? '' }, crawler.definition);
      replace({ ...crawler, definition, isScheduled: true });
    },
    preview(name, signal) {
      const { definition } = require(name);
      const session = roles.openSession(requireRole(definition.Role, name), 'AWS-Crawler');
      return previewCrawl(definition, { ...parts, session, progress: newProgress(), signal });
    },
    metrics(name) {
      const crawler = require(name);
      return crawlMetrics(name, crawlsOf(name, crawler), (crawlId) => history.summary(crawlId), clock.now());
    },
    listCrawls(name, { filters = [], before, count }) {
      const crawler = require(name);
      const matches = crawlFilter(filters);
      const found = history
        .list(name, {
          since: crawler.creationTime,
          ...(before === undefined ? {} : { beforeSequence: before }),
        })
        .filter(matches);
      const page = found.slice(0, count);
      const crawls = page.map((crawl) => crawlOfHistory(crawl, history.summary(crawl.crawlId)));
      const last = page.at(-1);
      return { crawls, ...(found.length > count && last ? { next: last.sequence } : {}) };
    },
    changes: (crawlId) => history.changes(crawlId),
    progress: (name) => runs.progressOf(name),
    finished: (name) => runs.finished(name),
    async close() {
      isClosing = true;
      timers.close();
      await runs.close();
    },
  };
}
