// Databases: create, get, update, delete and list.
import type { DatabaseInput, PrincipalPermissions } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import type { Page, PageOptions } from './catalog.js';
import type { State } from '../state/state.js';
import type { CatalogContext } from './catalog-context.js';
import { catalogEvents } from './catalog-events.js';
import { secondsOf } from './document-text.js';
import { catalogName } from './names.js';
import { pageOf } from './page.js';
import type { Tables } from './table.js';
import type { Tags } from './tag.js';
import type { UserDefinedFunctions } from './user-defined-function.js';

/** Databases as JSON text in wire form. */
export interface Databases {
  create(input: DatabaseInput, tags?: Record<string, string>): void;
  has(name: string): boolean;
  get(name: string): string;
  update(name: string, input: DatabaseInput): void;
  /** Takes its tables with it, and all that is theirs. */
  delete(name: string): void;
  list(options?: PageOptions): Page<string>;
}

// AWS docs: what Lake Formation grants on new tables unless the caller says otherwise.
const DEFAULT_PERMISSIONS: PrincipalPermissions[] = [
  { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
];

export function openDatabases(
  context: CatalogContext,
  tables: Tables,
  functions: Pick<UserDefinedFunctions, 'deleteAll'>,
  tags: Tags,
): Databases {
  const { state, clock, accountId } = context;
  const events = catalogEvents(context);
  const documentOf = (name: string, input: DatabaseInput, createTime: number) =>
    JSON.stringify({
      ...input,
      Name: name,
      CreateTime: createTime,
      CreateTableDefaultPermissions: input.CreateTableDefaultPermissions ?? DEFAULT_PERMISSIONS,
      CatalogId: accountId,
    });

  const get = (name: string) => requireDatabase(state, name);

  return {
    create: (input, givenTags) =>
      state.transaction(() => {
        const name = catalogName(input.Name ?? '');
        const { changes } = state
          .sql('INSERT INTO catalog_databases VALUES (?, ?) ON CONFLICT DO NOTHING')
          .run(name, documentOf(name, input, secondsOf(clock.now())));
        if (changes === 0) throw new AwsError('AlreadyExistsException', 'Database already exists.');
        tags.create(`database/${name}`, givenTags);
        events.databaseChanged('CreateDatabase', name);
      }),
    has: (name) => findDatabase(state, name) !== undefined,
    get,
    update(name, input) {
      const stored = catalogName(name);
      if (input.Name !== undefined && catalogName(input.Name) !== stored) {
        throw new AwsError(
          'InvalidInputException',
          `Database ${name} cannot be renamed to ${input.Name}: DatabaseInput.Name must equal Name.`,
        );
      }
      state.transaction(() => {
        const { CreateTime } = JSON.parse(get(name)) as { CreateTime: number };
        state
          .sql('UPDATE catalog_databases SET document = ? WHERE name = ?')
          .run(documentOf(stored, input, CreateTime), stored);
      });
    },
    delete(name) {
      state.transaction(() => {
        get(name);
        tables.deleteAll(name);
        functions.deleteAll(name);
        tags.delete(`database/${catalogName(name)}`);
        state.sql('DELETE FROM catalog_databases WHERE name = ?').run(catalogName(name));
        events.databaseChanged('DeleteDatabase', name);
      });
    },
    list: (options = {}) =>
      pageOf(
        options,
        (after = '', limit) =>
          state
            .sql('SELECT name, document FROM catalog_databases WHERE name > ? ORDER BY name LIMIT ?')
            .all(after, limit) as { name: string; document: string }[],
        (row) => row.name,
        (row) => row.document,
      ),
  };
}

/** The document of a database. @throws AwsError EntityNotFoundException */
export function requireDatabase(state: State, name: string): string {
  const document = findDatabase(state, name);
  if (document === undefined) throw new AwsError('EntityNotFoundException', `Database ${name} not found.`);
  return document;
}

function findDatabase(state: State, name: string): string | undefined {
  const row = state.sql('SELECT document FROM catalog_databases WHERE name = ?').get(catalogName(name)) as
    { document: string } | undefined;
  return row?.document;
}
