// Files that DuckDB has no reader of, Avro and ORC: decoded here, and staged as Parquet in the catalog's types.
import { GluepotError, messageOf } from '../../../base/errors.js';
import type { DecodedFormat } from '../../../tabular/decoded-format.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import { jsonTypeOf, stagedTypeOf, type StagedColumn } from '../../../tabular/staged-json.js';
import { decodedType, decodedValue, hasUnion } from './decoded-value.js';
import { fileValue } from './file-value.js';
import { readParquet } from './parquet.js';
import type { Scan, SourceColumn } from './relation.js';
import { stagePieces, type StagingTools } from './stage-pieces.js';

export interface DecodedFile {
  path: string;
  uri: string;
  /** Of its partition, in the order of the keys. */
  values: readonly (string | null)[];
}

export interface DecodedTable {
  table: string;
  /** Of the files. */
  columns: readonly SourceColumn[];
  /** Of the partitions, behind them. */
  keys: readonly SourceColumn[];
  /** Whether a column is the one at its place in the files; by its name otherwise. */
  isByPlace: boolean;
}

/** Lines of JSON may be so long, and longer where one is. */
const LINE_BYTES_USUAL = 16 * 1024 * 1024;

/** @throws GluepotError `failed` for files that cannot be read, `unsupported` for columns of several types */
export async function decodedScans(
  format: DecodedFormat,
  files: readonly DecodedFile[],
  table: DecodedTable,
  tools: StagingTools,
): Promise<Scan[]> {
  const alike = new Map<string, { inFile: StagedColumn[]; files: DecodedFile[] }>();
  for (const file of files) {
    tools.signal.throwIfAborted();
    const inFile = await reading(format, file, format.columns(file.path));
    const key = JSON.stringify(inFile);
    const group = alike.get(key) ?? { inFile, files: [] };
    group.files.push(file);
    alike.set(key, group);
  }
  const paths: string[] = [];
  for (const [index, group] of [...alike.values()].entries()) {
    paths.push(...(await stageAlike(format, group, table, `${format.name}-${index}`, tools)));
  }
  if (paths.length === 0) return [];
  const values = [...table.columns, ...table.keys].map(({ name }) => duckdbName(name));
  return [{ from: readParquet(paths, true), values, isParquet: true }];
}

async function stageAlike(
  format: DecodedFormat,
  { inFile, files }: { inFile: readonly StagedColumn[]; files: readonly DecodedFile[] },
  { table, columns, keys, isByPlace }: DecodedTable,
  name: string,
  tools: StagingTools,
): Promise<string[]> {
  const names = new Map<string, string>();
  const types: string[] = [];
  const items = columns.map((column, index) => {
    const found = isByPlace ? inFile[index] : inFile.find((each) => each.name.toLowerCase() === column.name);
    if (!found) return `CAST(NULL AS ${column.duckdbType}) AS ${duckdbName(column.name)}`;
    if (hasUnion(found.type)) {
      throw new GluepotError(
        'unsupported',
        `${table} has the column ${column.name}, which holds values of several types in ${files[0]?.uri}. Exclude the table or convert it.`,
      );
    }
    const key = `f${index}`;
    names.set(found.name, key);
    types.push(`${key}: ${duckdbText(jsonTypeOf(found.type))}`);
    const value =
      stagedTypeOf(found.type) === jsonTypeOf(found.type)
        ? key
        : `CAST(${key} AS ${stagedTypeOf(found.type)})`;
    const decoded = decodedValue(value, found.type);
    return `CAST(${fileValue(decoded, decodedType(found.type), column)} AS ${column.duckdbType}) AS ${duckdbName(column.name)}`;
  });
  for (const [index, { name: column, duckdbType }] of keys.entries()) {
    types.push(`k${index}: 'VARCHAR'`);
    items.push(`CAST(k${index} AS ${duckdbType}) AS ${duckdbName(column)}`);
  }
  // DuckDB must be told of a column at least.
  if (types.length === 0) types.push(`f: 'BOOLEAN'`);
  return stagePieces(
    tools,
    {
      name,
      select: (path, lineBytesMax) =>
        `SELECT ${items.join(', ')} FROM read_json([${duckdbText(path)}], format = 'newline_delimited', hive_partitioning = false, ` +
        `compression = 'uncompressed', columns = {${types.join(', ')}}, maximum_object_size = ${Math.max(lineBytesMax, LINE_BYTES_USUAL)})`,
      explain: (cause) =>
        new GluepotError(
          'failed',
          `${table} has a value that is none of its column's type: ${messageOf(cause)} Crawl the table again, or put its columns right.`,
          { cause },
        ),
    },
    async (take) => {
      let count = 0;
      for (const file of files) {
        const constants = Object.fromEntries(
          file.values.flatMap((value, index) => (value === null ? [] : [[`k${index}`, value]])),
        ) as Record<string, string>;
        const to = (lines: string) => take(Buffer.from(lines));
        const { signal } = tools;
        const writing = format.write(file.path, { to, names, constants, signal });
        const rows = await reading(format, file, writing);
        count += rows;
      }
      return count;
    },
  );
}

async function reading<T>(format: DecodedFormat, { uri }: DecodedFile, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof format.failure)) throw error;
    throw new GluepotError('failed', `${uri} cannot be read as ${format.name}: ${error.message}.`, {
      cause: error,
    });
  }
}
