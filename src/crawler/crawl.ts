// One crawl from start to end: plan, act. Its lines in the log tell what happened.
import { catalogResources } from '../catalog/authorized-catalog.js';
import type { Queues } from '../queues/open-queues.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { applyDecisions } from './act/apply-decisions.js';
import { writeFiles } from './act/write-files.js';
import { authorizeChanges } from './authorize-changes.js';
import type { CrawlerDefinition } from './crawler.js';
import { takeEvents } from './events/event-inbox.js';
import { eventQueueOf } from './events/event-queue.js';
import { hasDatabase } from './observe/read-catalog.js';
import type { PlanContext } from './plan-context.js';
import { planCrawl } from './plan-crawl.js';
import { hasCatalogTargets, parseCatalogTargets } from './targets/catalog-target.js';
import { summaryLines, type CrawlSummary } from './record/crawl-summary.js';
import type { ChangeRecorder } from './record/recorded-change.js';

export interface CrawlContext extends PlanContext {
  state: State;
  /** ARN of the crawler's session. */
  createdBy: string;
  recorder: ChangeRecorder;
  queues: Queues;
  /** A crawl has succeeded since the crawler is defined as it is. */
  hasSucceededBefore: boolean;
  /** Called when the crawl has decided and begins to write. */
  onWriting(): void;
  summary(): CrawlSummary;
}

/** @throws Error with the words for the crawl's ErrorMessage; the signal's reason when it aborts */
export async function runCrawl(definition: CrawlerDefinition, context: CrawlContext): Promise<void> {
  if (definition.RecrawlPolicy.RecrawlBehavior !== 'CRAWL_EVENT_MODE') return crawlAll(definition, context);
  const inbox = await takeEvents(eventQueueOf(definition), context);
  // AWS docs: "Accelerating crawls using Amazon S3 event notifications" has both lines.
  const isByEvents = context.hasSucceededBefore;
  context.log.write(
    'INFO',
    isByEvents
      ? 'The crawl is running by consuming Amazon S3 events.'
      : 'Crawl is not running in S3 event mode',
  );
  try {
    await crawlAll(definition, isByEvents ? { ...context, changed: inbox.objects } : context);
  } catch (error) {
    inbox.giveBack();
    throw error;
  }
  inbox.acknowledge();
}

async function crawlAll(definition: CrawlerDefinition, context: CrawlContext): Promise<void> {
  const { catalog, session, log, progress } = context;
  const ofCatalog = parseCatalogTargets(definition.Targets.CatalogTargets ?? []);
  const databases = hasCatalogTargets(definition)
    ? [...new Set(ofCatalog.map(({ database }) => database))]
    : [definition.DatabaseName];
  for (const database of databases) session.require('glue:GetDatabase', catalogResources(context, database));
  const { writes, tableCount, files } = await planCrawl(definition, context);
  progress.tableCount = tableCount;
  const changesOf = ({ decisions }: (typeof writes)[number]) =>
    decisions.reduce((count, decision) => count + decision.changes.length, 0);
  progress.changeCount = writes.reduce((count, write) => count + changesOf(write), 0);

  log.write('BENCHMARK', `Classification complete, writing results to database ${databases.join(', ')}`);
  log.write('INFO', describeSettings(definition));
  log.flush();
  progress.phase = 'writing';
  context.onWriting();
  for (const { database, decisions } of writes) authorizeChanges(decisions, database, session, context);
  if (!hasCatalogTargets(definition) && !hasDatabase(catalog, definition.DatabaseName)) {
    session.require('glue:CreateDatabase', catalogResources(context, definition.DatabaseName));
    createDatabase(definition, context);
  }
  await writeFiles(files, context);
  let appliedBefore = 0;
  for (const write of writes) {
    await applyDecisions(write.decisions, {
      ...context,
      database: write.database,
      onApplied: (count) => (progress.appliedCount = appliedBefore + count),
    });
    appliedBefore = progress.appliedCount;
  }
  log.write('BENCHMARK', 'Finished writing to Catalog');
  for (const line of summaryLines(context.summary())) log.write('INFO', line);
}

// A crawler makes its database when it is missing, as AWS's do.
function createDatabase(
  { DatabaseName: database }: CrawlerDefinition,
  { state, catalog, recorder }: CrawlContext,
): void {
  state.transaction(() => {
    catalog.createDatabase({ Name: database });
    recorder.record({
      kind: 'database',
      action: 'create',
      database: database.toLowerCase(),
      reason: "The crawler's database did not exist.",
    });
  });
}

// The second form, with the configuration pretty-printed, was seen where a crawler has a Configuration.
function describeSettings({ Configuration, SchemaChangePolicy }: CrawlerDefinition): string {
  const policy = JSON.stringify(SchemaChangePolicy);
  if (Configuration === undefined) return `Crawler configured with SchemaChangePolicy ${policy}.`;
  const pretty = JSON.stringify(JSON.parse(Configuration), null, 4);
  return `Crawler configured with Configuration ${pretty} and SchemaChangePolicy ${policy}. Note that values in the Configuration override values in the SchemaChangePolicy for S3 Targets.`;
}

/** What LastCrawl and ListCrawls say of a failure. */
export function failureMessage(error: unknown): string {
  if (error instanceof AwsError) {
    const service = SERVICES_OF_ERRORS[error.name];
    return service === undefined
      ? error.message
      : `${error.message} (Service: ${service}; Status Code: ${error.statusCode}; Error Code: ${error.name})`;
  }
  return error instanceof Error ? error.message : String(error);
}

// How the SDK that crawlers use ends the messages of others' errors; seen for S3, taken to be so for DynamoDB.
const SERVICES_OF_ERRORS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Amazon S3',
  AccessDenied: 'Amazon S3',
  ResourceNotFoundException: 'AmazonDynamoDBv2',
};
