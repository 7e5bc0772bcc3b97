// The embedded AWS: one data directory, one handler, SDK clients in process or HTTP on one port.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from './base/clock.js';
import { randomIds, type Ids } from './base/ids.js';
import { silentLog, type Log } from './base/log.js';
import type { CrawlPreview } from './crawler/preview-crawl.js';
import type { EventFaults } from './events/delivery-faults.js';
import type { Identity } from './identity/identity.js';
import { batchService } from './services/batch/index.js';
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
import { trustingAuthenticator, verifyingAuthenticator, type Authenticate } from './wire/authenticate.js';
import { operationCaller } from './wire/call-operation.js';
import { createDispatcher, type WireHandler } from './wire/dispatch.js';
import { startHttpServer, type HttpServer } from './wire/http-server.js';
import type { Service } from './wire/service.js';
import { openParts, type Closeable, type Parts } from './embedded-parts.js';

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

/** See `openParts` for `opened`. */
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
  const parts = openParts(
    {
      ...{ dataDir, accountId, region, iamDelayMs, crawlDelayMs, enforceIam, clock, ids, log },
      eventFaults: options.eventFaults,
      queryMemoryBytes: options.queryMemoryBytes,
    },
    { call: (operation) => callOperation(operation), programEndpoint: () => programEndpoint() },
    opened,
  );
  const closing = new AbortController();
  const services = servicesOf(parts, { accountId, region, clock, ids, closing: closing.signal });
  const callOperation = operationCaller({ services, ids, accountId, region });
  const handler = createDispatcher({
    services,
    ids,
    log,
    accountId,
    region,
    durable: () => parts.state.durable(),
    authenticate: authenticatorFor(parts.identity, clock, options.accessKey),
  });
  const servers: HttpServer[] = [];
  const serve = async ({ port, host }: { port: number; host: string }) => {
    const server = await startHttpServer(handler, { port, host, clock, log });
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
    previewCrawl: (crawlerName, signal) => parts.crawlers.preview(crawlerName, signal),
    clients: () => inProcessClients(handler, { region, credentials: options.accessKey }),
    async adoptFile(path, { bucket, key, contentType }) {
      await parts.storage.adopt(bucket, key, path, { contentType });
    },
    async listen({ port, host = '127.0.0.1' }) {
      const server = await serve({ port, host });
      parts.resume();
      return server;
    },
    async close() {
      closing.abort();
      await parts.close(() => Promise.all(servers.map((server) => server.close())));
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function servicesOf(
  parts: Parts,
  { accountId, region, clock, ids, closing }: ServiceSettings,
): readonly Service[] {
  const { state, storage, identity, logs, catalog, schemaRegistry, classifiers, crawlers, jobs, workflows } =
    parts;
  const { dynamodb, queues, events, schedules, queries, batch, functions } = parts;
  const roles = identity.directory;
  const hasOperation = (service: string, operation: string) =>
    services.some(({ signingName, operations }) => signingName === service && operation in operations);
  const services: readonly Service[] = [
    glueService({ catalog, schemaRegistry, classifiers, crawlers, jobs, workflows, storage, clock, ids }),
    iamService(identity),
    stsService(identity),
    logsService({ logs, clock, ids, closing }),
    sqsService(queues, { accountId }),
    schedulerService({ schedules, roles, clock, hasOperation }),
    eventsService({ state, events, roles, clock }),
    s3Service({ storage, queues, clock, ids, accountId }),
    athenaService({ state, queries, catalog, storage, clock }),
    batchService(batch, { accountId, region }),
    lambdaService(functions, { clock, ids, accountId, region }),
    dynamodbService(dynamodb),
  ];
  return services;
}

interface ServiceSettings {
  accountId: string;
  region: string;
  clock: Clock;
  ids: Ids;
  closing: AbortSignal;
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
