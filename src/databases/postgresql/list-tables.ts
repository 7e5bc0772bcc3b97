// PostgreSQL's tables and views, from its system catalog.
import type { Client } from 'pg';
import type { DatabaseTable } from '../database.js';
import { likePattern, type TablePattern } from '../table-path.js';
import { groupByRelation } from '../group-by-relation.js';
import { pgColumnType, type PgType } from './column-type.js';

interface RelationRow {
  oid: string;
  schema: string;
  name: string;
  kind: string;
  comment: string | null;
  row_count: number;
  page_count: number;
  bytes: string | null;
  key: string[] | null;
}

interface ColumnRow {
  relation: string;
  name: string;
  type: string;
  modifier: number;
  dimensions: number;
  native_type: string;
  comment: string | null;
}

interface TypeRow {
  oid: string;
  name: string;
  kind: string;
  category: string;
  item: string;
  base: string;
  base_modifier: number;
}

// Partitions are part of the table that they are partitions of.
const RELATIONS = `
  SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
    obj_description(c.oid, 'pg_class') AS comment,
    p.row_count, p.page_count, CASE WHEN c.relkind IN ('r', 'p', 'm') THEN p.bytes END AS bytes,
    (SELECT array_agg(a.attname::text ORDER BY k.place)
      FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place), pg_attribute a
      WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number) AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (
    SELECT sum(greatest(part.reltuples, 0))::float8 AS row_count, sum(part.relpages)::float8 AS page_count,
      sum(pg_table_size(part.oid)) AS bytes
    FROM pg_class part
    WHERE part.oid IN (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf)
  ) p
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname LIKE $1 AND c.relname LIKE $2
    AND NOT ($3 AND (n.nspname = 'information_schema' OR n.nspname ~ '^pg_'))
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

const COLUMNS = `
  SELECT a.attrelid::text AS relation, a.attname AS name, a.atttypid::text AS type, a.atttypmod AS modifier,
    a.attndims AS dimensions, format_type(a.atttypid, a.atttypmod) AS native_type,
    col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`;

// Composite types are left out: each table has one.
const TYPES = `
  SELECT oid::text, typname AS name, typtype::text AS kind, typcategory::text AS category, typelem::text AS item,
    typbasetype::text AS base, typtypmod AS base_modifier
  FROM pg_type WHERE typtype <> 'c'`;

export async function listPgTables(
  client: Client,
  database: string,
  { schema = '%', table }: TablePattern,
): Promise<DatabaseTable[]> {
  const relations = await client.query<RelationRow>(RELATIONS, [
    likePattern(schema),
    likePattern(table),
    schema.includes('%'),
  ]);
  if (relations.rows.length === 0) return [];
  const oids = relations.rows.map(({ oid }) => oid);
  const columns = await client.query<ColumnRow>(COLUMNS, [oids]);
  const types = new Map((await client.query<TypeRow>(TYPES)).rows.map((row) => [row.oid, row]));
  const byRelation = groupByRelation(columns.rows);
  return relations.rows.map((relation) => ({
    database,
    schema: relation.schema,
    name: relation.name,
    kind: 'vm'.includes(relation.kind) ? 'view' : 'table',
    comment: relation.comment ?? undefined,
    columns: (byRelation.get(relation.oid) ?? []).map((column) => {
      const { type, modifier } = resolve(types, column.type, column.modifier);
      return {
        ...pgColumnType(type, modifier, column.dimensions),
        name: column.name,
        nativeType: column.native_type,
        comment: column.comment ?? undefined,
      };
    }),
    primaryKey: relation.key ?? [],
    ...estimate(relation),
  }));
}

function estimate({
  kind,
  row_count,
  page_count,
  bytes,
}: RelationRow): Pick<DatabaseTable, 'rowCount' | 'bytes'> {
  // Both are zero until the table was analysed for the first time.
  const isKnown = row_count > 0 || page_count > 0;
  return {
    rowCount: isKnown && 'rpm'.includes(kind) ? Math.round(row_count) : undefined,
    bytes: bytes === null ? undefined : Number(bytes),
  };
}

/** Behind domains, and domains of domains, is the type that counts. */
function resolve(
  types: ReadonlyMap<string, TypeRow>,
  oid: string,
  modifier: number,
): { type: PgType; modifier: number } {
  const row = types.get(oid);
  if (!row) return { type: { name: '', kind: 'c', item: undefined }, modifier };
  if (row.kind === 'd') return resolve(types, row.base, row.base_modifier);
  const item = row.category === 'A' && row.item !== '0' ? resolve(types, row.item, modifier) : undefined;
  return {
    type: { name: row.name, kind: row.kind, item: item?.type },
    modifier: item?.modifier ?? modifier,
  };
}
