// An S3 target in event mode: only the folders in which objects came or went.
import type { Partition, Table } from '@aws-sdk/client-glue';
import type { CrawlerConfiguration } from '../configuration.js';
import type { CrawlerDefinition } from '../crawler.js';
import type { TouchedTable } from '../decide/decide-touched-partitions.js';
import { whyNotPartition } from '../decide/decide-new-partitions.js';
import { discoveredFiles, type Discovery } from '../decide/discovery.js';
import { groupTables } from '../decide/group-tables.js';
import { normalLocation } from '../decide/merge-table.js';
import { touchedPlaces } from '../events/touched-folders.js';
import { takeTurns } from '../in-turns.js';
import { observeTarget, type ObservedAddition, type ObservedTarget } from '../observe/observe-target.js';
import { readPartitions } from '../observe/read-catalog.js';
import type { PlanContext } from '../plan-context.js';
import { classifiersOf, damagedUrls, logDamage, ownTables } from './s3-look.js';
import { isWithinTarget, type CrawlTarget } from './s3-target.js';
import type { Sight } from './target-kind.js';

/** @param keys of the objects that came or went in the target's bucket */
export async function lookAtTouched(
  target: CrawlTarget,
  keys: readonly string[],
  definition: CrawlerDefinition,
  configuration: CrawlerConfiguration,
  context: PlanContext,
): Promise<Sight> {
  const { catalog, log, signal } = context;
  const root = target.key === '' || target.key.endsWith('/') ? target.key : `${target.key}/`;
  const own = await ownTables(definition, [target], context);
  const byName = new Map(own.map((table) => [table.Name as string, table]));
  const places = touchedPlaces(
    target.bucket,
    root,
    keys.filter((key) => key.startsWith(root) && !target.isExcluded(key.slice(root.length))),
    own.map((table) => ({
      name: table.Name as string,
      location: normalLocation(table.StorageDescriptor?.Location),
      keyCount: table.PartitionKeys?.length ?? 0,
    })),
  );
  const sight = { discoveries: [] as Discovery[], unreadable: [] as string[], touched: [] as TouchedTable[] };
  const look = async (prefix: string): Promise<ObservedTarget> => {
    const observed = await observeTarget(
      context.storage,
      // What is excluded is said of keys below the target.
      { ...target, key: prefix, isExcluded: (key) => target.isExcluded(prefix.slice(root.length) + key) },
      {
        signal,
        progress: context.progress,
        catalogued: undefined,
        classifiers: classifiersOf(definition, context),
      },
    );
    logDamage(observed, log);
    sight.unreadable.push(...damagedUrls(observed));
    return observed;
  };

  const whole = [...places.folders];
  for (const [name, prefixes] of places.partitions) {
    const stored = byName.get(name) as Table;
    const partitions =
      (await readPartitions(catalog, definition.DatabaseName, [name], signal)).get(name) ?? [];
    const above = tablePrefix(stored, target.bucket);
    const folders: ObservedAddition[] = [];
    let isDeeper = false;
    for (const prefix of [...prefixes].sort()) {
      const { root: folder } = await look(prefix);
      isDeeper ||= folder.folders.length > 0;
      folders.push({
        table: name,
        segments: prefix.slice(above.length, -1).split('/'),
        location: `s3://${target.bucket}/${prefix}`,
        files: folder.files,
      });
    }
    if (isDeeper || !areItsPartitions(stored, partitions, folders)) whole.push(above);
    else sight.touched.push({ stored, partitions, folders, unreadable: sight.unreadable });
  }
  const identity = { crawlerName: definition.Name, crawlId: context.crawlId };
  const looked: CrawlTarget[] = [];
  for (const prefix of whole) {
    const observed = await look(prefix);
    looked.push(observed.target);
    const { tables, warnings } = await groupTables(
      target.bucket,
      observed.root,
      configuration,
      takeTurns(signal),
    );
    for (const warning of warnings) log.write('WARN', warning);
    sight.discoveries.push(
      ...tables.map((group) => discoveredFiles({ group, target }, identity, configuration)),
    );
  }
  return { ...sight, hasLookedAt: (location) => looked.some((one) => isWithinTarget(one, location)) };
}

function tablePrefix(stored: Table, bucket: string): string {
  const location = normalLocation(stored.StorageDescriptor?.Location);
  return location === `s3://${bucket}` ? '' : `${location.slice(`s3://${bucket}/`.length)}/`;
}

/** Otherwise the table has to be grouped again: a folder is of another kind or depth, or nothing of the table is left. */
function areItsPartitions(
  stored: Table,
  partitions: readonly Partition[],
  folders: readonly ObservedAddition[],
): boolean {
  const full = folders.filter(({ files }) => files.length > 0);
  if (full.some((folder) => whyNotPartition(stored, folder) !== undefined)) return false;
  const empty = new Set(
    folders.filter(({ files }) => files.length === 0).map(({ location }) => normalLocation(location)),
  );
  return (
    full.length > 0 ||
    partitions.some(({ StorageDescriptor }) => !empty.has(normalLocation(StorageDescriptor?.Location)))
  );
}
