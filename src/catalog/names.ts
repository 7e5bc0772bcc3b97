// Names in the catalog: how they are stored, whose catalog is meant, and the ARNs made of them.
import { AwsError } from '../wire/aws-error.js';

/** A database or table name as it is stored and looked up. AWS docs: folded to lower case for Hive compatibility. */
export function catalogName(name: string): string {
  return name.toLowerCase();
}

/** @throws AwsError EntityNotFoundException for any catalog but the account's own */
export function requireOwnCatalog(catalogId: string | undefined, accountId: string): void {
  if (catalogId !== undefined && catalogId !== accountId) {
    throw new AwsError(
      'EntityNotFoundException',
      `Catalog ${catalogId} not found. The only catalog here is the account's own, ${accountId}: leave CatalogId out.`,
    );
  }
}

/** `arn:aws:glue:REGION:ACCOUNT:database/d` for the resource path `database/d`. */
export function glueArn(region: string, accountId: string, path: string): string {
  return `arn:aws:glue:${region}:${accountId}:${path}`;
}
