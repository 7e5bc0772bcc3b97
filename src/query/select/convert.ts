// Trino's conversions in DuckDB's SQL: implicit ones, CAST, and what DuckDB's own would do differently.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { nullOf, raiseSql, type TypedSql } from './typed-sql.js';
import {
  duckdbTypeOf,
  fieldName,
  formatType,
  isFloating,
  isInteger,
  isNumeric,
  isSameType,
  isSimple,
  isText,
  type TrinoType,
} from './trino-type.js';

let lambdaCount = 0;

/** A name that no other lambda of any query has. */
export function lambdaName(): string {
  lambdaCount = (lambdaCount + 1) % 1_000_000;
  return `e${lambdaCount}`;
}

/** The value as `to`, which isCoercible() said it can become without a CAST. */
export function coerce({ sql, type, constant }: TypedSql, to: TrinoType): TypedSql {
  const converted: TypedSql = { sql: coerceSql(sql, type, to), type: to };
  return constant === undefined ? converted : { ...converted, constant };
}

function coerceSql(sql: string, from: TrinoType, to: TrinoType): string {
  if (isSameType(from, to) || (isText(from) && isText(to))) return sql;
  if (isSimple(from, 'unknown')) return nullOf(to);
  if (from.kind === 'timestamp' && to.kind === 'timestamp') return sql;
  if (to.kind === 'timestamp-tz' && from.kind !== 'timestamp-tz') {
    return `(CAST(${sql} AS TIMESTAMP) AT TIME ZONE ${duckdbText(to.zone)})`;
  }
  const inside = insideSql(sql, from, to, coerceSql);
  if (inside !== undefined) return inside;
  return duckdbTypeOf(from) === duckdbTypeOf(to) ? sql : `CAST(${sql} AS ${duckdbTypeOf(to)})`;
}

type Convert = (sql: string, from: TrinoType, to: TrinoType) => string;

/** Arrays, maps and rows are converted by what is in them; rows by position, where DuckDB would go by name. */
function insideSql(sql: string, from: TrinoType, to: TrinoType, convert: Convert): string | undefined {
  if (from.kind === 'array' && to.kind === 'array') {
    const item = lambdaName();
    const converted = convert(item, from.item, to.item);
    return converted === item ? sql : `list_transform(${sql}, lambda ${item}: ${converted})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const entry = lambdaName();
    const [key, value] = [
      convert(`${entry}.key`, from.key, to.key),
      convert(`${entry}.value`, from.value, to.value),
    ];
    if (key === `${entry}.key` && value === `${entry}.value`) return sql;
    const entries = `list_transform(map_entries(${sql}), lambda ${entry}: struct_pack(key := ${key}, value := ${value}))`;
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map_from_entries(${entries}) END`;
  }
  if (from.kind === 'row' && to.kind === 'row') {
    let isChanged = false;
    const members = to.fields.map((field, index) => {
      const name = fieldName(from.fields, index);
      const value = `struct_extract(${sql}, ${duckdbText(name)})`;
      const converted = convert(value, (from.fields[index] as { type: TrinoType }).type, field.type);
      const wanted = fieldName(to.fields, index);
      isChanged ||= converted !== value || wanted !== name;
      return `${duckdbName(wanted)} := ${converted}`;
    });
    return isChanged ? `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END` : sql;
  }
  return undefined;
}

/** Undefined when Trino has no such CAST. */
export function castSql(sql: string, from: TrinoType, to: TrinoType): string | undefined {
  if (isSimple(from, 'unknown')) return nullOf(to);
  if (to.kind === 'varchar' || to.kind === 'char') return toTextSql(sql, from, to);
  if (isSameType(from, to)) return sql;
  if (isSimple(to, 'json')) return toJsonSql(sql, from);
  if (isSimple(from, 'json')) return fromJsonSql(sql, to);
  if (isNumeric(to)) return toNumberSql(sql, from, to);
  if (isSimple(to, 'boolean')) {
    if (isNumeric(from)) return `(${sql} <> 0)`;
    return isText(from)
      ? checkedSql(sql, `(?i)t|f|true|false|1|0`, (text) => `CAST(${text} AS BOOLEAN)`, to, 'BOOLEAN')
      : undefined;
  }
  const time = toTimeSql(sql, from, to);
  if (time !== undefined) return time;
  let isPossible = true;
  const inside = insideSql(sql, from, to, (value, inner, wanted) => {
    const converted = castSql(value, inner, wanted);
    isPossible &&= converted !== undefined;
    return converted ?? value;
  });
  return isPossible && inside !== undefined && sameLength(from, to) ? inside : undefined;
}

function sameLength(from: TrinoType, to: TrinoType): boolean {
  return from.kind !== 'row' || to.kind !== 'row' || from.fields.length === to.fields.length;
}

/** What a text must look like to be converted; anything else fails as it does in Trino. */
function checkedSql(
  sql: string,
  pattern: string,
  convert: (text: string) => string,
  to: TrinoType,
  shown: string,
): string {
  const failure = raiseSql('INVALID_CAST_ARGUMENT', `'Cannot cast ''' || ${sql} || ''' to ${shown}'`, to);
  return `CASE WHEN ${sql} IS NULL OR regexp_full_match(${sql}, ${duckdbText(pattern)}) THEN ${convert(sql)} ELSE ${failure} END`;
}

function toNumberSql(sql: string, from: TrinoType, to: TrinoType): string | undefined {
  const wanted = duckdbTypeOf(to);
  if (isText(from)) {
    if (isInteger(to)) {
      const shown = formatType(to) === 'integer' ? 'INT' : formatType(to).toUpperCase();
      return checkedSql(sql, '[+-]?[0-9]+', (text) => `CAST(${text} AS ${wanted})`, to, shown);
    }
    const number = '\\s*[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?\\s*';
    if (to.kind === 'decimal') {
      return checkedSql(
        sql,
        number,
        (text) => `CAST(${text} AS ${wanted})`,
        to,
        formatType(to).toUpperCase(),
      );
    }
    return checkedSql(
      sql,
      `${number}|[+-]?Infinity|[+-]?NaN`,
      (text) => `CAST(trim(${text}) AS ${wanted})`,
      to,
      formatType(to).toUpperCase(),
    );
  }
  if (isSimple(from, 'boolean')) return `CAST(${sql} AS ${wanted})`;
  if (!isNumeric(from)) return undefined;
  // DuckDB rounds halves to even, Trino away from zero.
  if (isInteger(to) && !isInteger(from)) return `CAST(round(${sql}) AS ${wanted})`;
  return `CAST(${sql} AS ${wanted})`;
}

const DATE = '\\s*[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}\\s*';
const TIME = '[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,12})?)?';

function toTimeSql(sql: string, from: TrinoType, to: TrinoType): string | undefined {
  if (isSimple(to, 'date')) {
    if (isText(from)) return checkedSql(sql, DATE, (text) => `CAST(trim(${text}) AS DATE)`, to, 'date');
    if (from.kind === 'timestamp') return `CAST(${sql} AS DATE)`;
    if (from.kind === 'timestamp-tz') return `CAST((${sql} AT TIME ZONE ${duckdbText(from.zone)}) AS DATE)`;
  }
  if (to.kind === 'timestamp') {
    if (isText(from)) {
      const pattern = `\\s*[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}(?: ${TIME})?\\s*`;
      return checkedSql(sql, pattern, (text) => `CAST(${withMinutes(text)} AS TIMESTAMP)`, to, 'timestamp');
    }
    if (isSimple(from, 'date')) return `CAST(${sql} AS TIMESTAMP)`;
    if (from.kind === 'timestamp') return roundedTimestamp(sql, from.precision, to.precision);
    if (from.kind === 'timestamp-tz') return `(${sql} AT TIME ZONE ${duckdbText(from.zone)})`;
  }
  if (to.kind === 'timestamp-tz') {
    if (isText(from)) {
      const pattern = `\\s*[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}(?: ${TIME})?\\s*(?:[A-Za-z][A-Za-z0-9_/+-]*|[+-][0-9]{2}:?[0-9]{2})?\\s*`;
      return checkedSql(
        sql,
        pattern,
        (text) => `CAST(trim(${text}) AS TIMESTAMPTZ)`,
        to,
        'timestamp with time zone',
      );
    }
    if (isSimple(from, 'date') || from.kind === 'timestamp') {
      return `(CAST(${sql} AS TIMESTAMP) AT TIME ZONE ${duckdbText(to.zone)})`;
    }
    if (from.kind === 'timestamp-tz') return sql;
  }
  if (isSimple(to, 'time')) {
    if (isText(from))
      return checkedSql(sql, `\\s*${TIME}\\s*`, (text) => `CAST(${withMinutes(text)} AS TIME)`, to, 'time');
    if (from.kind === 'timestamp') return `CAST(${sql} AS TIME)`;
  }
  return undefined;
}

/** DuckDB wants the seconds, Trino does not. */
function withMinutes(text: string): string {
  return `regexp_replace(trim(${text}), '^([^:]*:[0-9]{2})$', '\\1:00')`;
}

function roundedTimestamp(sql: string, from: number, to: number): string {
  if (to >= from) return sql;
  const unitMicros = 10 ** (6 - to);
  return `make_timestamp(CAST(round(epoch_us(${sql}) / ${unitMicros}.0) AS BIGINT) * ${unitMicros})`;
}

/** A timestamp as Trino prints it with so many digits of a second. */
export function timestampText(sql: string, precision: number): string {
  if (precision === 0) return `strftime(${sql}, '%Y-%m-%d %H:%M:%S')`;
  if (precision === 3) return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%g')`;
  const micros = `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%f')`;
  return precision === 6 ? micros : `left(${micros}, -${6 - precision})`;
}

export function zonedText(sql: string, { precision, zone }: { precision: number; zone: string }): string {
  return `(${timestampText(`(${sql} AT TIME ZONE ${duckdbText(zone)})`, precision)} || ${duckdbText(` ${zone}`)})`;
}

function toTextSql(
  sql: string,
  from: TrinoType,
  to: { kind: 'varchar' | 'char'; length?: number },
): string | undefined {
  const text = plainTextSql(sql, from);
  if (text === undefined) return undefined;
  const isShorter =
    to.length !== undefined && !(isText(from) && 'length' in from && (from.length ?? Infinity) <= to.length);
  if (!isShorter) return text;
  // A number that does not fit is an error, a text is cut.
  if (isText(from) || from.kind === 'timestamp') return `left(${text}, ${to.length})`;
  const failure = raiseSql(
    'INVALID_CAST_ARGUMENT',
    `'Value ' || ${text} || ' cannot be represented as varchar(${to.length})'`,
    { kind: 'varchar' },
  );
  return `CASE WHEN length(${text}) > ${to.length} THEN ${failure} ELSE ${text} END`;
}

function plainTextSql(sql: string, from: TrinoType): string | undefined {
  if (isText(from)) return sql;
  if (isFloating(from)) return `trino_scientific(${sql})`;
  switch (from.kind) {
    case 'decimal':
      return `CAST(${sql} AS VARCHAR)`;
    case 'timestamp':
      return timestampText(sql, from.precision);
    case 'timestamp-tz':
      return zonedText(sql, from);
    case 'simple':
      switch (from.name) {
        case 'json': {
          const failure = raiseSql(
            'INVALID_CAST_ARGUMENT',
            `'Cannot cast to varchar. JSON value is not a scalar'`,
            { kind: 'varchar' },
          );
          return `CASE WHEN json_type(${sql}) IN ('OBJECT', 'ARRAY') THEN ${failure} ELSE (${sql} ->> '$') END`;
        }
        case 'time':
          return `strftime(DATE '1970-01-01' + (${sql}), '%H:%M:%S.%g')`;
        case 'interval day to second':
          return `trino_day_interval(${sql})`;
        case 'interval year to month':
          return `trino_month_interval(${sql})`;
        case 'varbinary':
          return undefined;
        default:
          return `CAST(${sql} AS VARCHAR)`;
      }
    default:
      return undefined;
  }
}

function toJsonSql(sql: string, from: TrinoType): string | undefined {
  if (from.kind === 'function' || isSimple(from, 'varbinary')) return undefined;
  if (from.kind === 'timestamp') return `to_json(${timestampText(sql, from.precision)})`;
  if (from.kind === 'timestamp-tz') return `to_json(${zonedText(sql, from)})`;
  return `to_json(${sql})`;
}

function fromJsonSql(sql: string, to: TrinoType): string | undefined {
  if (to.kind === 'array' || to.kind === 'map' || to.kind === 'row') {
    return `CASE WHEN json_type(${sql}) = 'NULL' THEN NULL ELSE CAST(${sql} AS ${duckdbTypeOf(to)}) END`;
  }
  const text = `(${sql} ->> '$')`;
  if (isInteger(to)) return `CAST(round(CAST(${text} AS DECIMAL(38, 10))) AS ${duckdbTypeOf(to)})`;
  if (isNumeric(to) || isSimple(to, 'boolean')) return `CAST(${text} AS ${duckdbTypeOf(to)})`;
  return undefined;
}
