// What a crawl would do to the catalog, and why: observe and decide, without changing anything.
import type { Partition, Table } from '@aws-sdk/client-glue';
import type { Clock } from '../base/clock.js';
import type { Catalog } from '../catalog/catalog.js';
import type { DynamoDb } from '../dynamodb/open-dynamodb.js';
import type { RoleSession } from '../identity/role-session.js';
import type { ObjectStorage } from '../storage/object-storage.js';
import { BUILT_IN_CLASSIFIERS } from '../tabular/classify-file.js';
import type { Classifiers } from './classifiers/open-classifiers.js';
import { parseConfiguration, type CrawlerConfiguration } from './configuration.js';
import type { CrawlProgress } from './crawl-progress.js';
import type { CrawlerDefinition } from './crawler.js';
import { assignTableNames } from './decide/assign-names.js';
import type { CatalogView, TableDecision } from './decide/catalog-change.js';
import { decideChanges, type ChangeRules } from './decide/decide-changes.js';
import { decideNewPartitions } from './decide/decide-new-partitions.js';
import { discoveredFiles, discoveredTables, type Discovery } from './decide/discovery.js';
import { groupTables, singleFileTable, type TableGroup } from './decide/group-tables.js';
import { normalLocation } from './decide/merge-table.js';
import type { CrawledTable } from './decide/table-input.js';
import { parseDynamodbTarget } from './dynamodb-target.js';
import { collectInTurns } from './in-turns.js';
import type { CataloguedTable } from './observe/new-folders.js';
import { observeTarget, type ObservedTarget } from './observe/observe-target.js';
import { readPartitions, readTables } from './observe/read-catalog.js';
import { scanTable, type ScannedTable } from './observe/scan-table.js';
import type { CrawlLog } from './record/crawl-log.js';
import { isWithinTarget, parseTarget, type CrawlTarget } from './target.js';

export interface PlanContext {
  catalog: Catalog;
  classifiers: Classifiers;
  storage: ObjectStorage;
  dynamodb: DynamoDb;
  /** Whose permissions the crawl has. */
  session: RoleSession;
  accountId: string;
  region: string;
  clock: Clock;
  crawlId: string;
  /** Takes what people should know of the data: damaged objects, targets without a table. */
  log: CrawlLog;
  progress: CrawlProgress;
  signal: AbortSignal;
}

export interface CrawlPlan {
  /** One a table that the crawl found or missed; those without changes too. */
  decisions: TableDecision[];
  tableCount: number;
  /** What was found, in key order; `group` for tables of files. */
  found: { crawled: CrawledTable; group: TableGroup | undefined }[];
}

/**
 * @throws AwsError NoSuchBucket, ResourceNotFoundException for a DynamoDB table; Error when there are more tables than TableThreshold; the signal's reason when it aborts
 */
export async function planCrawl(definition: CrawlerDefinition, context: PlanContext): Promise<CrawlPlan> {
  const { log, progress, signal } = context;
  const configuration = parseConfiguration(definition.Configuration);
  const targets = (definition.Targets.S3Targets ?? []).map(parseTarget);
  const dynamodbTargets = (definition.Targets.DynamoDBTargets ?? []).map(parseDynamodbTarget);

  const isIncremental = definition.RecrawlPolicy.RecrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY';
  const own = isIncremental ? await readOwnTables(definition, targets, context) : undefined;
  const catalogued = own && own.length > 0 ? own : undefined;
  // AWS: custom classifiers in the order of the crawler, then the built-in ones.
  const classifiers = [...context.classifiers.build(definition.Classifiers ?? []), ...BUILT_IN_CLASSIFIERS];
  const observed: ObservedTarget[] = [];
  for (const target of targets) {
    observed.push(
      await observeTarget(context.storage, target, { signal, progress, catalogued, classifiers }),
    );
  }
  for (const target of observed) logDamage(target, log);
  const scanned: ScannedTable[] = [];
  for (const target of dynamodbTargets) scanned.push(await scanTable(target, context));
  progress.phase = 'deciding';
  return decide(definition, configuration, { observed, scanned }, catalogued, context);
}

async function decide(
  definition: CrawlerDefinition,
  configuration: CrawlerConfiguration,
  { observed, scanned }: { observed: readonly ObservedTarget[]; scanned: readonly ScannedTable[] },
  catalogued: readonly CataloguedTable[] | undefined,
  context: PlanContext,
): Promise<CrawlPlan> {
  const { catalog, clock, crawlId, log, signal } = context;
  const database = definition.DatabaseName;
  const identity = { crawlerName: definition.Name, crawlId };
  const groups = groupAll(observed, configuration, catalogued !== undefined, log);
  const discoveries = [
    ...groups.map((grouped) => discoveredFiles(grouped, identity, configuration)),
    ...discoveredTables(scanned, identity),
  ];
  const { tableCountMax } = configuration;
  if (tableCountMax !== undefined && discoveries.length > tableCountMax) {
    throw new Error(
      `The number of tables detected by crawler: ${discoveries.length} is greater than the table threshold value provided: ${tableCountMax}. Failing crawler without writing to Data Catalog.`,
    );
  }
  const tables = await readTables(catalog, database, signal);
  const names = assignTableNames(
    discoveries.map(({ location }) => location),
    definition.TablePrefix ?? '',
    (name) => {
      const table = tables.get(name);
      return table && (table.StorageDescriptor?.Location ?? '');
    },
  );
  const crawled = await collectInTurns(describeAll(discoveries, names), signal);
  const rules = changeRules(definition, configuration);
  const isWithinTargets = (location: string) =>
    scanned.some((table) => table.location === location) ||
    (catalogued === undefined && observed.some(({ target }) => isWithinTarget(target, location)));
  const view = await catalogView(
    catalog,
    database,
    tables,
    names,
    signal,
    (table) =>
      rules.deleteBehavior === 'DELETE_FROM_DATABASE' &&
      table.Parameters?.UPDATED_BY_CRAWLER === definition.Name &&
      isWithinTargets(table.StorageDescriptor?.Location ?? ''),
  );
  const lazyDecisions = decideChanges(
    {
      crawled,
      crawlerName: definition.Name,
      database,
      isWithinTargets,
      damagedUrls: observed.flatMap(({ target, damaged }) =>
        damaged.filter((file) => file.isLeftOut).map((file) => `s3://${target.bucket}/${file.key}`),
      ),
      nowMs: clock.now().getTime(),
    },
    view,
    rules,
  );
  const decisions = await collectInTurns(lazyDecisions, signal);
  const added = observed.flatMap((target) => target.added);
  for (const name of new Set(added.map((addition) => addition.table))) {
    const stored = tables.get(name);
    const folders = added.filter((addition) => addition.table === name);
    if (stored) decisions.push(decideNewPartitions(stored, folders, configuration));
  }
  const found = crawled.map((table, index) => ({ crawled: table, group: groups[index]?.group }));
  return { decisions, tableCount: discoveries.length, found };
}

function* describeAll(discoveries: readonly Discovery[], names: readonly string[]): Generator<CrawledTable> {
  for (const [index, discovery] of discoveries.entries()) yield discovery.describe(names[index] as string);
}

/** The tables of all targets; a location that two targets share counts for the first. */
function groupAll(
  observed: readonly ObservedTarget[],
  configuration: CrawlerConfiguration,
  isIncremental: boolean,
  log: CrawlLog,
): { group: TableGroup; target: CrawlTarget }[] {
  const groups = new Map<string, { group: TableGroup; target: CrawlTarget }>();
  for (const observedTarget of observed) {
    const { target, root, file, added } = observedTarget;
    const grouping = file
      ? { tables: [singleFileTable(target.bucket, file)], warnings: [] }
      : groupTables(target.bucket, root, configuration);
    for (const warning of grouping.warnings) log.write('WARN', warning);
    if (grouping.tables.length === 0 && added.length === 0) {
      log.write('INFO', describeNothing(observedTarget, isIncremental));
    }
    for (const group of grouping.tables) {
      if (!groups.has(group.location)) groups.set(group.location, { group, target });
    }
  }
  return [...groups.values()];
}

function changeRules(definition: CrawlerDefinition, configuration: CrawlerConfiguration): ChangeRules {
  return {
    updateBehavior: definition.SchemaChangePolicy.UpdateBehavior ?? 'UPDATE_IN_DATABASE',
    deleteBehavior: definition.SchemaChangePolicy.DeleteBehavior ?? 'DEPRECATE_IN_DATABASE',
    isMergingNewColumns: configuration.isMergingNewColumns,
    arePartitionsInherited: configuration.arePartitionsInherited,
  };
}

async function catalogView(
  catalog: Catalog,
  database: string,
  tables: ReadonlyMap<string, Table>,
  foundNames: readonly string[],
  signal: AbortSignal,
  mayVanish: (table: Table) => boolean,
): Promise<CatalogView> {
  const names = new Set(foundNames.filter((name) => tables.has(name)));
  for (const [name, table] of tables) if (mayVanish(table)) names.add(name);
  const partitioned = [...names].filter((name) => (tables.get(name)?.PartitionKeys?.length ?? 0) > 0);
  const partitions: ReadonlyMap<string, Partition[]> = await readPartitions(
    catalog,
    database,
    partitioned,
    signal,
  );
  return { tables, partitionsOf: (name) => partitions.get(name) ?? [] };
}

/** What earlier crawls of this crawler wrote below its targets. */
async function readOwnTables(
  definition: CrawlerDefinition,
  targets: readonly CrawlTarget[],
  { catalog, signal }: PlanContext,
): Promise<CataloguedTable[]> {
  const database = definition.DatabaseName;
  const own = [...(await readTables(catalog, database, signal)).values()].filter(
    (table) =>
      table.Parameters?.UPDATED_BY_CRAWLER === definition.Name &&
      targets.some((target) => isWithinTarget(target, table.StorageDescriptor?.Location ?? '')),
  );
  const partitions = await readPartitions(
    catalog,
    database,
    own.map((table) => table.Name as string),
    signal,
  );
  return own.map((table) => ({
    name: table.Name as string,
    location: normalLocation(table.StorageDescriptor?.Location),
    keyCount: table.PartitionKeys?.length ?? 0,
    partitionLocations: new Set(
      partitions.get(table.Name as string)?.map((one) => normalLocation(one.StorageDescriptor?.Location)),
    ),
  }));
}

function logDamage({ target, damaged }: ObservedTarget, log: CrawlLog): void {
  for (const { key, reason, isLeftOut } of damaged) {
    log.write(
      'WARN',
      `Object s3://${target.bucket}/${key} is damaged${isLeftOut ? ' and was left out' : ''}: ${reason}`,
    );
  }
}

function describeNothing({ target, listing, damaged }: ObservedTarget, isIncremental: boolean): string {
  const aside = [
    [listing.excludedCount, 'excluded'],
    [listing.emptyCount, 'empty'],
    [listing.hiddenCount, 'hidden'],
    [damaged.filter((one) => one.isLeftOut).length, 'damaged'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, word]) => `, ${count} of them ${word}`);
  return (
    `Found ${isIncremental ? 'no new folder' : 'no table'} at s3://${target.bucket}/${target.key}: ` +
    `${listing.objectCount} objects were listed${aside.join('')}.`
  );
}
