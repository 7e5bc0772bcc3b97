// Delimited text as LazySimpleSerDe reads it, and the records of quoted CSV: fields as texts, and texts as values.
import { duckdbName, duckdbText } from './duckdb-text.js';
import type { DelimitedFormat, QuotedCsvFormat } from './delimited-format.js';
import type { DuckdbType } from './duckdb-type.js';
import { FILE_COLUMN } from './file-column.js';

/** No field of a file is this: which texts are null is decided per column. */
const NEVER = 'gluepot: not a value';

export interface TextFiles {
  paths: readonly string[];
  /** As DuckDB calls it. */
  compression: string;
  /** Fields of a record; missing ones are null, surplus ones are left out, as in Hive. */
  fieldCount: number;
  /** Whether rows must have the path of their file, as FILE_COLUMN. */
  wantsFile: boolean;
}

export interface TextRecords {
  /** What stands behind FROM. */
  from: string;
  /** SQL of the text of the n-th field, from 0; null where a record has none. */
  field(place: number): string;
}

/** @param alias of the records in the statement */
export function delimitedRecords(format: DelimitedFormat, files: TextFiles, alias: string): TextRecords {
  const { escape } = format;
  if (escape !== undefined) {
    return {
      from: `(${escapedRecords(format, escape, files)}) AS ${alias}`,
      field: (place) => `${alias}.fields[${place + 1}]`,
    };
  }
  return plainRecords(files, { ...format, quote: '', escape: '' }, alias);
}

/** @param alias of the records in the statement */
export function quotedRecords(format: QuotedCsvFormat, files: TextFiles, alias: string): TextRecords {
  // A quote is escaped by the escape character or by another quote; DuckDB takes one of the two.
  const escape = format.escape === '\\' ? format.quote : format.escape;
  return plainRecords(files, { ...format, escape }, alias);
}

type Dialect = Pick<QuotedCsvFormat, 'delimiter' | 'quote' | 'escape' | 'skipLines'>;

function plainRecords(files: TextFiles, dialect: Dialect, alias: string): TextRecords {
  return {
    from: `${readCsv(files, Math.max(1, files.fieldCount), dialect)} AS ${alias}`,
    field: (place) => `${alias}.f${place}`,
  };
}

function readCsv({ paths, compression, wantsFile }: TextFiles, fieldCount: number, dialect: Dialect): string {
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    'hive_partitioning = false',
    'auto_detect = false',
    'header = false',
    `skip = ${dialect.skipLines}`,
    `delim = ${duckdbText(dialect.delimiter)}`,
    `quote = ${duckdbText(dialect.quote)}`,
    `escape = ${duckdbText(dialect.escape)}`,
    `nullstr = ${duckdbText(NEVER)}`,
    `compression = '${compression}'`,
    'null_padding = true',
    'strict_mode = false',
    `columns = {${Array.from({ length: fieldCount }, (_, index) => `'f${index}': 'VARCHAR'`).join(', ')}}`,
    ...(wantsFile ? [`filename = '${FILE_COLUMN}'`] : []),
  ];
  return `read_csv(${options.join(', ')})`;
}

/**
 * Lines that are cut by hand, as DuckDB knows escapes only inside quotes: escaped delimiters are put out of the way, and
 * back again when the line is cut.
 */
function escapedRecords(format: DelimitedFormat, escape: string, files: TextFiles): string {
  const lines = readCsv(files, 1, { ...format, delimiter: '\u001e', quote: '', escape: '' });
  const [mark, twice] = ['\u001c', '\u001d'];
  const hidden = `replace(replace(f0, ${duckdbText(escape + escape)}, ${duckdbText(twice)}), ${duckdbText(escape + format.delimiter)}, ${duckdbText(mark)})`;
  const restored = `replace(replace(replace(field, ${duckdbText(mark)}, ${duckdbText(format.delimiter)}), ${duckdbText(escape)}, ''), ${duckdbText(twice)}, ${duckdbText(escape)})`;
  const nullText = `CASE WHEN field = ${duckdbText(format.nullText)} THEN field ELSE ${restored} END`;
  const fields = `list_transform(string_split(${hidden}, ${duckdbText(format.delimiter)}), lambda field: ${nullText})`;
  return `SELECT ${fields} AS fields, file_index AS file_index${files.wantsFile ? `, ${FILE_COLUMN}` : ''} FROM ${lines}`;
}

/**
 * Where the fields of columns are: the n-th field of a record is the n-th column that its partition was declared with.
 * Undefined for columns that were added to the table after the partition.
 */
export function fieldPlaces(
  columns: readonly { name: string }[],
  inFile: readonly { name: string }[],
): (number | undefined)[] {
  return columns.map(({ name }, index) => {
    const place = inFile[index]?.name === name ? index : inFile.findIndex((column) => column.name === name);
    return place < 0 ? undefined : place;
  });
}

/** Whether delimited text has delimiters for values of the type: for collections, and for what is inside of them. */
export function isDelimitable(type: DuckdbType, depth = 0): boolean {
  switch (type.kind) {
    case 'scalar':
      return true;
    case 'list':
      return depth < 2 && isDelimitable(type.item, depth + 1);
    case 'map':
      return depth < 2 && isDelimitable(type.key, 2) && isDelimitable(type.value, 2);
    case 'struct':
      return depth < 2 && type.members.every((member) => isDelimitable(member.type, depth + 1));
  }
}

/** A text as a value of a delimitable type; what does not fit is null (Hive's rule, assumed to hold for Athena's reader). */
export function delimitedValue(text: string, type: DuckdbType, format: DelimitedFormat, depth = 0): string {
  const isNull = `${text} = ${duckdbText(format.nullText)}`;
  if (type.text === 'VARCHAR') return `CASE WHEN ${isNull} THEN NULL ELSE ${text} END`;
  const delimiter = depth === 0 ? format.collectionDelimiter : format.mapKeyDelimiter;
  switch (type.kind) {
    case 'list': {
      const item = `item${depth}`;
      const items = `list_transform(${splitSql(text, delimiter)}, lambda ${item}: ${delimitedValue(item, type.item, format, depth + 1)})`;
      return `CASE WHEN ${isNull} THEN NULL ELSE ${items} END`;
    }
    case 'map': {
      const pair = `pair${depth}`;
      const [key, value] = [1, 2].map(
        (part) =>
          `nullif(split_part(${pair}, ${duckdbText(format.mapKeyDelimiter)}, ${part}), ${duckdbText(format.nullText)})`,
      ) as [string, string];
      const entries = `list_transform(${splitSql(text, delimiter)}, lambda ${pair}: struct_pack(key := ${delimitedValue(key, type.key, format, 2)}, value := ${delimitedValue(value, type.value, format, 2)}))`;
      return `CASE WHEN ${isNull} THEN NULL ELSE map_from_entries(${entries}) END`;
    }
    case 'struct': {
      const members = type.members.map((member, index) => {
        const part = `${splitSql(text, delimiter)}[${index + 1}]`;
        return `${duckdbName(member.name)} := ${delimitedValue(part, member.type, format, depth + 1)}`;
      });
      return `CASE WHEN ${text} IS NULL OR ${isNull} THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
    }
    case 'scalar':
      return scalarOrNull(text, type.text);
  }
}

function splitSql(text: string, delimiter: string): string {
  return `CASE WHEN ${text} = '' THEN [] ELSE string_split(${text}, ${duckdbText(delimiter)}) END`;
}

function scalarOrNull(text: string, wanted: string): string {
  // A cast would round 1.5 to an integer.
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(wanted))
    return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN TRY_CAST(${text} AS ${wanted}) END`;
  if (wanted === 'BOOLEAN') return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
  if (wanted === 'BLOB') return `TRY(from_base64(${text}))`;
  return wanted === 'TIMESTAMP' ? timestampOrNull(text) : `TRY_CAST(${text} AS ${wanted})`;
}

/** SQL of the time that a text means, in UTC: a plain cast would leave out the zone that it names. */
export function timestampOrNull(text: string): string {
  return `(TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`;
}
