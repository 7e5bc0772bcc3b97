// Glue's operations on databases.
import type { Database, DatabaseInput } from '@aws-sdk/client-glue';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { encoded, nextToken, pageOptions, withMembers } from './answer.js';

/** AWS's model: GetDatabases answers with at most so many at once. */
const PAGE_MAX = 100;

export function databaseOperations({ catalog }: { catalog: OpenCatalog }) {
  const { databases } = catalog.texts;
  return {
    CreateDatabase({ CatalogId, DatabaseInput, Tags }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      refuseFederation(DatabaseInput);
      databases.create(DatabaseInput, Tags);
      return {};
    },
    GetDatabase({ CatalogId, Name }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { Database: encoded<Database>(databases.get(Name)) };
    },
    UpdateDatabase({ CatalogId, Name, DatabaseInput }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      refuseFederation(DatabaseInput);
      databases.update(Name, DatabaseInput);
      return {};
    },
    DeleteDatabase({ CatalogId, Name }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      databases.delete(Name);
      return {};
    },
    GetDatabases(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      // No other account shares databases with this one, and none comes from a federation.
      if (input.ResourceShareType === 'FOREIGN' || input.ResourceShareType === 'FEDERATED') {
        return { DatabaseList: [] };
      }
      const page = databases.list(pageOptions('GetDatabases', input, PAGE_MAX));
      const names = input.AttributesToGet?.map((attribute) => ATTRIBUTE_MEMBERS[attribute]);
      return {
        DatabaseList: page.items.map((text) =>
          names ? withMembers<Database>(text, names) : encoded<Database>(text),
        ),
        ...nextToken('GetDatabases', page),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

const ATTRIBUTE_MEMBERS = { NAME: 'Name', TARGET_DATABASE: 'TargetDatabase' } as const;

/** Nothing would ever be found in such a database. */
function refuseFederation({ FederatedDatabase }: Pick<DatabaseInput, 'FederatedDatabase'>): void {
  if (FederatedDatabase === undefined) return;
  throw new AwsError(
    'InvalidInputException',
    'FederatedDatabase is not supported here: databases are those of this catalog. Leave it out.',
  );
}
