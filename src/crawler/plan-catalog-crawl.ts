// What a crawl of catalog targets would do: each table is looked at where it lies, and none is made or deleted.
import type { Partition, Table } from '@aws-sdk/client-glue';
import { catalogResources } from '../catalog/authorized-catalog.js';
import type { CrawlerConfiguration } from './configuration.js';
import type { CrawlerDefinition } from './crawler.js';
import { changeRules } from './decide/change-rules.js';
import { decideChanges } from './decide/decide-changes.js';
import { crawledDynamodbTable } from './decide/dynamodb-table-input.js';
import type { TableGroup } from './decide/group-tables.js';
import { knownTableFiles } from './decide/known-table-files.js';
import { normalLocation } from './decide/merge-table.js';
import { crawledTable, type CrawledTable, type CrawlIdentity } from './decide/table-input.js';
import { takeTurns } from './in-turns.js';
import { observeTarget } from './observe/observe-target.js';
import { readPartitions } from './observe/read-catalog.js';
import { scanTable } from './observe/scan-table.js';
import type { CrawlPlan } from './plan-crawl.js';
import type { PlanContext } from './plan-context.js';
import { parseCatalogTargets } from './targets/catalog-target.js';
import { classifiersOf, damagedUrls, logDamage } from './targets/s3-look.js';
import { parseTarget } from './targets/s3-target.js';

/** What was seen of one table. */
interface Look {
  crawled: CrawledTable;
  group?: TableGroup;
  /** URLs of what could not be read. */
  unreadable: readonly string[];
}

/**
 * @throws AwsError EntityNotFoundException for a table that is not there, NoSuchBucket, ResourceNotFoundException; the
 *   signal's reason when it aborts
 */
export async function planCatalogCrawl(
  definition: CrawlerDefinition,
  configuration: CrawlerConfiguration,
  context: PlanContext,
): Promise<CrawlPlan> {
  const { catalog, session, signal, clock } = context;
  const rules = changeRules(definition, configuration);
  const plan: CrawlPlan = { writes: [], tableCount: 0, files: [], found: [] };
  for (const { database, table } of parseCatalogTargets(definition.Targets.CatalogTargets ?? [])) {
    session.require('glue:GetTable', catalogResources(context, database, table));
    const stored = catalog.getTable(database, table);
    if (!isTouched(stored, context.changed)) continue;
    const partitions =
      (stored.PartitionKeys?.length ?? 0) > 0
        ? ((await readPartitions(catalog, database, [table], signal)).get(table) ?? [])
        : [];
    const look = await lookAtTable(stored, partitions, definition, context);
    if (!look) continue;
    plan.tableCount++;
    plan.found.push({ crawled: look.crawled, group: look.group });
    const decisions = await decideChanges(
      {
        crawled: [look.crawled],
        crawlerName: definition.Name,
        database,
        // None of the database's other tables is this crawl's.
        isWithinTargets: () => false,
        damagedUrls: look.unreadable,
        nowMs: clock.now().getTime(),
      },
      { tables: new Map([[table, stored]]), partitionsOf: () => partitions },
      rules,
      takeTurns(signal),
    );
    plan.writes.push({ database, decisions });
  }
  return plan;
}

async function lookAtTable(
  stored: Table,
  partitions: readonly Partition[],
  definition: CrawlerDefinition,
  context: PlanContext,
): Promise<Look | undefined> {
  const name = stored.Name as string;
  const location = stored.StorageDescriptor?.Location ?? '';
  const identity = { crawlerName: definition.Name, crawlId: context.crawlId };
  const leave = (why: string) => {
    context.log.write('WARN', `Table ${name} in database ${stored.DatabaseName} is left as it is: ${why}.`);
    return undefined;
  };
  const format = openTableFormat(stored);
  if (format !== undefined) return leave(`it is a ${format} table, whose metadata its writers keep`);
  const [, dynamodbTable] = /^arn:aws[^:]*:dynamodb:[^:]*:\d*:table\/(.+)$/.exec(location) ?? [];
  if (dynamodbTable !== undefined) {
    const scanned = await scanTable({ table: dynamodbTable, isScannedWhole: true }, context);
    return { crawled: crawledDynamodbTable(scanned, name, identity), unreadable: [] };
  }
  if (!/^s3[an]?:\/\//.test(location)) {
    return leave(`its location ${JSON.stringify(location)} is neither in S3 nor in DynamoDB`);
  }
  const look = await lookAtFiles(stored, partitions, definition, identity, context);
  return look ?? leave(`no matching schema was found at ${location}`);
}

async function lookAtFiles(
  stored: Table,
  partitions: readonly Partition[],
  definition: CrawlerDefinition,
  identity: CrawlIdentity,
  context: PlanContext,
): Promise<Look | undefined> {
  const { progress, signal, log, storage } = context;
  const target = parseTarget({ Path: stored.StorageDescriptor?.Location });
  const observed = await observeTarget(storage, target, {
    signal,
    progress,
    catalogued: undefined,
    classifiers: classifiersOf(definition, context),
  });
  logDamage(observed, log);
  const root = observed.file ? { ...observed.root, files: [observed.file] } : observed.root;
  const { group, values, warnings } = knownTableFiles(stored, partitions, target.bucket, root);
  for (const warning of warnings) log.write('WARN', warning);
  if (!group) return undefined;
  const partitioning = { keys: stored.PartitionKeys ?? [], values };
  const { input, ...crawled } = await crawledTable(
    group,
    stored.Name as string,
    identity,
    { exclusions: [], isPartitionIndexed: false, partitioning },
    takeTurns(signal),
  );
  return {
    crawled: { ...crawled, input: { ...input, TableType: stored.TableType ?? input.TableType } },
    group,
    unreadable: damagedUrls(observed),
  };
}

/** Outside event mode every table is looked at. */
function isTouched({ StorageDescriptor }: Table, changed: PlanContext['changed']): boolean {
  const location = `${normalLocation(StorageDescriptor?.Location)}/`;
  return changed?.some(({ bucket, key }) => `s3://${bucket}/${key}/`.startsWith(location)) ?? true;
}

/** Tables of an open format, and those of their manifests: their files are not told by listing their folders. */
function openTableFormat({ Parameters, StorageDescriptor }: Table): string | undefined {
  if (StorageDescriptor?.InputFormat?.endsWith('.SymlinkTextInputFormat')) return 'Delta manifest';
  const format = Parameters?.table_type ?? Parameters?.['spark.sql.sources.provider'];
  return format !== undefined && /^(iceberg|delta|hudi)$/i.test(format) ? format.toLowerCase() : undefined;
}
