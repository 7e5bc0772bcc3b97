// Parquet files by the names of their columns, whatever order and number they have.
import type { Duckdb } from '../../tabular/duckdb.js';
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { lambdaName } from '../select/convert.js';
import {
  duckdbTypeOf,
  fieldName,
  formatType,
  isInteger,
  isNumeric,
  isText,
  type TrinoType,
} from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { parseDuckdbType, type DuckdbType } from '../../tabular/duckdb-type.js';
import type { Reader, ReadRequest } from './reader.js';

interface ParquetColumn {
  name: string;
  type: DuckdbType;
}

export interface ParquetFiles {
  /** Learns what the files' footers say: files with the same schema are described once. */
  describe(paths: readonly string[]): Promise<void>;
  /** Files with the same key have the same columns. */
  schemaKey(path: string): string;
  columnsOf(path: string): readonly ParquetColumn[];
}

export function openParquetFiles(duckdb: Duckdb, signal: AbortSignal): ParquetFiles {
  const keys = new Map<string, string>();
  const schemas = new Map<string, ParquetColumn[]>();
  return {
    async describe(paths) {
      const unread = paths.filter((path) => !keys.has(path));
      if (unread.length === 0) return;
      const query =
        'SELECT file_name, name, type, type_length, num_children, converted_type, scale, "precision", logical_type, repetition_type ' +
        `FROM parquet_schema([${unread.map(duckdbText).join(', ')}])`;
      const signatures = new Map<string, string[]>();
      for await (const rows of duckdb.chunks(query, signal)) {
        for (const { file_name: path, ...element } of rows) {
          const elements = signatures.get(path as string) ?? [];
          elements.push(JSON.stringify(element));
          signatures.set(path as string, elements);
        }
      }
      for (const [path, elements] of signatures) {
        const key = elements.join();
        keys.set(path, key);
        if (schemas.has(key)) continue;
        const rows = await duckdb.rows(
          `DESCRIBE SELECT * FROM read_parquet([${duckdbText(path)}], hive_partitioning = false)`,
          signal,
        );
        schemas.set(
          key,
          rows.map((row) => ({
            name: row.column_name as string,
            type: parseDuckdbType(row.column_type as string),
          })),
        );
      }
    },
    schemaKey: (path) => keys.get(path) ?? '',
    columnsOf: (path) => schemas.get(keys.get(path) ?? '') ?? [],
  };
}

export function parquetReader(
  files: ParquetFiles,
  request: ReadRequest,
  uriOf: (path: string) => string,
): Reader {
  const { columns, isWanted, paths, wantsFile } = request;
  const [first = ''] = paths;
  const inFile = files.columnsOf(first);
  const values = columns.map(({ name, type }, index) => {
    const found = isWanted(index) ? memberNamed(inFile, name) : undefined;
    if (!found) return undefined;
    const sql = fromParquet(`reader.${duckdbName(found.name)}`, found.type, type);
    if (sql !== undefined) return sql;
    throw new QueryFailure(
      `HIVE_BAD_DATA: Field ${name}'s type ${found.type.text} in parquet file ${uriOf(first)} is incompatible with type ${formatType(type)} defined in table schema`,
    );
  });
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    'hive_partitioning = false',
    ...(wantsFile ? [`filename = 'file'`] : []),
  ];
  return { values, from: `read_parquet(${options.join(', ')}) AS reader` };
}

function memberNamed<Member extends { name: string }>(
  members: readonly Member[],
  name: string,
): Member | undefined {
  return (
    members.find((member) => member.name === name) ??
    members.find((member) => member.name.toLowerCase() === name.toLowerCase())
  );
}

const WHOLE = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT'];

/** Undefined when the file's type cannot stand for the table's. */
function fromParquet(sql: string, from: DuckdbType, to: TrinoType): string | undefined {
  const wanted = duckdbTypeOf(to);
  if (from.kind === 'list' && to.kind === 'array') {
    const item = lambdaName();
    const inner = fromParquet(item, from.item, to.item);
    return inner === item ? sql : inner && `list_transform(${sql}, lambda ${item}: ${inner})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const entry = lambdaName();
    const [key, value] = [
      fromParquet(`${entry}.key`, from.key, to.key),
      fromParquet(`${entry}.value`, from.value, to.value),
    ];
    if (key === undefined || value === undefined) return undefined;
    if (key === `${entry}.key` && value === `${entry}.value`) return sql;
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map_from_entries(list_transform(map_entries(${sql}), lambda ${entry}: struct_pack(key := ${key}, value := ${value}))) END`;
  }
  if (from.kind === 'struct' && to.kind === 'row') return structFromParquet(sql, from, to);
  if (from.kind !== 'scalar') return undefined;
  const name = from.text;
  if (name === wanted) return sql;
  if (isText(to))
    return name === 'BLOB' ? `decode(${sql})` : name === 'VARCHAR' || name === 'JSON' ? sql : undefined;
  if (wanted === 'BLOB') return name === 'VARCHAR' ? `encode(${sql})` : undefined;
  if (isNumeric(to)) return numberFromParquet(sql, name, to);
  if (to.kind === 'timestamp') {
    if (name === 'TIMESTAMP WITH TIME ZONE') return `(${sql} AT TIME ZONE 'UTC')`;
    return /^TIMESTAMP/.test(name) || name === 'DATE' ? `CAST(${sql} AS TIMESTAMP)` : undefined;
  }
  return undefined;
}

function structFromParquet(
  sql: string,
  from: Extract<DuckdbType, { kind: 'struct' }>,
  to: Extract<TrinoType, { kind: 'row' }>,
): string | undefined {
  let isSame = from.members.length === to.fields.length;
  const members: string[] = [];
  for (const [index, field] of to.fields.entries()) {
    const name = fieldName(to.fields, index);
    const found = memberNamed(from.members, name);
    const value = found && `struct_extract(${sql}, ${duckdbText(found.name)})`;
    const converted =
      found && value !== undefined
        ? fromParquet(value, found.type, field.type)
        : `CAST(NULL AS ${duckdbTypeOf(field.type)})`;
    if (converted === undefined) return undefined;
    isSame &&= converted === value && from.members[index]?.name === name;
    members.push(`${duckdbName(name)} := ${converted}`);
  }
  return isSame ? sql : `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
}

/** Whole numbers may be read as others when they fit; a narrower one fails on a value that does not. */
function numberFromParquet(sql: string, name: string, to: TrinoType): string | undefined {
  const wanted = duckdbTypeOf(to);
  const isWhole = WHOLE.includes(name);
  if (isInteger(to)) return isWhole ? `CAST(${sql} AS ${wanted})` : undefined;
  if (to.kind === 'decimal')
    return isWhole || name.startsWith('DECIMAL') ? `CAST(${sql} AS ${wanted})` : undefined;
  return isWhole || name === 'FLOAT' || name === 'DOUBLE' || name.startsWith('DECIMAL')
    ? `CAST(${sql} AS ${wanted})`
    : undefined;
}
