// Glue's operations on the account's catalog as a whole: itself, its encryption settings, security configurations.
import type { Catalog } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetSecurityConfigurations answers with at most so many at once. */
const PAGE_MAX = 1000;

// AWS docs: what Lake Formation grants on new databases and tables unless told otherwise.
const DEFAULT_PERMISSIONS: Catalog['CreateTableDefaultPermissions'] = [
  { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
];

export function accountSettingsOperations({
  catalog: { settings },
  clock,
}: {
  catalog: OpenCatalog;
  clock: Clock;
}) {
  const { securityConfigurations } = settings;
  return {
    GetCatalog({ CatalogId }, { accountId, region }) {
      requireOwnCatalog(CatalogId, accountId);
      return { Catalog: ownCatalog(accountId, region) };
    },
    GetCatalogs({ ParentCatalogId, IncludeRoot }, { accountId, region }) {
      requireOwnCatalog(ParentCatalogId, accountId);
      return { CatalogList: IncludeRoot ? [ownCatalog(accountId, region)] : [] };
    },
    // There never was another catalog to import from.
    GetCatalogImportStatus({ CatalogId }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { ImportStatus: { ImportCompleted: true } };
    },
    GetDataCatalogEncryptionSettings({ CatalogId }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { DataCatalogEncryptionSettings: settings.encryption() };
    },
    PutDataCatalogEncryptionSettings({ CatalogId, DataCatalogEncryptionSettings }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      settings.putEncryption(DataCatalogEncryptionSettings);
      return {};
    },
    CreateSecurityConfiguration({ Name, EncryptionConfiguration }) {
      const CreatedTimeStamp = clock.now();
      securityConfigurations.create(Name, { Name, CreatedTimeStamp, EncryptionConfiguration });
      return { Name, CreatedTimestamp: CreatedTimeStamp };
    },
    GetSecurityConfiguration: ({ Name }) => ({ SecurityConfiguration: securityConfigurations.require(Name) }),
    GetSecurityConfigurations(input) {
      const page = securityConfigurations.list(pageOptions('GetSecurityConfigurations', input, PAGE_MAX));
      return { SecurityConfigurations: page.items, ...nextToken('GetSecurityConfigurations', page) };
    },
    DeleteSecurityConfiguration({ Name }) {
      securityConfigurations.delete(Name);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

function ownCatalog(accountId: string, region: string): Catalog {
  return {
    CatalogId: accountId,
    Name: accountId,
    ResourceArn: `arn:aws:glue:${region}:${accountId}:catalog`,
    CreateDatabaseDefaultPermissions: DEFAULT_PERMISSIONS,
    CreateTableDefaultPermissions: DEFAULT_PERMISSIONS,
  };
}
