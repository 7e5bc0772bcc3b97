// Delimited text: fields by position, as LazySimpleSerDe and OpenCSVSerde read them.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';
import { delimitedFormat, type DelimitedFormat } from '../../../tabular/delimited-format.js';
import {
  delimitedRecords,
  delimitedValue,
  fieldPlaces,
  isDelimitable,
  quotedRecords,
} from '../../../tabular/delimited-text.js';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { parseDuckdbType } from '../../../tabular/duckdb-type.js';
import type { SourceColumn } from './relation.js';
import type { TextScan } from './stage-text.js';
import type { TextCompression } from './text-compression.js';

/** What opens a field of OpenCSVSerde, whose numbers and times are not those of LazySimpleSerDe. */
const PLAIN: DelimitedFormat = {
  kind: 'delimited',
  delimiter: ',',
  collectionDelimiter: '\u0002',
  mapKeyDelimiter: '\u0003',
  nullText: '',
  skipLines: 0,
};

/** @param descriptor of the table or of the partition: fields are those that it has columns for */
export function csvScan(
  table: Table,
  descriptor: StorageDescriptor,
  columns: readonly SourceColumn[],
  { paths, compression }: { paths: readonly string[]; compression: TextCompression },
): TextScan {
  const format = delimitedFormat(table, descriptor);
  if (!format) throw new Error('The SerDe is none of delimited text.');
  const inFile = (descriptor.Columns ?? []).map(({ Name = '' }) => ({ name: Name.toLowerCase() }));
  const files = { paths, compression, fieldCount: inFile.length, wantsFile: false };
  const { from, field } =
    format.kind === 'delimited'
      ? delimitedRecords(format, files, 'records')
      : quotedRecords(format, files, 'records');
  const doubts: TextScan['doubts'] = [];
  const values = fieldPlaces(columns, inFile).map((place, index) => {
    if (place === undefined) return undefined;
    const column = columns[index] as SourceColumn;
    const text = field(place);
    const value = format.kind === 'delimited' ? lazyValue(text, column, format) : quotedValue(text, column);
    if (column.duckdbType !== 'VARCHAR') {
      const nullText = format.kind === 'delimited' ? format.nullText : '';
      // An empty field of a number is a null in everybody's files.
      const isValue = `${text} NOT IN ('', ${duckdbText(nullText)})`;
      doubts.push({
        column: column.name,
        type: column.hiveType,
        text,
        isLost: `${isValue} AND (${value}) IS NULL`,
      });
    }
    return value;
  });
  return { from, values, doubts };
}

function lazyValue(text: string, { name, duckdbType }: SourceColumn, format: DelimitedFormat): string {
  const type = parseDuckdbType(duckdbType);
  if (isDelimitable(type)) return delimitedValue(text, type, format);
  throw new GluepotError(
    'unsupported',
    `Column ${name} of delimited text is of type ${duckdbType}, collections inside of collections inside of collections, which is not read.`,
  );
}

/** AWS docs, OpenCSV SerDe: dates are days and timestamps milliseconds since 1970, if they are numbers. */
function quotedValue(text: string, { name, duckdbType }: SourceColumn): string {
  const type = parseDuckdbType(duckdbType);
  if (duckdbType === 'VARCHAR') return text;
  if (type.kind !== 'scalar') {
    throw new GluepotError(
      'unsupported',
      `Column ${name} of OpenCSVSerde is of type ${duckdbType}, which is not read. Declare it as string.`,
    );
  }
  const number = `TRY_CAST(${text} AS BIGINT)`;
  const plain = delimitedValue(text, type, PLAIN);
  if (duckdbType === 'TIMESTAMP') return `coalesce(make_timestamp(${number} * 1000), ${plain})`;
  if (duckdbType === 'DATE') return `coalesce(DATE '1970-01-01' + CAST(${number} AS INTEGER), ${plain})`;
  return plain;
}
