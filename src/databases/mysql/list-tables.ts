// MySQL's and MariaDB's tables and views, from information_schema.
import type { Connection } from 'mysql2/promise';
import type { DatabaseTable } from '../database.js';
import { likePattern, type TablePattern } from '../table-path.js';
import { groupByRelation } from '../group-by-relation.js';
import { mysqlColumnType } from './column-type.js';

type Row = Record<string, string | number | null>;

// Names are compared as they are spelled: AWS docs say that include paths are case-sensitive.
const NAMES = 'COLLATE utf8mb4_bin LIKE ? COLLATE utf8mb4_bin';

const TABLES = `
  SELECT TABLE_NAME AS name, TABLE_TYPE AS kind, TABLE_ROWS AS row_count, DATA_LENGTH AS bytes, TABLE_COMMENT AS comment
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
    AND CONVERT(TABLE_NAME USING utf8mb4) ${NAMES}
  ORDER BY CONVERT(TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin`;

const COLUMNS = `
  SELECT TABLE_NAME AS relation, COLUMN_NAME AS name, DATA_TYPE AS type, COLUMN_TYPE AS declared,
    NUMERIC_PRECISION AS digits, NUMERIC_SCALE AS scale, COLUMN_COMMENT AS comment
  FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = ? AND CONVERT(TABLE_NAME USING utf8mb4) ${NAMES}
  ORDER BY TABLE_NAME, ORDINAL_POSITION`;

const KEYS = `
  SELECT TABLE_NAME AS relation, COLUMN_NAME AS name
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE TABLE_SCHEMA = ? AND CONSTRAINT_NAME = 'PRIMARY' AND CONVERT(TABLE_NAME USING utf8mb4) ${NAMES}
  ORDER BY TABLE_NAME, ORDINAL_POSITION`;

export async function listMysqlTables(
  connection: Connection,
  database: string,
  { table }: TablePattern,
): Promise<DatabaseTable[]> {
  const read = async (statement: string) => {
    const [rows] = await connection.execute(statement, [database, likePattern(table)]);
    return rows as Row[];
  };
  const columns = groupByRelation(await read(COLUMNS));
  const keys = groupByRelation(await read(KEYS));
  return (await read(TABLES)).map((row) => ({
    database,
    schema: undefined,
    name: text(row.name),
    kind: row.kind === 'VIEW' ? 'view' : 'table',
    // That of a view is the word VIEW.
    comment: row.kind === 'VIEW' ? undefined : text(row.comment) || undefined,
    columns: (columns.get(row.name) ?? []).map((column) => ({
      ...mysqlColumnType({
        name: text(column.type).toLowerCase(),
        declared: text(column.declared),
        precision: number(column.digits),
        scale: number(column.scale),
      }),
      name: text(column.name),
      nativeType: text(column.declared),
      comment: text(column.comment) || undefined,
    })),
    primaryKey: (keys.get(row.name) ?? []).map(({ name }) => text(name)),
    rowCount: number(row.row_count),
    bytes: number(row.bytes),
  }));
}

function text(value: string | number | null | undefined): string {
  return String(value ?? '');
}

function number(value: string | number | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
