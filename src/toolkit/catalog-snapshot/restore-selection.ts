// What of a snapshot is restored: all, or databases and tables that are named, but for those that are left out.
import { GluepotError } from '../../base/errors.js';
import type { CatalogObjectKey } from '../../change/index.js';
import { coversName, type SnapshotManifest } from '../../change/snapshot/index.js';
import { whichThereAre } from '../crawl-run/which-there-are.js';
import { selectTables, type TablesAsked } from './table-selection.js';

export interface RestoreScope extends TablesAsked {
  /** Only these; all when not given. Databases themselves stay as they are where tables are named. */
  databases?: readonly string[] | undefined;
}

export interface RestoreSelection {
  isAsked(key: CatalogObjectKey): boolean;
  /**
   * For what a plan says was resolved.
   * @param manifests of the chosen snapshot, and of the catalog as it is
   * @throws GluepotError `usage` for a name of nothing that is in either
   */
  resolved(manifests: readonly SnapshotManifest[]): Record<string, string>;
}

/** @throws GluepotError `usage` for a glob that is none */
export function selectRestored({ databases, tables, except }: RestoreScope): RestoreSelection {
  const covers = coversName(databases ? { databases } : {});
  const selection = selectTables({ tables, except });
  return {
    isAsked: (key) =>
      covers(key.DatabaseName) && (key.kind === 'database' ? tables === undefined : selection.has(key)),
    resolved(manifests) {
      const known = manifests.flatMap((manifest) => manifest.databases);
      const names = [...new Set(known.map(({ DatabaseName }) => DatabaseName))];
      for (const name of databases ?? []) {
        if (names.includes(name.toLowerCase())) continue;
        throw new GluepotError(
          'usage',
          `There is no database ${name} in the snapshot or now. ${whichThereAre(name, names)}`,
        );
      }
      for (const database of known.filter(({ DatabaseName }) => covers(DatabaseName))) {
        for (const { TableName } of database.tables) {
          selection.has({ DatabaseName: database.DatabaseName, TableName });
        }
      }
      return {
        ...(databases ? { databases: databases.join(', ') } : {}),
        ...selection.resolved('in the snapshot or now'),
      };
    },
  };
}
