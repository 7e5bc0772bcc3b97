// S3 targets: folders and objects, grouped into tables.
import type { Table } from '@aws-sdk/client-glue';
import type { CrawlerConfiguration } from '../configuration.js';
import type { CrawlerDefinition } from '../crawler.js';
import { discoveredFiles } from '../decide/discovery.js';
import { groupTables, singleFileTable, type TableGroup } from '../decide/group-tables.js';
import { normalLocation } from '../decide/merge-table.js';
import { takeTurns } from '../in-turns.js';
import type { CataloguedTable } from '../observe/new-folders.js';
import { observeTarget, type ObservedTarget } from '../observe/observe-target.js';
import { readPartitions } from '../observe/read-catalog.js';
import type { PlanContext } from '../plan-context.js';
import { classifiersOf, damagedUrls, logDamage, ownTables } from './s3-look.js';
import { isWithinTarget, parseTarget, type CrawlTarget } from './s3-target.js';
import { lookAtTouched } from './touched-s3-target.js';
import type { TargetKind } from './target-kind.js';

export const s3Targets: TargetKind = {
  member: 'S3Targets',
  define({ S3Targets = [] }) {
    S3Targets.forEach(parseTarget);
    return { S3Targets: S3Targets.map((target) => ({ ...target, Exclusions: target.Exclusions ?? [] })) };
  },
  async look(definition, configuration, context) {
    const { signal, progress, log } = context;
    const targets = (definition.Targets.S3Targets ?? []).map(parseTarget);
    const [only] = targets;
    if (only && context.changed) {
      const keys = context.changed.filter(({ bucket }) => bucket === only.bucket).map(({ key }) => key);
      return lookAtTouched(only, keys, definition, configuration, context);
    }
    const isIncremental = definition.RecrawlPolicy.RecrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY';
    const own = isIncremental ? await ownTables(definition, targets, context) : [];
    const catalogued = own.length > 0 ? await cataloguedTables(own, definition, context) : undefined;
    const classifiers = classifiersOf(definition, context);
    const observed: ObservedTarget[] = [];
    for (const target of targets) {
      observed.push(
        await observeTarget(context.storage, target, { signal, progress, catalogued, classifiers }),
      );
    }
    for (const target of observed) logDamage(target, log);
    const identity = { crawlerName: definition.Name, crawlId: context.crawlId };
    const groups = await groupAll(observed, configuration, catalogued !== undefined, context);
    return {
      discoveries: groups.map((grouped) => discoveredFiles(grouped, identity, configuration)),
      hasLookedAt: (location) =>
        catalogued === undefined && targets.some((target) => isWithinTarget(target, location)),
      unreadable: observed.flatMap(damagedUrls),
      added: observed.flatMap((target) => target.added),
    };
  },
};

/** The tables of all targets, each with the target that it was found at. */
async function groupAll(
  observed: readonly ObservedTarget[],
  configuration: CrawlerConfiguration,
  isIncremental: boolean,
  { log, signal }: Pick<PlanContext, 'log' | 'signal'>,
): Promise<{ group: TableGroup; target: CrawlTarget }[]> {
  const pause = takeTurns(signal);
  const groups: { group: TableGroup; target: CrawlTarget }[] = [];
  for (const observedTarget of observed) {
    const { target, root, file, added } = observedTarget;
    const grouping = file
      ? { tables: [singleFileTable(target.bucket, file)], warnings: [] }
      : await groupTables(target.bucket, root, configuration, pause);
    for (const warning of grouping.warnings) log.write('WARN', warning);
    if (grouping.tables.length === 0 && added.length === 0) {
      log.write('INFO', describeNothing(observedTarget, isIncremental));
    }
    groups.push(...grouping.tables.map((group) => ({ group, target })));
  }
  return groups;
}

async function cataloguedTables(
  own: readonly Table[],
  { DatabaseName }: CrawlerDefinition,
  { catalog, signal }: PlanContext,
): Promise<CataloguedTable[]> {
  const names = own.map((table) => table.Name as string);
  const partitions = await readPartitions(catalog, DatabaseName, names, signal);
  return own.map((table) => ({
    name: table.Name as string,
    location: normalLocation(table.StorageDescriptor?.Location),
    keyCount: table.PartitionKeys?.length ?? 0,
    partitionLocations: new Set(
      partitions.get(table.Name as string)?.map((one) => normalLocation(one.StorageDescriptor?.Location)),
    ),
  }));
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
