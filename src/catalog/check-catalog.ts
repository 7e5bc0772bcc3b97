// Checks that what the catalog keeps in the state fits together: nothing belongs to a table that is not there.
import type { Finding } from '../state/finding.js';
import type { State } from '../state/state.js';

/** Rows that no table owns: left behind, and answered to nobody. */
const OWNED = {
  catalog_table_versions: 'archived versions',
  catalog_partitions: 'partitions',
  catalog_descriptors: 'descriptors of partitions',
  catalog_partition_indexes: 'partition indexes',
  catalog_column_statistics: 'column statistics',
};

/** Each query answers what is wrong, one row a thing, with its name in `name`. */
const LAWS: { query: string; what: string }[] = [
  {
    query: `SELECT database || '.' || name AS name FROM catalog_tables
            WHERE database NOT IN (SELECT name FROM catalog_databases)`,
    what: 'tables are in databases that are not there',
  },
  {
    query: 'SELECT name FROM catalog_databases WHERE NOT json_valid(document)',
    what: 'databases cannot be read',
  },
  {
    query: `SELECT database || '.' || name AS name FROM catalog_tables
            WHERE NOT json_valid(document) OR NOT json_valid(partition_keys)`,
    what: 'tables cannot be read',
  },
  {
    query: `SELECT database || '.' || name AS name FROM catalog_tables
            WHERE json_valid(document) AND json_extract(document, '$.VersionId') IS NOT CAST(version AS TEXT)`,
    what: 'tables say another version than the catalog counts',
  },
  {
    query: `SELECT t.database || '.' || t.name || ' version ' || v.version AS name
            FROM catalog_table_versions v JOIN catalog_tables t ON t.id = v.table_id
            WHERE v.version >= t.version OR NOT json_valid(v.document)`,
    what: 'archived versions are not older than their table, or cannot be read',
  },
  {
    query: `SELECT t.database || '.' || t.name || ' ' || p.key AS name
            FROM catalog_partitions p JOIN catalog_tables t ON t.id = p.table_id
            WHERE NOT json_valid('{' || p.members || '}')
               OR p.descriptor_id IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM catalog_descriptors d WHERE d.id = p.descriptor_id AND d.table_id = p.table_id)`,
    what: 'partitions cannot be read, or have lost their descriptor',
  },
  {
    query: `SELECT 'descriptor ' || d.id AS name FROM catalog_descriptors d
            LEFT JOIN (SELECT descriptor_id, count(*) AS found FROM catalog_partitions GROUP BY descriptor_id) p
              ON p.descriptor_id = d.id
            WHERE d.partition_count <> coalesce(p.found, 0)`,
    what: 'descriptors count other partitions than there are',
  },
];

export function checkCatalog(state: State): Finding[] {
  const orphans = Object.entries(OWNED).map(([table, what]) => ({
    query: `SELECT DISTINCT 'table ' || table_id AS name FROM ${table}
            WHERE table_id NOT IN (SELECT id FROM catalog_tables)`,
    what: `${what} are kept of tables that are not there`,
  }));
  return [...LAWS, ...orphans].flatMap(({ query, what }): Finding[] => {
    const names = (state.sql(query).all() as { name: string }[]).map(({ name }) => name);
    if (names.length === 0) return [];
    const message = `${names.length} ${what}, e.g. ${names[0]}. Restore a backup (gluepot local restore).`;
    return [{ severity: 'error', area: 'catalog', message }];
  });
}
