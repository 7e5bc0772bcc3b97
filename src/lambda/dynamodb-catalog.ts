// Lambda: keeps every DynamoDB table in the catalog, a few dozen at a time; what time does not suffice for, the next invocation does.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GlueClient } from '@aws-sdk/client-glue';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsClients } from '../aws/aws-clients.js';
import { asGluepotError } from '../aws/aws-failure.js';
import { clientConfig } from '../aws/client-config.js';
import { GluepotError } from '../base/errors.js';
import { stderrLog, type Log } from '../base/log.js';
import {
  reconcileTables,
  openCatalogScope,
  pruneCatalog,
  tableNames,
  type CatalogClients,
  type CatalogScope,
  type PruneResult,
  type ReconciledTable,
} from '../toolkit/dynamodb-catalog/index.js';
import {
  CONTINUATION_SOURCE,
  CONTINUATION_TYPE,
  CONTINUATIONS_MAX,
  readDynamodbCatalogEvent,
} from './dynamodb-catalog-event.js';
import { readSettings, type DynamodbCatalogSettings } from './dynamodb-catalog-settings.js';
import { signalBeforeEnd, type InvocationContext } from './invocation-context.js';

/** No tables are begun with less time than this: IAM alone may take a minute to let Glue see roles. */
const CHUNK_RESERVE_MS = 120_000;
/** What is left for handing on before Lambda ends the function. */
const RESERVE_MS = 10_000;

export interface DynamodbCatalogResult {
  tables: ReconciledTable[];
  pruned: PruneResult[];
  /** The last table of this invocation, when another one goes on behind it. */
  continuedAfter?: string;
}

type Clients = CatalogClients & Pick<AwsClients, 'events'>;

/**
 * Makes it so for the tables that `event` asks for, starts their crawlers, and prunes when the settings say so. What fails
 * at one table does not keep the others; in the end it fails the invocation, so that it is seen.
 * @throws GluepotError `usage` for an event or settings that are none, `partial-apply` with the tables that failed
 */
export async function handleDynamodbCatalog(
  clients: Clients,
  settings: DynamodbCatalogSettings,
  event: unknown,
  context: InvocationContext,
  log: Log,
): Promise<DynamodbCatalogResult> {
  const asked = readDynamodbCatalogEvent(event);
  const signal = signalBeforeEnd(context, RESERVE_MS);
  try {
    const scope = await openCatalogScope(clients, settings.DatabaseName, { signal });
    const result: DynamodbCatalogResult =
      asked.kind === 'table'
        ? { tables: await reconcileTables(scope, settings, [asked.TableName]), pruned: [] }
        : await reconcileAll(clients, scope, settings, asked, context);
    const isDeletion = asked.kind === 'table' && asked.eventName === 'DeleteTable';
    const isLast = result.continuedAfter === undefined && (asked.kind === 'all' || isDeletion);
    if (settings.prune && isLast) result.pruned = await pruneCatalog(scope, settings);
    tell(result, log);
    return result;
  } catch (error) {
    const failure = asGluepotError(error);
    log('error', failure.message, { kind: failure.kind, event });
    throw failure;
  }
}

async function reconcileAll(
  clients: Clients,
  scope: CatalogScope,
  settings: DynamodbCatalogSettings,
  { after, continuations }: { after: string | undefined; continuations: number },
  context: InvocationContext,
): Promise<DynamodbCatalogResult> {
  const names = (await tableNames(scope, settings)).filter((name) => after === undefined || name > after);
  const tables: ReconciledTable[] = [];
  let last: string | undefined;
  for (let start = 0; start < names.length; start += settings.chunk) {
    // The first tables are begun in any case, or nothing would ever be done.
    if (last !== undefined && context.getRemainingTimeInMillis() < CHUNK_RESERVE_MS) {
      await handOn(clients, last, continuations + 1);
      return { tables, pruned: [], continuedAfter: last };
    }
    const chunk = names.slice(start, start + settings.chunk);
    tables.push(...(await reconcileTables(scope, settings, chunk)));
    last = chunk.at(-1);
  }
  return { tables, pruned: [] };
}

/** Through EventBridge: a function that invokes itself is what Lambda's loop detection ends after some sixteen times. */
async function handOn({ events }: Clients, after: string, continuations: number): Promise<void> {
  if (continuations > CONTINUATIONS_MAX) {
    throw new GluepotError(
      'failed',
      `Given up behind table ${after}, after ${CONTINUATIONS_MAX} continuations.`,
    );
  }
  const Detail = JSON.stringify({ after, continuations });
  const entry = { Source: CONTINUATION_SOURCE, DetailType: CONTINUATION_TYPE, Detail };
  const { Entries = [], FailedEntryCount = 0 } = await events.send(
    new PutEventsCommand({ Entries: [entry] }),
  );
  if (FailedEntryCount > 0) {
    throw new GluepotError(
      'failed',
      `The rest behind ${after} could not be handed on: ${Entries[0]?.ErrorMessage}`,
    );
  }
}

function tell(result: DynamodbCatalogResult, log: Log): void {
  const { tables, pruned, continuedAfter } = result;
  const counts: Record<string, number> = {};
  for (const { outcome } of tables) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const wrong = [...tables, ...pruned].filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'conflict',
  );
  for (const { TableName, outcome, message } of wrong)
    log('error', message ?? outcome, { TableName, outcome });
  log('info', 'catalog reconciled', { counts, pruned: pruned.length, continuedAfter });
  if (wrong.length === 0) return;
  const [first] = wrong;
  throw new GluepotError(
    'partial-apply',
    `${wrong.length} of ${tables.length} tables failed or are in conflict, e.g. ${first?.TableName}: ${first?.message}`,
  );
}

let clients: Clients | undefined;

/** Lambda's entry; settings come from the environment, see `readSettings`. */
export async function handler(event: unknown, context: InvocationContext): Promise<DynamodbCatalogResult> {
  clients ??= {
    dynamodb: new DynamoDBClient(clientConfig),
    events: new EventBridgeClient(clientConfig),
    glue: new GlueClient(clientConfig),
    iam: new IAMClient(clientConfig),
    logs: new CloudWatchLogsClient(clientConfig),
    sts: new STSClient(clientConfig),
  };
  return handleDynamodbCatalog(clients, readSettings(process.env), event, context, stderrLog());
}
