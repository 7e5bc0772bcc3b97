// Connections of type NETWORK, through which AWS's crawlers reach files within a VPC. Here no network lies between a crawler
// and its files, so that a connection has only to be what AWS asks for.
import type { CrawlerTargets } from '@aws-sdk/client-glue';
import { allowedConnection } from '../observe/allowed-connection.js';
import type { PlanContext } from '../plan-context.js';

/** The kinds of target whose files a crawl reaches through a network connection, where one is named (AWS docs: CrawlerTargets). */
const KINDS = ['S3Targets', 'CatalogTargets', 'DeltaTargets', 'IcebergTargets'] as const;

/** @throws AwsError for a connection that is not there or not allowed; Error for one of another type: the crawl fails, as on AWS */
export function requireNetworkConnections(targets: CrawlerTargets, context: PlanContext): void {
  const named = KINDS.flatMap((kind) => (targets[kind] ?? []).map(({ ConnectionName }) => ConnectionName));
  for (const name of new Set(named)) {
    if (!name) continue;
    const { ConnectionType } = allowedConnection(name, context);
    if (ConnectionType !== 'NETWORK') {
      throw new Error(
        `Connection ${name} is of type ${ConnectionType}: only one of type NETWORK leads to files. Name such a one, or none.`,
      );
    }
  }
}
