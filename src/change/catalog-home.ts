// Whose catalog the clients reach, and where.
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { GlueClient } from '@aws-sdk/client-glue';
import { described } from '../base/described.js';
import { GluepotError } from '../base/errors.js';
import type { CatalogAccess } from './catalog-access.js';
import type { Plan } from './plan.js';
import { requirePlan } from './plan/build-plan.js';

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
  // Known of credentials that were assumed or come from a sign-on; with long-lived keys nobody but AWS knows it.
  const { accountId: ofGlue = accountId } = await clients.glue.config.credentials();
  if (ofGlue !== accountId) {
    throw new GluepotError(
      'usage',
      `The Glue client has credentials of account ${ofGlue}, and the STS client of ${accountId}. Make both with the same ones.`,
    );
  }
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

/** @throws GluepotError `usage` when that is no plan, or of another account or region than the one that the clients reach */
export function requireHome(plan: Plan, home: CatalogHome): void {
  requirePlan(plan);
  if (isSameCatalog(plan, home)) return;
  throw new GluepotError(
    'usage',
    `The plan is of ${catalogName(plan)}, and this is ${catalogName(home)}. Look at --profile and --region.`,
  );
}

/**
 * Whose catalog it is only an STS client can tell, and where it is the Glue client itself.
 * @param what begins the sentence that says what is of the other catalog
 * @throws GluepotError `usage` when `access` reaches another catalog than `home`, or one of them is none
 */
export async function requireReach(access: CatalogAccess, home: CatalogHome, what: string): Promise<void> {
  const { glue, CatalogId } = (access ?? {}) as Partial<CatalogAccess>;
  if (typeof glue?.send !== 'function') {
    throw new GluepotError(
      'usage',
      `Give an AWS SDK client, as { glue: new GlueClient({}) }, not ${described(access)}.`,
    );
  }
  const { accountId, region } = (home ?? {}) as Partial<CatalogHome>;
  if (typeof region !== 'string' || !/^\d{12}$/.test(accountId ?? '')) {
    throw new GluepotError(
      'usage',
      `Say whose catalog it is, as { accountId: '123456789012', region: 'us-east-1' }, or give what findCatalogHome answers, not ${described(home)}.`,
    );
  }
  const reached = {
    accountId: home.accountId,
    region: await glue.config.region(),
    CatalogId: CatalogId ?? home.accountId,
  };
  if (isSameCatalog(home, reached)) return;
  throw new GluepotError(
    'usage',
    `${what} is of ${catalogName(home)}, and the Glue client reaches ${catalogName(reached)}.`,
  );
}

function catalogName({ accountId, region, CatalogId = accountId }: CatalogHome): string {
  const catalog = CatalogId === accountId ? '' : `catalog ${CatalogId} by `;
  return `${catalog}account ${accountId} in ${region}`;
}
