// Tables of the Data Catalog that stand for a DynamoDB table: which one, and whose they are.
import type { TableInput } from '@aws-sdk/client-glue';
import type { CatalogScope } from './catalog-scope.js';

/** On catalog tables that were written or linked by us: the catalog they belong to. */
export const CATALOG_PARAMETER = 'gluepot.catalog';

/** What the names of the parameters that link a table to its schema begin with. */
export const SCHEMA_PARAMETERS = 'gluepot.schema';

/** The DynamoDB table of this account and region that a catalog table stands for, by its location; undefined for others. */
export function dynamodbTableOf(
  { StorageDescriptor }: TableInput,
  { partition, region, accountId }: Pick<CatalogScope, 'partition' | 'region' | 'accountId'>,
): string | undefined {
  const start = `arn:${partition}:dynamodb:${region}:${accountId}:table/`;
  const location = StorageDescriptor?.Location ?? '';
  return location.startsWith(start) ? location.slice(start.length) : undefined;
}
