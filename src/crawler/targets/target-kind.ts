// A kind of target: what a crawler's definition may say of it, and how a crawl looks at it.
import type { CrawlerTargets } from '@aws-sdk/client-glue';
import type { CrawlerConfiguration } from '../configuration.js';
import type { CrawlerDefinition } from '../crawler.js';
import type { TouchedTable } from '../decide/decide-touched-partitions.js';
import type { Discovery } from '../decide/discovery.js';
import type { FileWrite } from '../decide/file-write.js';
import type { ObservedAddition } from '../observe/observe-target.js';
import type { PlanContext } from '../plan-context.js';

export interface TargetKind {
  /** The member of a crawler's Targets. */
  member: keyof CrawlerTargets;
  /** The targets as they are kept. @throws AwsError InvalidInputException that names the member, its value and what is allowed */
  define(targets: CrawlerTargets): CrawlerTargets;
  /** Observes, without changing anything. @throws the signal's reason when it aborts, and what ends the whole crawl */
  look(
    definition: CrawlerDefinition,
    configuration: CrawlerConfiguration,
    context: PlanContext,
  ): Promise<Sight>;
}

/** What was seen at the targets of one kind. */
export interface Sight {
  /** In key order. */
  discoveries: Discovery[];
  /** True for a location that was looked at, found or not: a table of the crawler's that lay there and was not found has vanished. */
  hasLookedAt(location: string): boolean;
  /** Locations that could not be read: their tables and partitions are not called vanished. */
  unreadable: readonly string[];
  /** Folders that appeared below catalogued tables, where only new folders are crawled. */
  added?: readonly ObservedAddition[];
  /** Tables of which only some partitions were looked at, in event mode. */
  touched?: readonly TouchedTable[];
  /** What is to be written beside the catalog. */
  files?: readonly FileWrite[];
}
