// Glue's operations on tables.
import type { Table, TableAttributes, TableError } from '@aws-sdk/client-glue';
import { errorsOf } from '../../catalog/batch.js';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import { createIcebergTable, type IcebergParts } from '../../tabular/iceberg/create-iceberg-table.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { encoded, nextToken, pageOptions, withMembers } from './answer.js';

/** AWS's model: GetTables answers with at most so many at once, SearchTables with 1000. */
const PAGE_MAX = 100;
const SEARCH_PAGE_MAX = 1000;

export function tableOperations({
  catalog,
  ...parts
}: Omit<IcebergParts, 'catalog'> & { catalog: OpenCatalog }) {
  const { databases, tables } = catalog.texts;
  return {
    async CreateTable(input, { accountId, callerArn }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const { DatabaseName, TableInput, PartitionIndexes = [], OpenTableFormatInput } = input;
      if (!TableInput) {
        throw new AwsError('InvalidInputException', 'TableInput is missing: it says what to create.');
      }
      const iceberg = OpenTableFormatInput?.IcebergInput;
      if (iceberg) {
        await createIcebergTable({ catalog, ...parts }, DatabaseName, TableInput, iceberg, callerArn);
        return {};
      }
      catalog.createTable(DatabaseName, TableInput, {
        createdBy: callerArn,
        partitionIndexes: PartitionIndexes,
      });
      return {};
    },
    GetTable({ CatalogId, DatabaseName, Name, AttributesToGet }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { Table: withAttributes(tables.require(DatabaseName, Name).document, AttributesToGet) };
    },
    UpdateTable(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const { DatabaseName, Name, TableInput, VersionId, SkipArchive } = input;
      if (input.UpdateOpenTableFormatInput) throw openTableFormatUnsupported();
      if (input.ViewUpdateAction) {
        throw new AwsError('InvalidInputException', 'ViewUpdateAction is not supported here; leave it out.');
      }
      if (!TableInput)
        throw new AwsError('InvalidInputException', 'TableInput is missing: it says what to store.');
      if (Name !== undefined && Name.toLowerCase() !== TableInput.Name.toLowerCase()) {
        throw new AwsError(
          'InvalidInputException',
          `Table ${Name} cannot be renamed to ${TableInput.Name}: create the new table and delete the old one.`,
        );
      }
      tables.update(DatabaseName, TableInput, {
        ...(VersionId === undefined ? {} : { versionId: VersionId }),
        ...(SkipArchive === undefined ? {} : { skipArchive: SkipArchive }),
      });
      return {};
    },
    DeleteTable({ CatalogId, DatabaseName, Name }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      tables.delete(DatabaseName, Name);
      return {};
    },
    BatchDeleteTable({ CatalogId, DatabaseName, TablesToDelete }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      databases.get(DatabaseName);
      return {
        Errors: errorsOf(
          TablesToDelete,
          (name) => tables.delete(DatabaseName, name, 'BatchDeleteTable'),
          (TableName, ErrorDetail): TableError => ({ TableName, ErrorDetail }),
        ),
      };
    },
    GetTables(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const page = tables.list(input.DatabaseName, {
        ...pageOptions('GetTables', input, PAGE_MAX),
        ...(input.Expression ? { expression: input.Expression } : {}),
      });
      return {
        TableList: page.items.map((text) => withAttributes(text, input.AttributesToGet)),
        ...nextToken('GetTables', page),
      };
    },
    SearchTables(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      // No other account shares tables with this one, and none comes from a federation.
      if (input.ResourceShareType === 'FOREIGN' || input.ResourceShareType === 'FEDERATED')
        return { TableList: [] };
      const page = catalog.searchTables({
        ...pageOptions('SearchTables', input, SEARCH_PAGE_MAX),
        ...(input.SearchText === undefined ? {} : { text: input.SearchText }),
        filters: input.Filters ?? [],
        sort: input.SortCriteria ?? [],
      });
      return {
        TableList: page.items.map((text) => encoded<Table>(text)),
        ...nextToken('SearchTables', page),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

const ATTRIBUTE_MEMBERS: Partial<Record<TableAttributes, 'Name' | 'TableType'>> = {
  NAME: 'Name',
  TABLE_TYPE: 'TableType',
};

/** The members asked for; all of them when nothing is, or when what is asked for goes beyond names and types. */
function withAttributes(text: string, attributes: readonly TableAttributes[] = []): Table {
  const names = attributes.map((attribute) => ATTRIBUTE_MEMBERS[attribute]);
  const known = names.filter((name) => name !== undefined);
  return known.length > 0 && known.length === names.length ? withMembers<Table>(text, known) : encoded(text);
}

function openTableFormatUnsupported(): AwsError {
  return new AwsError(
    'InvalidInputException',
    'UpdateOpenTableFormatInput is not supported here: commit new metadata with a client of the table format, which ' +
      'updates the table by TableInput.',
  );
}
