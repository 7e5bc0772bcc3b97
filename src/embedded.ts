// The embedded AWS, composed: one data directory, one handler, SDK clients in process or HTTP on one port.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from './base/clock.js';
import { randomIds, type Ids } from './base/ids.js';
import { silentLog, type Log } from './base/log.js';
import { openBatch } from './batch/open-batch.js';
import { openCatalog } from './catalog/open-catalog.js';
import { openSchemaRegistry } from './catalog/schema-registry/open-schema-registry.js';
import { openClassifiers } from './crawler/classifiers/open-classifiers.js';
import { openCrawlers } from './crawler/open-crawlers.js';
import type { CrawlPreview } from './crawler/preview-crawl.js';
import { openDynamodb } from './dynamodb/open-dynamodb.js';
import type { EventFaults } from './events/delivery-faults.js';
import { isBusArn } from './events/event-rule.js';
import type { EmitEvent } from './events/event.js';
import { openEventBuses } from './events/open-events.js';
import { openOutbox } from './events/outbox.js';
import { eventSender } from './events/send-to-target.js';
import { destinationEvent } from './functions/destination-event.js';
import type { SendTo } from './functions/event-invocations.js';
import { openFunctions } from './functions/open-functions.js';
import { openIdentity, type Identity } from './identity/identity.js';
import { openProgramSessions } from './identity/program-sessions.js';
import { openDuckdbEngine } from './jobs/engines/duckdb/index.js';
import { openJobs } from './jobs/open-jobs.js';
import { openJobPrograms } from './jobs/programs/job-program.js';
import { openWorkflows } from './jobs/workflows/open-workflows.js';
import { openLogGroups } from './logs/open-log-groups.js';
import { openProcessRecords } from './processes/process-records.js';
import { batchService } from './services/batch/index.js';
import { openQueries } from './query/execution/open-queries.js';
import { TRINO_MACROS } from './query/select/macros.js';
import { dynamodbService } from './services/dynamodb/index.js';
import { eventsService } from './services/events/index.js';
import { athenaService } from './services/athena/index.js';
import { glueService } from './services/glue/index.js';
import { iamService } from './services/iam/index.js';
import { lambdaService } from './services/lambda/index.js';
import { logsService } from './services/logs/index.js';
import { schedulerService } from './services/scheduler/index.js';
import { s3Service } from './services/s3/index.js';
import { sqsService } from './services/sqs/index.js';
import { stsService } from './services/sts/index.js';
import { inProcessClients, type EmbeddedClients } from './in-process-clients.js';
import { openingFailure } from './opening-failure.js';
import type { MessageAttributes } from './queues/message-attributes.js';
import { openQueues } from './queues/open-queues.js';
import { openSchedules } from './schedules/open-schedules.js';
import { openState } from './state/state.js';
import { STATE_SCHEMAS } from './state-schemas.js';
import { openObjectStorage } from './storage/local-object-storage.js';
import { openDuckdb } from './tabular/duckdb.js';
import { trustingAuthenticator, verifyingAuthenticator, type Authenticate } from './wire/authenticate.js';
import { operationCaller, type CallOperation } from './wire/call-operation.js';
import { createDispatcher, type WireHandler } from './wire/dispatch.js';
import { startHttpServer, type HttpServer } from './wire/http-server.js';
import type { Service } from './wire/service.js';

export type { EmbeddedClients } from './in-process-clients.js';

export type { EventFaults } from './events/delivery-faults.js';

export type { CrawlPreview, PreviewedColumn } from './crawler/preview-crawl.js';

export interface EmbeddedOptions {
  /** Folder that keeps everything; made when missing. Without one a temporary folder is used and removed at close. */
  dataDir?: string;
  /** Twelve digits. */
  accountId?: string;
  /** Region of requests that name none, and of the in-process clients. */
  region?: string;
  /** How long a new or changed role stays invisible to Glue, in milliseconds, as it does on AWS; 0 for not at all. */
  iamDelayMs?: number;
  /** How long a crawl is RUNNING before it looks at anything, in milliseconds: AWS's take a minute; 0 for not at all. */
  crawlDelayMs?: number;
  /** False lets crawlers and jobs do everything, whatever the policies of their roles say; true when not given. */
  enforceIam?: boolean;
  /** With a key every request must be signed with it, or with temporary credentials that STS gave out. */
  accessKey?: AccessKey;
  /** What goes wrong with events on their way to targets, as it does on AWS; nothing unless said. */
  eventFaults?: EventFaults;
  /**
   * Bytes that queries and jobs may hold at once, a quarter of the machine's memory when left out. What needs more goes to
   * the folder `spill`, or fails.
   */
  queryMemoryBytes?: number;
  clock?: Clock;
  ids?: Ids;
  log?: Log;
}

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Embedded {
  readonly dataDir: string;
  readonly accountId: string;
  readonly region: string;
  readonly handler: WireHandler;
  /** What the handler answers: each service's operations by name. */
  readonly services: readonly Service[];
  /** What a crawl of the crawler would do now, and why; nothing is changed. @throws what a crawl fails with */
  previewCrawl(crawlerName: string, signal: AbortSignal): Promise<CrawlPreview>;
  /** New SDK v3 clients that reach the handler without a socket. */
  clients(): EmbeddedClients;
  /**
   * Makes a finished file on the data directory's disk an object, without reading it: its ETag is no MD5. The file is gone
   * behind it, whether that worked or not. @throws AwsError NoSuchBucket
   */
  adoptFile(path: string, to: { bucket: string; key: string; contentType: string }): Promise<void>;
  /**
   * Serves the handler over HTTP as well; port 0 takes any free one.
   * @throws GluepotError `usage` when the port is taken
   */
  listen(options: { port: number; host?: string }): Promise<HttpServer>;
  /** Ends servers, crawls and job runs, and lets go of the data directory. */
  close(): Promise<void>;
}

/**
 * @throws GluepotError `guard-refused` when another process has the data directory open, or a newer gluepot wrote it;
 *   `failed` when its state cannot be read, `usage` when something else is where one of its folders must be
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'gluepot-'));
  const opened: Closeable[] = [];
  try {
    return compose(options, dataDir, opened);
  } catch (error) {
    for (const part of opened.reverse()) await part.close();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw openingFailure(dataDir, error);
  }
}

interface Closeable {
  close(): unknown;
}

/** `opened` gets what must be closed again should a later part fail to open. */
function compose(options: EmbeddedOptions, dataDir: string, opened: Closeable[]): Embedded {
  const {
    accountId = '123456789012',
    region = 'us-east-1',
    iamDelayMs = 0,
    crawlDelayMs = 0,
    enforceIam = true,
    clock = systemClock,
    ids = randomIds,
    log = silentLog,
  } = options;
  const state = openState(join(dataDir, 'gluepot.db'), STATE_SCHEMAS);
  opened.push(state);
  // Buses come later than those who speak of themselves.
  const emit: EmitEvent = (event) => events.emit(event);
  const storage = openObjectStorage(state, {
    root: join(dataDir, 's3'),
    clock,
    ids,
    region,
    accountId,
    emit,
    // Queues come later than those who tell them.
    sendToQueue: (queueArn, body) => void queues.tell(queueArn, body),
  });
  const identity = openIdentity(state, { clock, ids, accountId, region, iamDelayMs, enforceIam });
  const logs = openLogGroups(state, { clock });
  const catalog = openCatalog(state, {
    emit,
    clock,
    accountId,
    region,
    columnsOf: (reference) => schemaRegistry.resolveSchemaReference(reference),
  });
  const dynamodb = openDynamodb(state, { clock, ids, accountId, region, emit, log });
  opened.push(dynamodb.timeToLive);
  const queues = openQueues(state, { clock, ids, accountId, region });
  opened.push(queues);
  const call: CallOperation = (operation) => callOperation(operation);
  const outbox = openOutbox(state, {
    clock,
    log,
    faults: options.eventFaults,
    send: eventSender({
      call,
      clock,
      forward: (bus, event) => events.forward(bus, event),
      notifyWorkflow: (name, eventId) => workflows.notifyEvent(name, eventId),
    }),
    sendDeadLetter: (queueArn, body, attributes) =>
      void queues.send(queueArn, body, { attributes: asMessageAttributes(attributes) }),
  });
  opened.push(outbox);
  const events = openEventBuses(state, { clock, ids, log, accountId, region, outbox });
  opened.push(events);
  const schedules = openSchedules(state, { clock, ids, log, accountId, region, outbox });
  opened.push(schedules);
  const { tags } = catalog;
  const schemaRegistry = openSchemaRegistry(state, { clock, ids, accountId, region, tags });
  const roles = identity.directory;
  const duckdb = openDuckdb({
    folders: [storage.root],
    temporaryDirectory: join(dataDir, 'spill'),
    memoryLimitBytes: options.queryMemoryBytes,
    prelude: TRINO_MACROS,
  });
  const engine = openDuckdbEngine({ catalog, storage, duckdb, clock, accountId, region });
  const account = { clock, ids, log, accountId, region };
  const classifiers = openClassifiers(state, clock);
  const crawlers = openCrawlers(state, {
    catalog,
    connections: catalog.connections,
    classifiers,
    storage,
    dynamodb,
    queues,
    roles,
    logs,
    tags,
    emit,
    crawlDelayMs,
    ...account,
  });
  opened.push(crawlers);
  const processes = openProcessRecords(state);
  opened.push(processes);
  const programs = {
    logs,
    sessions: openProgramSessions(identity, clock),
    processes,
    endpoint: () => programEndpoint(),
    dataDir,
    ...account,
  };
  const runScript = openJobPrograms(state, { storage, ...programs });
  const jobs = openJobs(state, { engine, runScript, roles, logs, tags, emit, ...account });
  opened.push(jobs);
  const workflows = openWorkflows(state, { jobs, crawlers, tags, clock, ids, log });
  opened.push(workflows);
  const queries = openQueries(state, { catalog, storage, duckdb, clock, ids, log });
  opened.push(queries);
  const sendTo: SendTo = (arn, body, attributes = {}) => {
    if (isBusArn(arn)) events.accept(events.requireBus(arn), destinationEvent(body, arn));
    else if (arn.startsWith('arn:aws:lambda:')) functions.invokeLater(arn, body);
    else queues.send(arn, body, { attributes: asMessageAttributes(attributes) });
  };
  const batch = openBatch(state, { emit, ...programs });
  opened.push(batch);
  const functions = openFunctions(state, { storage, roles, sendTo, ...programs });
  opened.push(functions);

  const closing = new AbortController();
  const hasOperation = (service: string, operation: string) =>
    services.some(({ signingName, operations }) => signingName === service && operation in operations);
  const services: readonly Service[] = [
    glueService({ catalog, schemaRegistry, classifiers, crawlers, jobs, workflows, storage, clock, ids }),
    iamService(identity),
    stsService(identity),
    logsService({ logs, clock, ids, closing: closing.signal }),
    sqsService(queues, { accountId }),
    schedulerService({ schedules, roles, clock, hasOperation }),
    eventsService({ state, events, roles, clock }),
    s3Service({ storage, queues, clock, ids, accountId }),
    athenaService({ state, queries, catalog, storage, clock }),
    batchService(batch, { accountId, region }),
    lambdaService(functions, account),
    dynamodbService(dynamodb),
  ];
  const callOperation = operationCaller({ services, ids, accountId, region });
  const handler = createDispatcher({
    services,
    ids,
    log,
    accountId,
    region,
    durable: () => state.durable(),
    authenticate: authenticatorFor(identity, clock, options.accessKey),
  });
  const servers: HttpServer[] = [];
  const serve = async ({ port, host }: { port: number; host: string }) => {
    const server = await startHttpServer(handler, { port, host, log });
    servers.push(server);
    return server;
  };
  // Programs speak HTTP: when nobody has asked for a port, they get one of this machine's own.
  let ownServer: Promise<HttpServer> | undefined;
  const programEndpoint = async () => {
    const { endpoint } = servers[0] ?? (await (ownServer ??= serve({ port: 0, host: '127.0.0.1' })));
    return endpoint.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  };
  return {
    dataDir,
    accountId,
    region,
    handler,
    services,
    previewCrawl: (crawlerName, signal) => crawlers.preview(crawlerName, signal),
    clients: () => inProcessClients(handler, { region, credentials: options.accessKey }),
    async adoptFile(path, { bucket, key, contentType }) {
      await storage.adopt(bucket, key, path, { contentType });
    },
    async listen({ port, host = '127.0.0.1' }) {
      const server = await serve({ port, host });
      schedules.resume();
      outbox.resume();
      batch.resume();
      functions.resume();
      return server;
    },
    async close() {
      closing.abort();
      events.close();
      schedules.close();
      workflows.close();
      queues.close();
      dynamodb.timeToLive.close();
      await outbox.close();
      const programsEnded = Promise.all([batch.close(), functions.close(), jobs.close()]);
      await Promise.all([programsEnded, ...servers.map((server) => server.close())]);
      processes.close();
      await Promise.all([crawlers.close(), queries.close()]);
      await duckdb.close();
      state.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function authenticatorFor(identity: Identity, clock: Clock, accessKey: AccessKey | undefined): Authenticate {
  const callerArnOf = (accessKeyId: string) => identity.callerOf(accessKeyId).arn;
  if (!accessKey) return trustingAuthenticator(callerArnOf);
  const lookUpSecret = (accessKeyId: string) =>
    accessKeyId === accessKey.accessKeyId
      ? { secretAccessKey: accessKey.secretAccessKey }
      : identity.credentials.find(accessKeyId);
  return verifyingAuthenticator(callerArnOf, lookUpSecret, clock);
}

function asMessageAttributes(attributes: Record<string, string>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
