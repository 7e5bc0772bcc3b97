// User-defined functions of a database. Their names keep their case.
import type { UserDefinedFunction, UserDefinedFunctionInput } from '@aws-sdk/client-glue';
import type { CatalogContext } from './catalog-context.js';
import type { Page, PageOptions } from './catalog.js';
import { requireDatabase } from './database.js';
import { secondsOf } from './document-text.js';
import { openNamedResources } from './named-resource.js';
import { catalogName } from './names.js';
import { everyItem } from './page.js';
import { tableNamePattern } from './table-name-pattern.js';
import type { Tags } from './tag.js';

export interface UserDefinedFunctions {
  create(database: string, input: UserDefinedFunctionInput): void;
  get(database: string, name: string): UserDefinedFunction;
  update(database: string, name: string, input: UserDefinedFunctionInput): void;
  delete(database: string, name: string): void;
  /** Of a database that is being deleted. */
  deleteAll(database: string): void;
  /** `pattern` as in GetTables; of all databases and all types when none is given. */
  list(
    pattern: string,
    of: { database: string | undefined; type: string | undefined },
    options: PageOptions,
  ): Page<UserDefinedFunction>;
}

// No name may hold it, so that a database's functions are those with its prefix.
const SEPARATOR = '\u0001';

export function openUserDefinedFunctions(
  { state, clock, accountId }: CatalogContext,
  tags: Tags,
): UserDefinedFunctions {
  const functions = openNamedResources<UserDefinedFunction>(state, 'user-defined-function', 'Function');
  const keyOf = (database: string, name: string) => catalogName(database) + SEPARATOR + name;
  const tagPath = (database: string, name: string) => `userDefinedFunction/${catalogName(database)}/${name}`;
  tags.registerKind('userDefinedFunction', (path) => {
    const [database = '', ...name] = path.split('/');
    return functions.find(keyOf(database, name.join('/'))) !== undefined;
  });

  const described = (
    database: string,
    input: UserDefinedFunctionInput,
    createTime: Date,
  ): UserDefinedFunction => ({
    ...input,
    DatabaseName: catalogName(database),
    CreateTime: createTime,
    CatalogId: accountId,
  });

  return {
    create(database, input) {
      requireDatabase(state, database);
      const now = new Date(secondsOf(clock.now()) * 1000);
      functions.create(keyOf(database, input.FunctionName as string), described(database, input, now));
    },
    get(database, name) {
      requireDatabase(state, database);
      return functions.require(keyOf(database, name));
    },
    update(database, name, input) {
      requireDatabase(state, database);
      functions.replace(keyOf(database, name), (old) =>
        described(database, { ...input, FunctionName: name }, old.CreateTime as Date),
      );
    },
    delete: (database, name) =>
      state.transaction(() => {
        requireDatabase(state, database);
        functions.delete(keyOf(database, name));
        tags.delete(tagPath(database, name));
      }),
    deleteAll(database) {
      const prefix = keyOf(database, '');
      for (const { FunctionName = '' } of [
        ...everyItem((options) => functions.list({ ...options, prefix })),
      ]) {
        functions.delete(keyOf(database, FunctionName));
        tags.delete(tagPath(database, FunctionName));
      }
    },
    list(pattern, { database, type }, { after = '', count = Infinity }) {
      if (database !== undefined) requireDatabase(state, database);
      const matches = tableNamePattern(pattern);
      const prefix = database === undefined ? '' : keyOf(database, '');
      const items: UserDefinedFunction[] = [];
      const positionOf = (each: UserDefinedFunction) =>
        keyOf(each.DatabaseName ?? '', each.FunctionName ?? '');
      for (const each of everyItem((options) => functions.list({ ...options, prefix }))) {
        if (positionOf(each) <= after || !matches(each.FunctionName ?? '')) continue;
        if (type !== undefined && each.FunctionType !== type) continue;
        if (items.length === count) return { items, next: positionOf(items.at(-1) as UserDefinedFunction) };
        items.push(each);
      }
      return { items };
    },
  };
}
