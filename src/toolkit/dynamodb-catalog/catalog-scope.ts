// Where a DynamoDB catalog lives, and whose its objects are: the tags that say so, and the path of its roles.
import { setMaxListeners } from 'node:events';
import type { AwsClients } from '../../aws/aws-clients.js';
import { systemClock, type Clock } from '../../base/clock.js';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ResourceScope } from '../stack/stack-scope.js';

export type CatalogClients = Pick<AwsClients, 'dynamodb' | 'glue' | 'iam' | 'sts' | 'logs'>;

/** `stack` names the catalog in the tags of all that it makes. */
export type CatalogScope = ResourceScope<keyof CatalogClients>;

/** On roles and crawlers: the DynamoDB table they are for. */
export const TABLE_TAG = 'gluepot:dynamodb-table';

export async function openCatalogScope(
  clients: CatalogClients,
  DatabaseName: string,
  options: { clock?: Clock | undefined; signal?: AbortSignal | undefined } = {},
): Promise<CatalogScope> {
  const { clock = systemClock, signal = new AbortController().signal } = options;
  // Every call and every pause of many tables at a time listens to it.
  setMaxListeners(0, signal);
  const caller = await clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  return {
    clients,
    // A stack's name has no slash, so that no stack takes this for its own.
    stack: `dynamodb/${DatabaseName}`,
    accountId: caller.Account as string,
    region: await clients.glue.config.region(),
    partition: caller.Arn?.split(':')[1] ?? 'aws',
    clock,
    signal,
  };
}

/** The scope in which one table's objects are made: they carry its name. */
export function tableScope(scope: CatalogScope, TableName: string): CatalogScope {
  return { ...scope, tags: { [TABLE_TAG]: TableName } };
}

/** The path of the roles of one catalog, so that they can be listed, and that others' rights can be bound to it. */
export function rolePath({ region, stack }: Pick<CatalogScope, 'region' | 'stack'>): string {
  return `/gluepot/${region}/${stack}/`;
}

export function tableArn(
  { partition, region, accountId }: Pick<CatalogScope, 'partition' | 'region' | 'accountId'>,
  TableName: string,
): string {
  return `arn:${partition}:dynamodb:${region}:${accountId}:table/${TableName}`;
}
