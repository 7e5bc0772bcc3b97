// Reading files in place: a scan in DuckDB's SQL.
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { CsvFormat, JsonFormat } from '../../plan/file-format.js';
import type { Column, Scan, ScanFile } from '../../plan/plan.js';
import { castSql, jsonColumnType, jsonStructure, jsonToSql, textToSql } from './cast-sql.js';
import { duckdbType } from '../../../tabular/duckdb-type.js';

/**
 * How records are met that do not fit. `typed`: a value that is not of its column's type is an error; fastest, and the
 * rule. `strict`: such a value is null. CSV only, `padded`: also a record of a wrong number of fields has nulls for the
 * missing and loses the surplus, as in Hive, which DuckDB cannot do in parallel when line breaks are quoted: `padded-serial`.
 */
export type Leniency = 'typed' | 'strict' | 'padded' | 'padded-serial';

/** A file as DuckDB is to open it. */
export interface LocalFile {
  path: string;
  /** As DuckDB calls it. */
  compression: 'uncompressed' | 'gzip';
  /** Parquet: names and DuckDB types of its columns. */
  parquetColumns?: readonly { name: string; type: string }[];
}

export interface ScanSetting {
  local: (file: ScanFile) => LocalFile;
  leniency: Leniency;
}

/** No field of a file is this: null is what does not fit, and an empty text is a text. */
const NEVER = 'gluepot: not a value';

export function scanSql(scan: Scan, setting: ScanSetting): string {
  const files = scan.groups.flat();
  if (files.length === 0) return emptySql(scan.columns);
  const branches = new Map<string, ScanFile[]>();
  for (const file of files) {
    const { compression, parquetColumns } = setting.local(file);
    const alike = JSON.stringify([compression, file.fieldColumns, parquetColumns]);
    branches.set(alike, [...(branches.get(alike) ?? []), file]);
  }
  return [...branches.values()].map((branch) => branchSql(scan, branch, setting)).join(' UNION ALL ');
}

function emptySql(columns: readonly Column[]): string {
  const values = columns.map((column, index) => `CAST(NULL AS ${duckdbType(column.type)}) AS c${index}`);
  return `SELECT ${values.join(', ')} WHERE false`;
}

/** Files that are read alike, by one table function. */
function branchSql(scan: Scan, files: readonly ScanFile[], setting: ScanSetting): string {
  const ownCount = scan.columns.length - scan.partitionColumnCount;
  const own = scan.columns.slice(0, ownCount);
  const keys = scan.columns.slice(ownCount);
  const isSamePartition = new Set(files.map((file) => JSON.stringify(file.partitionValues))).size === 1;
  const locals = files.map(setting.local);
  const { values, from } = readerSql(scan, own, files[0] as ScanFile, locals, !isSamePartition, setting);
  const all = values.map((value, index) => `${value} AS c${index}`);
  if (isSamePartition) {
    const constants = keys.map((key, index) => {
      const value = files[0]?.partitionValues[index] ?? null;
      return `${textToSql(value === null ? 'CAST(NULL AS VARCHAR)' : duckdbText(value), key.type)} AS c${ownCount + index}`;
    });
    return `SELECT ${[...all, ...constants].join(', ')} FROM ${from}`;
  }
  const rows = files.map((file, at) => {
    const cells = file.partitionValues.map((value) => (value === null ? 'NULL' : duckdbText(value)));
    return `(${[duckdbText((locals[at] as LocalFile).path), ...cells].join(', ')})`;
  });
  const names = keys.map((_, index) => `key${index}`);
  const partitions = `(VALUES ${rows.join(', ')}) AS partitions(file, ${names.join(', ')})`;
  const keyValues = keys.map(
    (key, index) =>
      `${textToSql(`CAST(partitions.key${index} AS VARCHAR)`, key.type)} AS c${ownCount + index}`,
  );
  return `SELECT ${[...all, ...keyValues].join(', ')} FROM ${from} JOIN ${partitions} ON partitions.file = reader.file`;
}

interface Reader {
  values: string[];
  from: string;
}

/** The table function over the files, called `reader`, with the path as `file` when it is wanted. */
function readerSql(
  scan: Scan,
  columns: readonly Column[],
  first: ScanFile,
  locals: readonly LocalFile[],
  wantsFile: boolean,
  setting: ScanSetting,
): Reader {
  const paths = `[${locals.map((local) => duckdbText(local.path)).join(', ')}]`;
  const file = wantsFile ? `, filename = 'file'` : '';
  const common = `${paths}, hive_partitioning = false${file}`;
  switch (scan.format.kind) {
    case 'csv':
      return csvReader(scan.format, columns, first, common, locals, setting);
    case 'json':
      return jsonReader(scan.format, columns, common, locals, wantsFile, setting);
    case 'parquet':
      return parquetReader(columns, common, locals);
  }
}

function csvReader(
  format: CsvFormat,
  columns: readonly Column[],
  first: ScanFile,
  common: string,
  locals: readonly LocalFile[],
  setting: ScanSetting,
): Reader {
  const fields = first.fieldColumns ?? columns.map((_, index) => index);
  const canBeTyped = setting.leniency === 'typed' && !format.nullText;
  const isTyped = fields.map((index) => canBeTyped && isReadAsItself(columns[index]));
  const texts = fields.flatMap((_, field) => (isTyped[field] ? [] : [`'f${field}'`]));
  const options = [
    'auto_detect = false',
    'header = false',
    `skip = ${format.skipLines}`,
    `delim = ${duckdbText(format.delimiter)}`,
    `quote = ${duckdbText(format.quote ?? '')}`,
    `escape = ${duckdbText(format.escape ?? format.quote ?? '')}`,
    ...(isTyped.includes(true)
      ? [`nullstr = ''`, `force_not_null = [${texts.join(', ')}]`]
      : [`nullstr = ${duckdbText(NEVER)}`]),
    `compression = '${locals[0]?.compression}'`,
    `columns = {${fields.map((_, field) => `'f${field}': '${isTyped[field] ? 'DOUBLE' : 'VARCHAR'}'`).join(', ')}}`,
    ...(/^padded/.test(setting.leniency) ? ['null_padding = true', 'strict_mode = false'] : []),
    ...(setting.leniency === 'padded-serial' ? ['parallel = false'] : []),
  ];
  const values = columns.map((column, index) => {
    const field = fields.indexOf(index);
    if (field < 0) return `CAST(NULL AS ${duckdbType(column.type)})`;
    if (isTyped[field]) return `reader.f${field}`;
    const text =
      format.nullText === undefined
        ? `reader.f${field}`
        : `nullif(reader.f${field}, ${duckdbText(format.nullText)})`;
    return textToSql(text, column.type);
  });
  return { values, from: `read_csv(${common}, ${options.join(', ')}) AS reader` };
}

/** Whether DuckDB's reader makes of every text what textToSql() makes of it, or fails. */
function isReadAsItself(column: Column | undefined): boolean {
  return column !== undefined && duckdbType(column.type) === 'DOUBLE';
}

function jsonReader(
  format: JsonFormat,
  columns: readonly Column[],
  common: string,
  locals: readonly LocalFile[],
  wantsFile: boolean,
  { leniency }: ScanSetting,
): Reader {
  const from = `${common}, compression = '${locals[0]?.compression}'`;
  return leniency === 'typed' && hasOneSpelling(format, columns)
    ? jsonColumnsReader(format, columns, from)
    : jsonObjectsReader(format, columns, from, wantsFile);
}

/** Neither DuckDB's columns nor its structs can hold `id` beside `Id`. */
function hasOneSpelling(format: JsonFormat, columns: readonly Column[]): boolean {
  const keys = columns.flatMap((_, index) => format.keys[index] ?? []);
  const isSingle = columns.every((_, index) => format.keys[index]?.length === 1);
  return isSingle && new Set(keys.map((key) => key.toLowerCase())).size === keys.length;
}

/** Fails where a value has not the type that `jsonColumnType` says, or a key comes twice. */
function jsonColumnsReader(format: JsonFormat, columns: readonly Column[], from: string): Reader {
  const keys = columns.map((_, index) => format.keys[index]?.[0] as string);
  const types = columns.map(
    ({ type }, index) => `${duckdbText(keys[index] as string)}: ${duckdbText(jsonColumnType(type))}`,
  );
  const values = columns.map(({ type }, index) =>
    jsonToSql(`reader.${duckdbName(keys[index] as string)}`, type),
  );
  return { values, from: `read_json(${from}, records = true, columns = {${types.join(', ')}}) AS reader` };
}

/** Each record is taken as one JSON value and transformed; what does not fit is null. */
function jsonObjectsReader(
  format: JsonFormat,
  columns: readonly Column[],
  from: string,
  wantsFile: boolean,
): Reader {
  // Second spellings are read by a transform of their own.
  const spellingCount = Math.max(1, ...format.keys.map((keys) => keys.length));
  const transforms = Array.from({ length: spellingCount }, (_, spelling) => {
    const wanted = columns.flatMap((column, index) => {
      const key = format.keys[index]?.[spelling];
      return key === undefined ? [] : [[key, jsonStructure(column.type)] as const];
    });
    const structure = duckdbText(JSON.stringify(Object.fromEntries(wanted)));
    return wanted.length === 0 ? 'NULL' : `json_transform(json, ${structure})`;
  });
  const values = columns.map((column, index) => {
    const keys = format.keys[index] ?? [];
    const found = keys.map((key, spelling) => {
      const value = `struct_extract(reader.row${spelling}, ${duckdbText(key)})`;
      return jsonToSql(value, column.type);
    });
    return found.length === 1 ? (found[0] as string) : `coalesce(${found.join(', ')})`;
  });
  const rows = transforms.map((transform, spelling) => `${transform} AS row${spelling}`);
  const list = [...rows, ...(wantsFile ? ['file'] : [])].join(', ');
  return { values, from: `(SELECT ${list} FROM read_json_objects(${from})) AS reader` };
}

function parquetReader(columns: readonly Column[], common: string, locals: readonly LocalFile[]): Reader {
  const inFile = locals[0]?.parquetColumns ?? [];
  const values = columns.map((column) => {
    const found =
      inFile.find(({ name }) => name === column.name) ??
      inFile.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    const wanted = duckdbType(column.type);
    if (!found) return `CAST(NULL AS ${wanted})`;
    const value = `reader.${duckdbName(found.name)}`;
    return found.type === wanted ? value : parquetCast(value, found.type, column);
  });
  return { values, from: `read_parquet(${common}) AS reader` };
}

function parquetCast(value: string, fileType: string, column: Column): string {
  if (fileType === 'VARCHAR') return textToSql(value, column.type);
  if (duckdbType(column.type) === 'VARCHAR' && /^(STRUCT|MAP)|\]$/.test(fileType)) {
    return castSql(value, { kind: 'struct', members: [] }, column.type);
  }
  return `TRY_CAST(${value} AS ${duckdbType(column.type)})`;
}
