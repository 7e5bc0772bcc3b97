// Tables: create, get, update, delete and list, each keeping the history of versions that goes with it.
import type { Column, TableInput } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import type { Page, PageOptions } from './catalog.js';
import type { CatalogContext } from './catalog-context.js';
import { catalogEvents } from './catalog-events.js';
import { requireDatabase } from './database.js';
import { secondsOf } from './document-text.js';
import { catalogName } from './names.js';
import { pageOf } from './page.js';
import type { PartitionRows } from './partition-rows.js';
import { openReadCache } from '../state/read-cache.js';
import { requireSchema, withSchemaColumns } from './schema-reference.js';
import { withDescriptorDefaults } from './storage-descriptor.js';
import { tableNamePattern } from './table-name-pattern.js';
import type { Tags } from './tag.js';

/** A table as it is stored: `version` is its current VersionId, `document` what GetTable answers. */
export interface TableRow {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly document: string;
  readonly partitionKeys: readonly Column[];
}

/** Tables as JSON text in wire form. */
export interface Tables {
  /** `createdBy` is the caller's ARN. */
  create(database: string, input: TableInput, createdBy: string): TableRow;
  find(database: string, name: string): TableRow | undefined;
  /** @throws AwsError EntityNotFoundException for a missing database or table */
  require(database: string, name: string): TableRow;
  update(database: string, input: TableInput, options?: { versionId?: string; skipArchive?: boolean }): void;
  /** Takes its versions, partitions, indexes and statistics with it; `change` is what the event of it says. */
  delete(database: string, name: string, change?: 'DeleteTable' | 'BatchDeleteTable'): void;
  deleteAll(database: string): void;
  list(database: string, options?: PageOptions & { expression?: string }): Page<string>;
}

interface StoredRow extends Omit<TableRow, 'partitionKeys'> {
  partitionKeys: string;
}

/** Of documents kept in memory between two writes, in UTF-16 code units: a few thousand tables. */
const CACHED_CHARACTERS_MAX = 16 * 1024 * 1024;

const COLUMNS = 'id, name, version, document, partition_keys AS partitionKeys';

export function openTables(context: CatalogContext, partitionRows: PartitionRows, tags: Tags): Tables {
  const { state, clock, accountId, columnsOf } = context;
  const events = catalogEvents(context);

  const cache = openReadCache<TableRow>(state, {
    sizeOf: ({ document }) => document.length,
    sizeMax: CACHED_CHARACTERS_MAX,
  });
  const read = (database: string, name: string): TableRow | undefined => {
    const row = state
      .sql(`SELECT ${COLUMNS} FROM catalog_tables WHERE database = ? AND name = ?`)
      .get(database, name) as StoredRow | undefined;
    if (!row) return undefined;
    let partitionKeys: Column[] | undefined;
    return {
      ...row,
      document: withSchemaColumns(row.document, columnsOf),
      // GetTable has no use for them.
      get partitionKeys() {
        return (partitionKeys ??= JSON.parse(row.partitionKeys) as Column[]);
      },
    };
  };
  const find = (givenDatabase: string, givenName: string): TableRow | undefined => {
    const [database, name] = [catalogName(givenDatabase), catalogName(givenName)];
    return cache.get(`${database}\0${name}`, () => read(database, name));
  };

  const requireTable = (database: string, name: string): TableRow => {
    const row = find(database, name);
    if (row) return row;
    requireDatabase(state, database);
    throw new AwsError('EntityNotFoundException', `Table ${name} not found.`);
  };

  const remove = (database: string, { id, name }: Pick<TableRow, 'id' | 'name'>) => {
    tags.delete(`table/${catalogName(database)}/${name}`);
    partitionRows.deleteAll(id);
    state.sql('DELETE FROM catalog_partition_indexes WHERE table_id = ?').run(id);
    state.sql('DELETE FROM catalog_column_statistics WHERE table_id = ?').run(id);
    state.sql('DELETE FROM catalog_table_versions WHERE table_id = ?').run(id);
    state.sql('DELETE FROM catalog_tables WHERE id = ?').run(id);
  };

  return {
    find,
    require: requireTable,

    create: (database, input, createdBy) =>
      state.transaction(() => {
        requireDatabase(state, database);
        if (find(database, input.Name ?? '')) {
          throw new AwsError('AlreadyExistsException', 'Table already exists.');
        }
        requireSchema(input.StorageDescriptor, columnsOf);
        const createTime = secondsOf(clock.now());
        const document = documentOf(input, {
          DatabaseName: catalogName(database),
          CreateTime: createTime,
          UpdateTime: createTime,
          CreatedBy: createdBy,
          CatalogId: accountId,
          VersionId: '0',
        });
        const partitionKeys = input.PartitionKeys ?? [];
        const name = catalogName(input.Name ?? '');
        const { lastInsertRowid } = state
          .sql(
            `INSERT INTO catalog_tables (database, name, version, document, partition_keys)
             VALUES (?, ?, 0, ?, ?)`,
          )
          .run(catalogName(database), name, document, JSON.stringify(partitionKeys));
        events.databaseChanged('CreateTable', database, [name]);
        return { id: Number(lastInsertRowid), name, version: 0, document, partitionKeys };
      }),

    update(database, input, { versionId, skipArchive = false } = {}) {
      state.transaction(() => {
        const old = requireTable(database, input.Name ?? '');
        if (versionId !== undefined && versionId !== String(old.version)) {
          throw new AwsError(
            'ConcurrentModificationException',
            `Update table failed due to concurrent modifications: the current version of ${old.name} is ` +
              `${old.version}, not ${versionId}.`,
          );
        }
        requireSchema(input.StorageDescriptor, columnsOf);
        if (!skipArchive) {
          state
            .sql('INSERT INTO catalog_table_versions VALUES (?, ?, ?)')
            .run(old.id, old.version, old.document);
        }
        const kept = JSON.parse(old.document) as TableOrigin;
        const version = old.version + 1;
        const document = documentOf(input, {
          DatabaseName: kept.DatabaseName,
          CreateTime: kept.CreateTime,
          UpdateTime: secondsOf(clock.now()),
          CreatedBy: kept.CreatedBy,
          CatalogId: kept.CatalogId,
          VersionId: String(version),
        });
        const partitionKeys = input.PartitionKeys ?? [];
        state
          .sql('UPDATE catalog_tables SET version = ?, document = ?, partition_keys = ? WHERE id = ?')
          .run(version, document, JSON.stringify(partitionKeys), old.id);
        partitionRows.rekey(old.id, old.partitionKeys, partitionKeys);
        events.tableChanged('UpdateTable', database, old.name);
      });
    },

    delete(database, name, change = 'DeleteTable') {
      state.transaction(() => {
        remove(database, requireTable(database, name));
        events.databaseChanged(change, database, [name]);
      });
    },

    deleteAll(database) {
      state.transaction(() => {
        const rows = state
          .sql('SELECT id, name FROM catalog_tables WHERE database = ?')
          .all(catalogName(database)) as Pick<TableRow, 'id' | 'name'>[];
        for (const row of rows) remove(database, row);
      });
    },

    list(database, { expression, ...options } = {}) {
      requireDatabase(state, database);
      const matches = expression ? tableNamePattern(expression) : () => true;
      return pageOf(
        options,
        (after = '', limit) => {
          const names = state
            .sql('SELECT name FROM catalog_tables WHERE database = ? AND name > ? ORDER BY name LIMIT ?')
            .all(catalogName(database), after, expression ? -1 : limit) as { name: string }[];
          const matching = names.filter(({ name }) => matches(name));
          return limit < 0 ? matching : matching.slice(0, limit);
        },
        ({ name }) => name,
        ({ name }) => requireTable(database, name).document,
      );
    },
  };
}

/** What a table keeps through updates, and what the service sets. */
interface TableOrigin {
  DatabaseName: string;
  CreateTime: number;
  UpdateTime: number;
  CreatedBy: string;
  CatalogId: string;
  VersionId: string;
}

function documentOf(input: TableInput, origin: TableOrigin): string {
  return JSON.stringify({
    ...input,
    Name: catalogName(input.Name ?? ''),
    Retention: input.Retention ?? 0,
    LastAccessTime: secondsOf(input.LastAccessTime),
    LastAnalyzedTime: secondsOf(input.LastAnalyzedTime),
    StorageDescriptor: input.StorageDescriptor && withDescriptorDefaults(input.StorageDescriptor),
    ...origin,
    IsRegisteredWithLakeFormation: false,
    IsMultiDialectView: input.ViewDefinition !== undefined,
  });
}
