// Lambda: takes a snapshot of the catalog when a crawler starts or ends, and on a schedule for the events that got lost.
import { GetCrawlerCommand, GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsClients } from '../aws/aws-clients.js';
import { asGluepotError, isAwsError } from '../aws/aws-failure.js';
import { clientConfig, s3ClientConfig } from '../aws/client-config.js';
import { stderrLog, type Log } from '../base/log.js';
import { openDocumentStore, pruneSnapshots, snapshotCatalog } from '../toolkit/catalog-snapshot/index.js';
import { databasesWritten } from '../toolkit/crawl-run/databases-written.js';
import { readSettings, type CatalogSnapshotSettings } from './catalog-snapshot-settings.js';
import { readSnapshotEvent } from './catalog-snapshot-event.js';
import { signalBeforeEnd, type InvocationContext } from './invocation-context.js';

/** What is left for clearing up before Lambda ends the function. */
const RESERVE_MS = 10_000;

export type CatalogSnapshotResult =
  | {
      decision: 'taken';
      snapshotId: string;
      store: string;
      reason: string;
      counts: { databases: number; tables: number; partitions: number; moving: number };
      written: { objects: number; bytes: number };
      /** Ids of snapshots that the retention policy let go; of scheduled runs only. */
      pruned: readonly string[];
    }
  | { decision: 'skipped'; why: string };

type Clients = Pick<AwsClients, 'glue' | 's3' | 'sts'>;

/**
 * Takes the snapshot that `event` asks for: of the crawler's databases, or of all that the settings name. The start of a
 * crawl is told when the crawl is under way already: of what it had changed by then, an earlier snapshot is the evidence.
 * @throws GluepotError for an event or settings that are none, and when AWS refuses; then Lambda's retries and queue take over
 */
export async function handleCatalogSnapshot(
  clients: Clients,
  settings: CatalogSnapshotSettings,
  event: unknown,
  context: InvocationContext,
  log: Log,
): Promise<CatalogSnapshotResult> {
  const asked = readSnapshotEvent(event);
  const signal = signalBeforeEnd(context, RESERVE_MS);
  const { store, version, keep } = settings;
  try {
    const { statistics, tables } = settings;
    const databases =
      asked.kind === 'crawler' ? await databasesOf(clients, asked.crawler, signal) : settings.databases;
    if (asked.kind === 'crawler' && !databases) {
      const why = `Crawler ${asked.crawler} is not there any more; the next scheduled snapshot has what it left.`;
      log('warn', why);
      return { decision: 'skipped', why };
    }
    const { manifest, written } = await snapshotCatalog(clients, {
      store,
      scope: { ...(databases ? { databases } : {}), ...(tables === undefined ? {} : { tables }), statistics },
      reason: asked.reason,
      labels: asked.labels,
      version,
      signal,
    });
    const pruned =
      asked.kind === 'schedule' && keep
        ? (await pruneSnapshots(openDocumentStore(store, clients, { signal }), keep, { signal })).removed
        : [];
    const { id: snapshotId, reason, counts } = manifest;
    const result = { decision: 'taken' as const, snapshotId, store, reason, counts, written, pruned };
    log('info', 'snapshot taken', result);
    return result;
  } catch (error) {
    const failure = asGluepotError(error);
    log('error', failure.message, { kind: failure.kind, event });
    throw failure;
  }
}

/** Where the crawler writes; undefined when there is no such crawler. */
async function databasesOf(
  { glue }: Clients,
  Name: string,
  abortSignal: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name }), { abortSignal });
    return Crawler && databasesWritten(Crawler);
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return undefined;
    throw error;
  }
}

let clients: Clients | undefined;

/** Lambda's entry; settings come from the environment, see `readSettings`. */
export async function handler(event: unknown, context: InvocationContext): Promise<CatalogSnapshotResult> {
  const { env } = process;
  clients ??= {
    glue: new GlueClient(clientConfig),
    s3: new S3Client(s3ClientConfig(env)),
    sts: new STSClient(clientConfig),
  };
  return handleCatalogSnapshot(clients, readSettings(env), event, context, stderrLog());
}
