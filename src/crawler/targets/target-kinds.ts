// The kinds of targets that a crawler can have here.
import type { CrawlerTargets } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import { parseCatalogTargets } from './catalog-target.js';
import { deltaTargets } from './delta-targets.js';
import { dynamodbTargets } from './dynamodb-targets.js';
import { icebergTargets } from './iceberg-targets.js';
import { jdbcTargets } from './jdbc-targets.js';
import { s3Targets } from './s3-targets.js';
import type { TargetKind } from './target-kind.js';

/** Places in which tables are found, looked at in this order. */
export const TARGET_KINDS: readonly TargetKind[] = [
  s3Targets,
  dynamodbTargets,
  jdbcTargets,
  deltaTargets,
  icebergTargets,
];

/** Of AWS's crawlers, and not here. */
const OTHER_KINDS = ['MongoDBTargets', 'HudiTargets'] as const;

/**
 * The targets as GetCrawler answers them: a list for every kind.
 * @throws AwsError InvalidInputException when there is none, for a kind that is not here, and what a kind refuses
 */
export function defineTargets(crawlerName: string, targets: CrawlerTargets): CrawlerTargets {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidInputException', message);
  };
  const allowed: (keyof CrawlerTargets)[] = [...TARGET_KINDS.map(({ member }) => member), 'CatalogTargets'];
  for (const kind of OTHER_KINDS) {
    if (hasTargets(targets, kind)) {
      refuse(`${kind} are not supported here: a crawler can have ${allowed.join(', ')}.`);
    }
  }
  const given = allowed.filter((kind) => hasTargets(targets, kind));
  if (given.length === 0) {
    refuse(
      `Crawler ${crawlerName} has no target. At least one crawl target must be given: one of Targets.${allowed.join(', Targets.')}.`,
    );
  }
  if (given.length > 1 && given.includes('CatalogTargets')) {
    refuse(
      `CatalogTargets of crawler ${crawlerName} cannot stand beside ${given[0]}: make two crawlers of it.`,
    );
  }
  const { CatalogTargets = [] } = targets;
  parseCatalogTargets(CatalogTargets);
  return Object.assign(
    Object.fromEntries(OTHER_KINDS.map((kind) => [kind, []])),
    { CatalogTargets },
    ...TARGET_KINDS.map((kind) => kind.define(targets)),
  ) as CrawlerTargets;
}

function hasTargets(targets: CrawlerTargets, member: keyof CrawlerTargets): boolean {
  return (targets[member]?.length ?? 0) > 0;
}
