// Delimited text as LazySimpleSerDe reads it, and quoted CSV as OpenCSVSerde does.
import type { DelimitedFormat, QuotedCsvFormat } from '../../tabular/delimited-format.js';
import {
  delimitedRecords,
  delimitedValue,
  fieldPlaces,
  isDelimitable,
  quotedRecords,
} from '../../tabular/delimited-text.js';
import { duckdbText } from '../../tabular/duckdb-text.js';
import { parseDuckdbType } from '../../tabular/duckdb-type.js';
import { raiseSql } from '../select/typed-sql.js';
import {
  duckdbTypeOf,
  isInteger,
  isNumeric,
  isSimple,
  isText,
  type TrinoType,
} from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { Reader, ReadRequest } from './reader.js';

export function delimitedReader(format: DelimitedFormat, request: ReadRequest): Reader {
  const { from, field } = delimitedRecords(format, textFiles(request), 'reader');
  const values = wantedPlaces(request).map((place, index) => {
    if (place === undefined) return undefined;
    const type = parseDuckdbType(duckdbTypeOf(request.columns[index]?.type as TrinoType));
    if (isDelimitable(type)) return delimitedValue(field(place), type, format);
    throw new QueryFailure(
      'NOT_SUPPORTED: delimited text with collections inside collections inside collections cannot be read here',
    );
  });
  return { values, from };
}

const textFiles = ({ paths, compression, wantsFile, inFile }: ReadRequest) => ({
  paths,
  compression,
  wantsFile,
  fieldCount: inFile.length,
});

function wantedPlaces({ columns, inFile, isWanted }: ReadRequest): (number | undefined)[] {
  return fieldPlaces(columns, inFile).map((place, index) => (isWanted(index) ? place : undefined));
}

export function quotedCsvReader(format: QuotedCsvFormat, request: ReadRequest): Reader {
  const { from, field } = quotedRecords(format, textFiles(request), 'reader');
  const values = wantedPlaces(request).map((place, index) =>
    place === undefined
      ? undefined
      : quotedValue(field(place), request.columns[index]?.type as TrinoType, place),
  );
  return { values, from };
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
