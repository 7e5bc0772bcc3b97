// Delimited text as LazySimpleSerDe reads it, and quoted CSV as OpenCSVSerde does.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { FILE_COLUMN } from '../../tabular/file-column.js';
import { raiseSql } from '../select/typed-sql.js';
import {
  duckdbTypeOf,
  fieldName,
  isInteger,
  isNumeric,
  isSimple,
  isText,
  type TrinoType,
} from '../select/trino-type.js';
import { duckdbName } from '../../tabular/duckdb-text.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { Reader, ReadRequest } from './reader.js';
import type { DelimitedFormat, QuotedCsvFormat } from './table-format.js';

/** No field of a file is this: which texts are null is decided per column. */
const NEVER = 'gluepot: not a value';

function csvSource(
  { paths, compression, wantsFile }: ReadRequest,
  fieldCount: number,
  options: { delimiter: string; quote: string; escape: string; skipLines: number },
): string {
  const all = [
    `[${paths.map(duckdbText).join(', ')}]`,
    'hive_partitioning = false',
    'auto_detect = false',
    'header = false',
    `skip = ${options.skipLines}`,
    `delim = ${duckdbText(options.delimiter)}`,
    `quote = ${duckdbText(options.quote)}`,
    `escape = ${duckdbText(options.escape)}`,
    `nullstr = ${duckdbText(NEVER)}`,
    `compression = '${compression}'`,
    // Fields that are missing are null, surplus ones are left out, as in Hive.
    'null_padding = true',
    'strict_mode = false',
    `columns = {${Array.from({ length: fieldCount }, (_, index) => `'f${index}': 'VARCHAR'`).join(', ')}}`,
    ...(wantsFile ? [`filename = '${FILE_COLUMN}'`] : []),
  ];
  return `read_csv(${all.join(', ')})`;
}

/** The n-th field of a record is the n-th column that the partition was declared with. */
function fieldsOf({ columns, inFile, isWanted }: ReadRequest): (number | undefined)[] {
  return columns.map(({ name }, index) => {
    // Hive goes by position; columns that were added to the table after the partition are not in its files.
    const field = inFile[index]?.name === name ? index : inFile.findIndex((column) => column.name === name);
    return isWanted(index) && field >= 0 ? field : undefined;
  });
}

export function delimitedReader(format: DelimitedFormat, request: ReadRequest): Reader {
  const fields = fieldsOf(request);
  const fieldCount = Math.max(1, request.inFile.length);
  const { escape } = format;
  const source =
    escape === undefined
      ? `${csvSource(request, fieldCount, { ...format, quote: '', escape: '' })} AS reader`
      : `(${escapedSource(format, escape, request)}) AS reader`;
  const text = (field: number) => (escape === undefined ? `reader.f${field}` : `reader.fields[${field + 1}]`);
  const values = fields.map((field, index) => {
    if (field === undefined) return undefined;
    return delimitedValue(text(field), request.columns[index]?.type as TrinoType, format, 0);
  });
  return { values, from: source };
}

/**
 * Lines that are cut by hand, as DuckDB knows escapes only inside quotes: escaped delimiters are put out of the way, and
 * back again when the line is cut.
 */
function escapedSource(format: DelimitedFormat, escape: string, request: ReadRequest): string {
  const lines = csvSource(request, 1, { ...format, delimiter: '\u001e', quote: '', escape: '' });
  const [mark, twice] = ['\u001c', '\u001d'];
  const hidden = `replace(replace(f0, ${duckdbText(escape + escape)}, ${duckdbText(twice)}), ${duckdbText(escape + format.delimiter)}, ${duckdbText(mark)})`;
  const restored = `replace(replace(replace(field, ${duckdbText(mark)}, ${duckdbText(format.delimiter)}), ${duckdbText(escape)}, ''), ${duckdbText(twice)}, ${duckdbText(escape)})`;
  const nullText = `CASE WHEN field = ${duckdbText(format.nullText)} THEN field ELSE ${restored} END`;
  const fields = `list_transform(string_split(${hidden}, ${duckdbText(format.delimiter)}), lambda field: ${nullText})`;
  return `SELECT ${fields} AS fields${request.wantsFile ? `, ${FILE_COLUMN}` : ''} FROM ${lines}`;
}

/** A text as a column's type; what does not fit is null (Hive's rule, assumed to hold for Athena's reader). */
function delimitedValue(text: string, type: TrinoType, format: DelimitedFormat, depth: number): string {
  const isNull = `${text} = ${duckdbText(format.nullText)}`;
  if (isText(type)) return `CASE WHEN ${isNull} THEN NULL ELSE ${text} END`;
  const delimiters = [format.collectionDelimiter, format.mapKeyDelimiter];
  const delimiter = delimiters[depth];
  switch (type.kind) {
    case 'array': {
      const item = `item${depth}`;
      const items = `list_transform(${splitSql(text, requireDelimiter(delimiter))}, lambda ${item}: ${delimitedValue(item, type.item, format, depth + 1)})`;
      return `CASE WHEN ${isNull} THEN NULL ELSE ${items} END`;
    }
    case 'map': {
      const pair = `pair${depth}`;
      const [key, value] = [1, 2].map(
        (part) =>
          `nullif(split_part(${pair}, ${duckdbText(format.mapKeyDelimiter)}, ${part}), ${duckdbText(format.nullText)})`,
      ) as [string, string];
      const entries = `list_transform(${splitSql(text, requireDelimiter(delimiter))}, lambda ${pair}: struct_pack(key := ${delimitedValue(key, type.key, format, 2)}, value := ${delimitedValue(value, type.value, format, 2)}))`;
      return `CASE WHEN ${isNull} THEN NULL ELSE map_from_entries(${entries}) END`;
    }
    case 'row': {
      const members = type.fields.map((field, index) => {
        const part = `${splitSql(text, requireDelimiter(delimiter))}[${index + 1}]`;
        return `${duckdbName(fieldName(type.fields, index))} := ${delimitedValue(part, field.type, format, depth + 1)}`;
      });
      return `CASE WHEN ${text} IS NULL OR ${isNull} THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
    }
    default:
      return scalarOrNull(text, type);
  }
}

function splitSql(text: string, delimiter: string): string {
  return `CASE WHEN ${text} = '' THEN [] ELSE string_split(${text}, ${duckdbText(delimiter)}) END`;
}

function requireDelimiter(delimiter: string | undefined): string {
  if (delimiter !== undefined) return delimiter;
  throw new QueryFailure(
    'NOT_SUPPORTED: delimited text with collections inside collections inside collections cannot be read here',
  );
}

function scalarOrNull(text: string, type: TrinoType): string {
  const wanted = duckdbTypeOf(type);
  if (isInteger(type))
    return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN TRY_CAST(${text} AS ${wanted}) END`;
  if (isSimple(type, 'boolean'))
    return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
  if (isSimple(type, 'varbinary')) return `TRY(from_base64(${text}))`;
  return `TRY_CAST(${text} AS ${wanted})`;
}

export function quotedCsvReader(format: QuotedCsvFormat, request: ReadRequest): Reader {
  const fields = fieldsOf(request);
  // A quote is escaped by the escape character or by another quote; DuckDB takes one of the two.
  const escape = format.escape === '\\' ? format.quote : format.escape;
  const source = csvSource(request, Math.max(1, request.inFile.length), { ...format, escape });
  const values = fields.map((field, index) => {
    if (field === undefined) return undefined;
    return quotedValue(`reader.f${field}`, request.columns[index]?.type as TrinoType, field);
  });
  return { values, from: `${source} AS reader` };
}

/** AWS docs, OpenCSV SerDe: dates are days and timestamps milliseconds since 1970; an empty number is an error. */
function quotedValue(text: string, type: TrinoType, field: number): string {
  if (isText(type)) return text;
  const wanted = duckdbTypeOf(type);
  const bad = raiseSql(
    'HIVE_BAD_DATA',
    `'Error parsing field value ''' || ${text} || ''' for field ${field}: For input string: "' || ${text} || '"'`,
    type,
  );
  const checked = (pattern: string, value: string) =>
    `CASE WHEN ${text} IS NULL THEN NULL WHEN regexp_full_match(${text}, ${duckdbText(pattern)}) THEN ${value} ELSE ${bad} END`;
  if (isInteger(type)) return checked('[+-]?[0-9]+', `CAST(${text} AS ${wanted})`);
  if (isSimple(type, 'boolean')) return `(lower(${text}) = 'true')`;
  if (isSimple(type, 'date')) return checked('[+-]?[0-9]+', `(DATE '1970-01-01' + CAST(${text} AS INTEGER))`);
  if (type.kind === 'timestamp')
    return checked('[+-]?[0-9]+', `make_timestamp(CAST(${text} AS BIGINT) * 1000)`);
  if (isNumeric(type))
    return checked(
      '\\s*[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?\\s*|NaN|[+-]?Infinity',
      `CAST(${text} AS ${wanted})`,
    );
  throw new QueryFailure(
    `NOT_SUPPORTED: a column of OpenCSVSerde cannot be of type ${type.kind} here; declare it as string`,
  );
}
