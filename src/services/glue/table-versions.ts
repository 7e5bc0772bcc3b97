// Glue's operations on the history of tables.
import type { TableVersion, TableVersionError } from '@aws-sdk/client-glue';
import { errorsOf } from '../../catalog/batch.js';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Operations } from '../../wire/service.js';
import { encoded, nextToken, pageOptions } from './answer.js';

/** AWS's model: GetTableVersions answers with at most so many at once. */
const PAGE_MAX = 100;

export function tableVersionOperations({ catalog }: { catalog: OpenCatalog }) {
  const { tables, tableVersions } = catalog.texts;
  return {
    GetTableVersion({ CatalogId, DatabaseName, TableName, VersionId }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { TableVersion: encoded<TableVersion>(tableVersions.get(DatabaseName, TableName, VersionId)) };
    },
    GetTableVersions(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const options = pageOptions('GetTableVersions', input, PAGE_MAX);
      const page = tableVersions.list(input.DatabaseName, input.TableName, options);
      return {
        TableVersions: page.items.map((text) => encoded<TableVersion>(text)),
        ...nextToken('GetTableVersions', page),
      };
    },
    DeleteTableVersion({ CatalogId, DatabaseName, TableName, VersionId }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      tableVersions.delete(DatabaseName, TableName, VersionId);
      return {};
    },
    BatchDeleteTableVersion({ CatalogId, DatabaseName, TableName, VersionIds }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      tables.require(DatabaseName, TableName);
      return {
        Errors: errorsOf(
          VersionIds,
          (versionId) => tableVersions.delete(DatabaseName, TableName, versionId),
          (VersionId, ErrorDetail): TableVersionError => ({ TableName, VersionId, ErrorDetail }),
        ),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
