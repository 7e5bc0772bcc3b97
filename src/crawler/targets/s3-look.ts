// What every look at files in S3 shares: by which classifiers, at whose tables, and what is said of damaged files.
import type { Table } from '@aws-sdk/client-glue';
import { BUILT_IN_CLASSIFIERS } from '../../tabular/classify-file.js';
import type { Classifier } from '../../tabular/classifier.js';
import type { CrawlerDefinition } from '../crawler.js';
import type { ObservedTarget } from '../observe/observe-target.js';
import { readTables } from '../observe/read-catalog.js';
import type { PlanContext } from '../plan-context.js';
import type { CrawlLog } from '../record/crawl-log.js';
import { isWithinTarget, type CrawlTarget } from './s3-target.js';

/** AWS: custom classifiers in the order of the crawler, then the built-in ones. */
export function classifiersOf(
  { Classifiers }: CrawlerDefinition,
  { classifiers }: PlanContext,
): readonly Classifier[] {
  return [...classifiers.build(Classifiers ?? []), ...BUILT_IN_CLASSIFIERS];
}

/** What earlier crawls of this crawler wrote below its targets. */
export async function ownTables(
  { Name, DatabaseName }: CrawlerDefinition,
  targets: readonly CrawlTarget[],
  { catalog, signal }: PlanContext,
): Promise<Table[]> {
  return [...(await readTables(catalog, DatabaseName, signal)).values()].filter(
    (table) =>
      table.Parameters?.UPDATED_BY_CRAWLER === Name &&
      targets.some((target) => isWithinTarget(target, table.StorageDescriptor?.Location ?? '')),
  );
}

export function logDamage({ target, damaged }: ObservedTarget, log: CrawlLog): void {
  for (const { key, reason, isLeftOut } of damaged) {
    log.write(
      'WARN',
      `Object s3://${target.bucket}/${key} is damaged${isLeftOut ? ' and was left out' : ''}: ${reason}`,
    );
  }
}

/** URLs of the objects of which nothing could be read. */
export function damagedUrls({ target, damaged }: ObservedTarget): string[] {
  return damaged.filter((file) => file.isLeftOut).map((file) => `s3://${target.bucket}/${file.key}`);
}
