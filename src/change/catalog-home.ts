// Whose catalog the clients reach, and where.
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { GlueClient } from '@aws-sdk/client-glue';

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
