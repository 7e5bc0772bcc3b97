// Avro files by the names of their fields: written out as JSON first, with those fields alone that the query needs.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { AvroError } from '../../tabular/avro/avro-container.js';
import { readAvroColumns, writeAvroAsJson } from '../../tabular/avro/avro-json.js';
import { jsonTypeOf, type AvroColumn } from '../../tabular/avro/avro-type.js';
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

export interface AvroFiles {
  /** Learns what the files' headers say. */
  describe(paths: readonly string[]): Promise<void>;
  /** Files with the same key have the same columns. */
  schemaKey(path: string): string;
  /** The files' records as JSON in new files, which `leftovers` names. */
  reader(request: ReadRequest): Promise<Reader>;
}

/** @throws QueryFailure for what is no Avro, and for columns whose types differ from the table's */
export function openAvroFiles(parts: {
  temporaryPath(): string;
  leftovers: string[];
  uriOf(path: string): string;
  signal: AbortSignal;
}): AvroFiles {
  const { temporaryPath, leftovers, uriOf, signal } = parts;
  const schemas = new Map<string, AvroColumn[]>();

  const reading = async <T>(path: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof AvroError)) throw error;
      throw new QueryFailure(
        `HIVE_CURSOR_ERROR: ${uriOf(path)} cannot be read as Avro: ${error.message}`,
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
        if (!schemas.has(path)) schemas.set(path, await reading(path, readAvroColumns(path)));
      }
    },
    schemaKey: (path) => JSON.stringify(schemas.get(path)),
    async reader({ columns, isWanted, paths, wantsFile }) {
      const [first = ''] = paths;
      const inFile = schemas.get(first) ?? [];
      const names = new Map<string, string>();
      const types: string[] = wantsFile ? [`file: 'VARCHAR'`] : [];
      const values = columns.map(({ name, type }, index) => {
        const found = isWanted(index) ? memberNamed(inFile, name) : undefined;
        if (!found) return undefined;
        const key = `f${index}`;
        const sql = fromFile(`reader.${key}`, found.type, type, scalarFromAvro);
        if (sql === undefined) {
          throw new QueryFailure(
            `HIVE_BAD_DATA: Field ${name}'s type ${found.type.text} in Avro file ${uriOf(first)} is incompatible with type ${formatType(type)} defined in table schema`,
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
        const constants: Record<string, string> = wantsFile ? { file: path } : {};
        await reading(path, writeAvroAsJson(path, { to, names, constants, signal }));
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

/** Of a record as JSON. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;

/** What Avro's logical types are of: also the number that stands for a time can be had, as Hive's SerDe gives it. */
function scalarFromAvro(sql: string, name: string, to: TrinoType): string | undefined {
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
