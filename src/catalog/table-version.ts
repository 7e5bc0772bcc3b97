// The history of a table: its current version and the archived ones, newest first.
import { AwsError } from '../wire/aws-error.js';
import type { Page, PageOptions } from './catalog.js';
import type { CatalogContext } from './catalog-context.js';
import { pageOf } from './page.js';
import type { TableRow, Tables } from './table.js';

/** Table versions as JSON text in wire form: `{"Table":{...},"VersionId":"0"}`. */
export interface TableVersions {
  /** The current one when `versionId` is undefined. */
  get(database: string, name: string, versionId?: string): string;
  list(database: string, name: string, options?: PageOptions): Page<string>;
  /** Archived versions only. @throws AwsError InvalidInputException for the current version */
  delete(database: string, name: string, versionId: string): void;
}

interface VersionRow {
  version: number;
  document: string;
}

export function openTableVersions({ state }: CatalogContext, tables: Tables): TableVersions {
  const archived = (table: TableRow, versionId: string) => {
    const version = parseVersion(versionId);
    if (version === undefined) return undefined;
    return state
      .sql('SELECT version, document FROM catalog_table_versions WHERE table_id = ? AND version = ?')
      .get(table.id, version) as VersionRow | undefined;
  };

  return {
    get(database, name, versionId) {
      const table = tables.require(database, name);
      const isCurrent = versionId === undefined || versionId === String(table.version);
      const row = isCurrent ? table : archived(table, versionId);
      if (!row) throw versionNotFound();
      return textOf(row);
    },

    list(database, name, options = {}) {
      const { id } = tables.require(database, name);
      return pageOf(
        options,
        (after, limit) => {
          const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
          return state
            .sql(
              `SELECT version, document FROM catalog_tables WHERE id = ?1 AND version < ?2
               UNION ALL
               SELECT version, document FROM catalog_table_versions WHERE table_id = ?1 AND version < ?2
               ORDER BY version DESC LIMIT ?3`,
            )
            .all(id, before, limit) as VersionRow[];
        },
        (row) => String(row.version),
        textOf,
      );
    },

    delete(database, name, versionId) {
      state.transaction(() => {
        const table = tables.require(database, name);
        if (versionId === String(table.version)) {
          throw new AwsError(
            'InvalidInputException',
            `Version ${versionId} is the current version of table ${name}: only archived versions can be deleted.`,
          );
        }
        const row = archived(table, versionId);
        if (!row) throw versionNotFound();
        state
          .sql('DELETE FROM catalog_table_versions WHERE table_id = ? AND version = ?')
          .run(table.id, row.version);
      });
    },
  };
}

function parseVersion(versionId: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(versionId) ? Number(versionId) : undefined;
}

function textOf({ version, document }: VersionRow): string {
  return `{"Table":${document},"VersionId":"${version}"}`;
}

function versionNotFound(): AwsError {
  return new AwsError('EntityNotFoundException', 'Version not found.');
}
