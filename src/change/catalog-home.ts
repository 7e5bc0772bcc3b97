// Whose catalog the clients reach, and where.
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { GlueClient } from '@aws-sdk/client-glue';
import { GluepotError } from '../base/errors.js';
import type { Plan } from './plan.js';

export interface CatalogHome {
  accountId: string;
  region: string;
  /** When it is not the account's own. */
  CatalogId?: string;
}

export async function findCatalogHome(
  clients: { glue: GlueClient; sts: STSClient },
  options: { signal?: AbortSignal | undefined; CatalogId?: string | undefined } = {},
): Promise<CatalogHome> {
  const caller = await clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: options.signal });
  const accountId = caller.Account as string;
  const isOther = options.CatalogId !== undefined && options.CatalogId !== accountId;
  return {
    accountId,
    region: await clients.glue.config.region(),
    ...(isOther ? { CatalogId: options.CatalogId as string } : {}),
  };
}

export function isSameCatalog(one: CatalogHome, other: CatalogHome): boolean {
  const { CatalogId = one.accountId } = one;
  return one.region === other.region && CatalogId === (other.CatalogId ?? other.accountId);
}

/** @throws GluepotError `usage` when a plan is of another account or region than the one that the clients reach */
export function requireHome(plan: Pick<Plan, 'accountId' | 'region'>, home: CatalogHome): void {
  if (plan.accountId === home.accountId && plan.region === home.region) return;
  const nameOf = ({ accountId, region }: Pick<Plan, 'accountId' | 'region'>) =>
    `account ${accountId} in ${region}`;
  throw new GluepotError(
    'usage',
    `The plan is of ${nameOf(plan)}, and this is ${nameOf(home)}. Look at --profile and --region.`,
  );
}
