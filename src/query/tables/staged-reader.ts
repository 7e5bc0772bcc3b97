// Files that DuckDB cannot read, Avro and ORC: written out as JSON first, with those columns alone that the query needs.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { FILE_COLUMN } from '../../tabular/file-column.js';
import type { DecodedFormat } from '../../tabular/decoded-format.js';
import { jsonTypeOf, stagedTypeOf, type StagedColumn } from '../../tabular/staged-json.js';
import {
  duckdbTypeOf,
  formatType,
  isInteger,
  isSimple,
  isText,
  type TrinoType,
} from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { fromFile, memberNamed, scalarFromFile } from './file-value.js';
import type { Reader, ReadRequest } from './reader.js';

export interface StagedFiles {
  /** Learns what the files say of their columns. */
  describe(paths: readonly string[]): Promise<void>;
  /** Files with the same key have the same columns. */
  schemaKey(path: string): string;
  /**
   * The files' rows as JSON in new files, which `leftovers` names.
   * @param byPlace whether a column is the one at its place in the files; by its name otherwise
   */
  reader(request: ReadRequest, byPlace: boolean): Promise<Reader>;
}

/** @throws QueryFailure for files that cannot be read, and for columns whose types differ from the table's */
export function openStagedFiles(
  format: DecodedFormat,
  parts: {
    temporaryPath(): string;
    leftovers: string[];
    uriOf(path: string): string;
    signal: AbortSignal;
  },
): StagedFiles {
  const { temporaryPath, leftovers, uriOf, signal } = parts;
  const schemas = new Map<string, StagedColumn[]>();

  const reading = async <T>(path: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof format.failure)) throw error;
      throw new QueryFailure(
        `HIVE_CURSOR_ERROR: ${uriOf(path)} cannot be read as ${format.name}: ${error.message}`,
        'execution',
        2,
        1000,
        { cause: error },
      );
    }
  };

  return {
    async describe(paths) {
      for (const path of paths) {
        signal.throwIfAborted();
        if (!schemas.has(path)) schemas.set(path, await reading(path, format.columns(path)));
      }
    },
    schemaKey: (path) => JSON.stringify(schemas.get(path)),
    async reader({ columns, isWanted, paths, wantsFile }, byPlace) {
      const [first = ''] = paths;
      const inFile = schemas.get(first) ?? [];
      const names = new Map<string, string>();
      const types: string[] = wantsFile ? [`${FILE_COLUMN}: 'VARCHAR'`] : [];
      const values = columns.map(({ name, type }, index) => {
        if (!isWanted(index)) return undefined;
        const found = byPlace ? inFile[index] : memberNamed(inFile, name);
        if (!found) return undefined;
        const key = `f${index}`;
        const sql = fromFile(stagedValue(`reader.${key}`, found), found.type, type, scalarFromStaged);
        if (sql === undefined) {
          throw new QueryFailure(
            `HIVE_BAD_DATA: Field ${name}'s type ${found.type.text} in ${format.name} file ${uriOf(first)} is incompatible with type ${formatType(type)} defined in table schema`,
          );
        }
        names.set(found.name, key);
        types.push(`${key}: ${duckdbText(jsonTypeOf(found.type))}`);
        return sql;
      });
      // DuckDB must be told of a column at least.
      if (types.length === 0) types.push(`f: 'BOOLEAN'`);
      const staged: string[] = [];
      for (const path of paths) {
        const to = temporaryPath();
        leftovers.push(to);
        const constants: Record<string, string> = wantsFile ? { [FILE_COLUMN]: path } : {};
        await reading(path, format.write(path, { to, names, constants, signal }));
        staged.push(to);
      }
      const options = [
        `[${staged.map(duckdbText).join(', ')}]`,
        `format = 'newline_delimited'`,
        'hive_partitioning = false',
        `compression = 'uncompressed'`,
        `columns = {${types.join(', ')}}`,
        `maximum_object_size = ${LINE_BYTES_MAX}`,
      ];
      return { values, from: `read_json(${options.join(', ')}) AS reader` };
    },
  };
}

/** Keys of maps are texts in JSON. */
function stagedValue(sql: string, { type }: StagedColumn): string {
  return stagedTypeOf(type) === jsonTypeOf(type) ? sql : `CAST(${sql} AS ${stagedTypeOf(type)})`;
}

/** Of a record as JSON. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

/** What times are stored as: also the number that stands for one can be had, as Hive's SerDe gives it. */
function scalarFromStaged(sql: string, name: string, to: TrinoType): string | undefined {
  const wanted = duckdbTypeOf(to);
  switch (name) {
    case 'BASE64':
      if (isText(to)) return `decode(from_base64(${sql}))`;
      return isSimple(to, 'varbinary') ? `from_base64(${sql})` : undefined;
    case 'DAYS':
      if (isInteger(to)) return `CAST(${sql} AS ${wanted})`;
      return isSimple(to, 'date') || to.kind === 'timestamp'
        ? `CAST((DATE '1970-01-01' + ${sql}) AS ${wanted})`
        : undefined;
    case 'MILLISECONDS':
    case 'MICROSECONDS': {
      if (isInteger(to)) return `CAST(${sql} AS ${wanted})`;
      const instant = name === 'MILLISECONDS' ? `epoch_ms(${sql})` : `make_timestamp(${sql})`;
      return isSimple(to, 'date') || to.kind === 'timestamp' ? `CAST(${instant} AS ${wanted})` : undefined;
    }
    default:
      return name === 'UNION' ? undefined : scalarFromFile(sql, name, to);
  }
}
