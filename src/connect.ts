// The one place that chooses between AWS and the embedded AWS. Nobody behind it can tell which it was.
import { join } from 'node:path';
import { systemClock, type Clock } from './base/clock.js';
import { GluepotError, messageOf } from './base/errors.js';
import { findServer, removeServerFile, writeServerFile, type RunningServer } from './server-file.js';
import type { AwsClients } from './aws/aws-clients.js';
import { ACCOUNT_RETRIES } from './aws/client-config.js';
import { closeClients, openClients } from './aws/open-clients.js';
import { serviceClock } from './aws/service-clock.js';
import type { CrawlPreview, Embedded, EventFaults } from './embedded.js';

export type { CrawlPreview, EventFaults, PreviewedColumn } from './embedded.js';

export type Target = 'local' | 'aws';

export const DEFAULT_DATA_DIR = '.gluepot';
export const LOCAL_REGION = 'us-east-1';

export interface ConnectOptions {
  target: Target;
  /** Folder of the embedded AWS; `.gluepot` when not given. */
  dataDir?: string;
  /** For `local` us-east-1 when not given, whatever the shell says: a folder's content must not depend on it. */
  region?: string;
  /** Of the shared AWS configuration; `aws` only. */
  profile?: string;
  /** Speak to this endpoint instead of the target's own. */
  endpointUrl?: string;
}

export interface Connection {
  clients: AwsClients;
  target: Target;
  /** Of the services that the clients speak to. */
  clock: Clock;
  /** For people: where it leads. */
  description: string;
  /** Of an embedded AWS in this process, whose objects are files on this disk: see Embedded. */
  adoptFile?: Embedded['adoptFile'];
  close(): Promise<void>;
}

/**
 * Clients for the target. For `local` they go to the server that holds the data directory, if one runs, and otherwise
 * open the folder in this process.
 * @throws GluepotError `guard-refused` when another process holds the folder and does not serve it, `usage` without a region
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  if (options.target === 'aws') return connectToAws(options);
  const dataDir = options.dataDir ?? DEFAULT_DATA_DIR;
  if (options.endpointUrl !== undefined) {
    return connectToServer({ endpoint: options.endpointUrl, region: LOCAL_REGION }, options.region);
  }
  const server = await findServer(dataDir);
  if (server) return connectToServer(server, options.region);
  try {
    return await connectInProcess(dataDir, options.region);
  } catch (error) {
    // A server may have opened the folder since it was looked for.
    const late = isHeld(error) ? await findServer(dataDir) : undefined;
    if (!late) throw error;
    return connectToServer(late, options.region);
  }
}

function isHeld(error: unknown): boolean {
  return error instanceof GluepotError && error.kind === 'guard-refused';
}

/** An empty embedded AWS in a temporary folder, which close() removes: to try out what would happen. */
export interface Scratch {
  dataDir: string;
  clients: AwsClients;
  /** What a crawl of the crawler would do now, and why. */
  previewCrawl(crawlerName: string, signal: AbortSignal): Promise<CrawlPreview>;
  close(): Promise<void>;
}

export async function openScratch(): Promise<Scratch> {
  const { openEmbedded } = await import('./embedded.js');
  const embedded = await openEmbedded({ region: LOCAL_REGION });
  return {
    dataDir: embedded.dataDir,
    clients: embedded.clients(),
    previewCrawl: (crawlerName, signal) => embedded.previewCrawl(crawlerName, signal),
    close: () => embedded.close(),
  };
}

async function connectInProcess(dataDir: string, region = LOCAL_REGION): Promise<Connection> {
  const { openEmbedded } = await import('./embedded.js');
  const embedded = await openEmbedded({ dataDir, region });
  return {
    clients: embedded.clients(),
    target: 'local',
    clock: systemClock,
    description: `local, data in ${join(dataDir, '/')}`,
    adoptFile: (path, to) => embedded.adoptFile(path, to),
    close: () => embedded.close(),
  };
}

async function connectToServer(
  server: Pick<RunningServer, 'endpoint' | 'region' | 'accessKey'>,
  region = server.region,
): Promise<Connection> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = 'test', AWS_SECRET_ACCESS_KEY: secretAccessKey = 'test' } =
    process.env;
  const clients = await openClients({
    region,
    endpoint: server.endpoint,
    credentials: server.accessKey ?? { accessKeyId, secretAccessKey },
  });
  return {
    clients,
    target: 'local',
    clock: serviceClock([clients.glue, clients.sts]),
    description: `local, server ${server.endpoint}`,
    close: () => closeClients(clients),
  };
}

async function connectToAws({ region, profile, endpointUrl }: ConnectOptions): Promise<Connection> {
  const clients = await openClients({
    ...ACCOUNT_RETRIES,
    region,
    profile,
    endpoint: endpointUrl,
  });
  try {
    region = await clients.glue.config.region();
  } catch (error) {
    throw new GluepotError('usage', 'No AWS region. Give one with --region, AWS_REGION, or in the profile.', {
      cause: error,
    });
  }
  await requireCredentials(clients, profile);
  const description = [
    `aws, ${region}`,
    ...(profile ? [`profile ${profile}`] : []),
    ...(endpointUrl ? [endpointUrl] : []),
  ];
  return {
    clients,
    target: 'aws',
    clock: serviceClock([clients.glue, clients.sts]),
    description: description.join(', '),
    close: () => closeClients(clients),
  };
}

// The SDK does not say which profile it looked into, nor that it was one.
async function requireCredentials({ glue }: AwsClients, profile: string | undefined): Promise<void> {
  try {
    await glue.config.credentials();
  } catch (error) {
    if (profile === undefined) throw error;
    throw new GluepotError(
      'not-permitted',
      `Profile ${profile} gives no AWS credentials: ${messageOf(error).replace(/\.$/, '')}. Look into ~/.aws/config and ~/.aws/credentials.`,
      { cause: error },
    );
  }
}

export interface ServeOptions {
  dataDir: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  region?: string;
  /** How long new roles stay invisible to Glue, in milliseconds. */
  iamDelayMs?: number;
  /** False lets crawlers and jobs do everything, whatever their roles allow. */
  enforceIam?: boolean;
  /** Requests must be signed with it. */
  accessKey?: { accessKeyId: string; secretAccessKey: string };
  /** What goes wrong with events on their way to targets; nothing unless said. */
  eventFaults?: EventFaults;
}

export interface Serving {
  endpoint: string;
  region: string;
  close(): Promise<void>;
}

/**
 * Serves the embedded AWS on one port, and says so in the data directory.
 * @throws GluepotError `guard-refused` when the folder is in use, `usage` when the port is taken
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { dataDir, host, port, region = LOCAL_REGION } = options;
  const { iamDelayMs, enforceIam, accessKey, eventFaults } = options;
  const { openEmbedded } = await import('./embedded.js');
  const embedded = await openEmbedded({
    dataDir,
    region,
    iamDelayMs,
    enforceIam,
    accessKey,
    eventFaults,
  }).catch(async (error: unknown) => {
    const server = isHeld(error) ? await findServer(dataDir) : undefined;
    if (!server) throw error;
    throw new GluepotError(
      'guard-refused',
      `The data directory ${dataDir} is served already: ${server.endpoint}, process ${server.pid}. ` +
        'Use that, stop it, or choose another --data-dir.',
      { cause: error },
    );
  });
  try {
    const { endpoint } = await embedded.listen({ host, port });
    // A server on every address is reached from here on the loopback.
    const reachable = endpoint.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
    const startedAt = new Date().toISOString();
    writeServerFile(dataDir, { pid: process.pid, endpoint: reachable, region, startedAt, accessKey });
    return {
      endpoint: reachable,
      region,
      async close() {
        removeServerFile(dataDir);
        await embedded.close();
      },
    };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}
