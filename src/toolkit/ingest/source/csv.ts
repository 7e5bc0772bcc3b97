// Delimited text: fields by position, as LazySimpleSerDe and OpenCSVSerde read them.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { Scan, SourceColumn } from './relation.js';
import type { TextCompression } from './text-compression.js';

/** No field of a file is this: which texts are null is decided per column. */
const NEVER = 'gluepot: not a value';

export function csvScan(
  table: Table,
  descriptor: StorageDescriptor,
  columns: readonly SourceColumn[],
  { paths, compression }: { paths: readonly string[]; compression: TextCompression },
): Scan {
  const parameters = descriptor.SerdeInfo?.Parameters ?? {};
  const isQuoted = /OpenCSVSerde/.test(descriptor.SerdeInfo?.SerializationLibrary ?? '');
  const skip = table.Parameters?.['skip.header.line.count'] ?? parameters['skip.header.line.count'] ?? '0';
  const delimiter = isQuoted
    ? (parameters.separatorChar ?? ',')
    : character(parameters['field.delim'] ?? parameters['serialization.format'] ?? '\u0001');
  const quote = isQuoted ? (parameters.quoteChar ?? '"') : '';
  if (!isQuoted && parameters['escape.delim'] !== undefined) {
    throw new GluepotError(
      'unsupported',
      `${table.Name} has escaped delimiters (escape.delim), which are not read yet.`,
    );
  }
  const nullText = parameters['serialization.null.format'] ?? '\\N';
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    'hive_partitioning = false',
    'auto_detect = false',
    'header = false',
    `skip = ${/^\d+$/.test(skip) ? skip : '0'}`,
    `delim = ${duckdbText(delimiter)}`,
    `quote = ${duckdbText(quote)}`,
    `escape = ${duckdbText(quote)}`,
    `nullstr = ${duckdbText(NEVER)}`,
    `compression = '${compression}'`,
    'null_padding = true',
    'strict_mode = false',
    `columns = {${columns.map((_, index) => `'f${index}': 'VARCHAR'`).join(', ')}}`,
  ];
  const values = columns.map((column, index) => {
    const field = `f${index}`;
    const isText = column.duckdbType === 'VARCHAR';
    // Hive's rule: a field that is no value of the column's type is null.
    if (isQuoted) return isText ? field : quotedValue(field, column);
    const value = `CASE WHEN ${field} <> ${duckdbText(nullText)} THEN ${field} END`;
    return isText ? value : scalarValue(value, column);
  });
  return { from: `read_csv(${options.join(', ')})`, values };
}

function scalarValue(text: string, { name, duckdbType }: SourceColumn): string {
  if (/[([]|BLOB/.test(duckdbType.replace(/^DECIMAL\(.*\)$/, ''))) {
    throw new GluepotError(
      'unsupported',
      `Column ${name} of delimited text is of type ${duckdbType}, which is not read.`,
    );
  }
  // A cast would round 1.5 to an integer.
  const isWhole = /^(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(duckdbType);
  const checked = isWhole ? `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+') THEN ${text} END` : text;
  return `TRY_CAST(${checked} AS ${duckdbType})`;
}

/** AWS docs, OpenCSV SerDe: dates are days and timestamps milliseconds since 1970, if they are numbers. */
function quotedValue(text: string, column: SourceColumn): string {
  const number = `TRY_CAST(${text} AS BIGINT)`;
  const plain = scalarValue(text, column);
  if (column.duckdbType === 'TIMESTAMP') return `coalesce(make_timestamp(${number} * 1000), ${plain})`;
  if (column.duckdbType === 'DATE')
    return `coalesce(DATE '1970-01-01' + CAST(${number} AS INTEGER), ${plain})`;
  return plain;
}

/** A delimiter is the character, its escape, or its code: `,`, `\t`, `1`. */
function character(text: string): string {
  if (text === '\\t') return '\t';
  return /^\d+$/.test(text) && Number(text) < 128 ? String.fromCharCode(Number(text)) : text;
}
