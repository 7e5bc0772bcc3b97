// Glue's operations on user-defined functions.
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetUserDefinedFunctions answers with at most so many at once. */
const PAGE_MAX = 100;

export function userDefinedFunctionOperations({ catalog: { functions } }: { catalog: OpenCatalog }) {
  return {
    CreateUserDefinedFunction({ CatalogId, DatabaseName, FunctionInput }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      functions.create(DatabaseName, FunctionInput);
      return {};
    },
    GetUserDefinedFunction({ CatalogId, DatabaseName, FunctionName }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { UserDefinedFunction: functions.get(DatabaseName, FunctionName) };
    },
    UpdateUserDefinedFunction({ CatalogId, DatabaseName, FunctionName, FunctionInput }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      functions.update(DatabaseName, FunctionName, FunctionInput);
      return {};
    },
    DeleteUserDefinedFunction({ CatalogId, DatabaseName, FunctionName }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      functions.delete(DatabaseName, FunctionName);
      return {};
    },
    GetUserDefinedFunctions(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const page = functions.list(
        input.Pattern,
        { database: input.DatabaseName, type: input.FunctionType },
        pageOptions('GetUserDefinedFunctions', input, PAGE_MAX),
      );
      return { UserDefinedFunctions: page.items, ...nextToken('GetUserDefinedFunctions', page) };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
