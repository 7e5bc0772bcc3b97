// Trino's functions on dates, times and intervals.
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { timestampText } from '../convert.js';
import type { TypedSql } from '../typed-sql.js';
import { formatType, isSimple, type TrinoType } from '../trino-type.js';
import { define, literalText, type CallContext } from './function-definition.js';
import { jodaFormat, mysqlFormat } from './time-formats.js';

/** A time as its clock on the wall shows it: TIMESTAMP, in the zone that it is shown in. */
function wallClock({ sql, type }: TypedSql): string {
  if (type.kind === 'timestamp-tz') return `(${sql} AT TIME ZONE ${duckdbText(type.zone)})`;
  return isSimple(type, 'date') ? `CAST(${sql} AS TIMESTAMP)` : sql;
}

/** The other way round. */
export function fromWallClock(sql: string, type: TrinoType): string {
  if (type.kind === 'timestamp-tz') return `(${sql} AT TIME ZONE ${duckdbText(type.zone)})`;
  return isSimple(type, 'date') ? `CAST(${sql} AS DATE)` : sql;
}

const INTERVAL_OF: Readonly<Record<string, (count: string) => string>> = {
  millisecond: (count) => `to_milliseconds(${count})`,
  second: (count) => `to_seconds(${count})`,
  minute: (count) => `to_minutes(${count})`,
  hour: (count) => `to_hours(${count})`,
  day: (count) => `to_days(CAST(${count} AS INTEGER))`,
  week: (count) => `to_weeks(CAST(${count} AS INTEGER))`,
  month: (count) => `to_months(CAST(${count} AS INTEGER))`,
  quarter: (count) => `to_months(CAST(3 * ${count} AS INTEGER))`,
  year: (count) => `to_years(CAST(${count} AS INTEGER))`,
};
const IS_CLOCK_UNIT = /^(millisecond|second|minute|hour)$/;

function unitOf(args: TypedSql[], context: CallContext, of: TrinoType): string {
  const unit = literalText(args, 0, context).toLowerCase();
  if (!INTERVAL_OF[unit] || (isSimple(of, 'date') && IS_CLOCK_UNIT.test(unit))) {
    return context.refuse(`'${unit}' is not a valid ${formatType(of).toUpperCase()} field`);
  }
  return unit;
}

/** `value` moved by an interval: days and longer on the clock on the wall, shorter ones in time that passes. */
export function moved(value: TypedSql, interval: string, isClockUnit: boolean): string {
  if (value.type.kind === 'timestamp-tz' && isClockUnit) return `(${value.sql} + ${interval})`;
  return fromWallClock(`(${wallClock(value)} + ${interval})`, value.type);
}

const typeOfArgument = (index: number) => (types: TrinoType[]) => types[index] as TrinoType;
const UTC_MILLIS: TrinoType = { kind: 'timestamp-tz', precision: 3, zone: 'UTC' };
const MILLIS: TrinoType = { kind: 'timestamp', precision: 3 };
const utcMillis = () => UTC_MILLIS;
const millis = () => MILLIS;

const part = (sql: (clock: string) => string) => (args: TypedSql[]) => sql(wallClock(args[0] as TypedSql));

function formatted(find: (format: string) => string | undefined) {
  return (args: TypedSql[], context: CallContext) => {
    const format = literalText(args, 1, context);
    const known = find(format) ?? context.refuse(`the format '${format}' has letters that are not supported`);
    return `strftime(${wallClock(args[0] as TypedSql)}, ${duckdbText(known)})`;
  };
}

function parsed(find: (format: string) => string | undefined, wrap: (sql: string) => string) {
  return (args: TypedSql[], context: CallContext) => {
    const format = literalText(args, 1, context);
    const known = find(format) ?? context.refuse(`the format '${format}' has letters that are not supported`);
    return wrap(`strptime(${args[0]?.sql}, ${duckdbText(known)})`);
  };
}

function inZone(zoneIndex: number, sql: (args: TypedSql[], zone: string) => string) {
  return (args: TypedSql[], context: CallContext) =>
    sql(args, duckdbText(requireZone(literalText(args, zoneIndex, context), context)));
}

/** The zone of a literal, e.g. `America/New_York`, `UTC`. */
export function requireZone(zone: string, context: Pick<CallContext, 'refuse'>): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    if (/^[A-Za-z]/.test(zone)) return zone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return context.refuse(`'${zone}' is not a valid time zone`);
  }
  return context.refuse(
    `the offset '${zone}' is not supported as a time zone; name a zone such as Europe/Berlin`,
  );
}

const instant = (now: Date) => now.toISOString().replace('T', ' ').replace('Z', '');

export const TIME_FUNCTIONS = define('scalar', [
  ['now current_timestamp', '', utcMillis, (_, { now }) => `TIMESTAMPTZ '${instant(now)}+00'`],
  ['localtimestamp', '', millis, (_, { now }) => `TIMESTAMP '${instant(now)}'`],
  ['current_date', '', 'date', (_, { now }) => `DATE '${instant(now).slice(0, 10)}'`],
  ['localtime', '', 'time', (_, { now }) => `TIME '${instant(now).slice(11)}'`],
  ['current_timezone', '', 'varchar', `'UTC'`],
  ['year', 'D', 'bigint', part((clock) => `year(${clock})`)],
  ['quarter', 'D', 'bigint', part((clock) => `quarter(${clock})`)],
  ['month', 'D', 'bigint', part((clock) => `month(${clock})`)],
  ['week week_of_year', 'D', 'bigint', part((clock) => `weekofyear(${clock})`)],
  ['day day_of_month', 'D', 'bigint', part((clock) => `day(${clock})`)],
  ['day_of_week dow', 'D', 'bigint', part((clock) => `isodow(${clock})`)],
  ['day_of_year doy', 'D', 'bigint', part((clock) => `dayofyear(${clock})`)],
  ['year_of_week yow', 'D', 'bigint', part((clock) => `isoyear(${clock})`)],
  ['hour', 'D', 'bigint', part((clock) => `hour(${clock})`)],
  ['minute', 'D', 'bigint', part((clock) => `minute(${clock})`)],
  ['second', 'D', 'bigint', part((clock) => `second(${clock})`)],
  ['millisecond', 'D', 'bigint', part((clock) => `(millisecond(${clock}) % 1000)`)],
  ['hour', 'time', 'bigint', 'hour($1)'],
  ['minute', 'time', 'bigint', 'minute($1)'],
  ['second', 'time', 'bigint', 'second($1)'],
  ['day', 'interval day to second', 'bigint', 'CAST(trunc(epoch($1) / 86400) AS BIGINT)'],
  ['hour', 'interval day to second', 'bigint', 'CAST(trunc(epoch($1) / 3600) % 24 AS BIGINT)'],
  ['minute', 'interval day to second', 'bigint', 'CAST(trunc(epoch($1) / 60) % 60 AS BIGINT)'],
  ['second', 'interval day to second', 'bigint', 'CAST(trunc(epoch($1)) % 60 AS BIGINT)'],
  ['to_milliseconds', 'interval day to second', 'bigint', 'CAST(round(epoch($1) * 1000) AS BIGINT)'],
  ['last_day_of_month', 'D', 'date', part((clock) => `last_day(${clock})`)],
  [
    'date_trunc',
    'varchar, D',
    typeOfArgument(1),
    (args, context) => {
      const value = args[1] as TypedSql;
      const unit = unitOf(args, context, value.type);
      return fromWallClock(`date_trunc('${unit}', ${wallClock(value)})`, value.type);
    },
  ],
  [
    'date_add',
    'varchar, bigint, D',
    typeOfArgument(2),
    (args, context) => {
      const value = args[2] as TypedSql;
      const unit = unitOf(args, context, value.type);
      return moved(
        value,
        (INTERVAL_OF[unit] as (count: string) => string)(args[1]?.sql as string),
        IS_CLOCK_UNIT.test(unit),
      );
    },
  ],
  [
    'date_diff',
    'varchar, D, D',
    'bigint',
    (args, context) => {
      const [from, to] = [args[1], args[2]] as [TypedSql, TypedSql];
      return `date_sub('${unitOf(args, context, from.type)}', ${wallClock(from)}, ${wallClock(to)})`;
    },
  ],
  ['date', 'D', 'date', part((clock) => `CAST(${clock} AS DATE)`)],
  ['date_format', 'D, varchar', 'varchar', formatted(mysqlFormat)],
  ['date_parse', 'varchar, varchar', millis, parsed(mysqlFormat, (sql) => sql)],
  ['format_datetime', 'D, varchar', 'varchar', formatted(jodaFormat)],
  [
    'parse_datetime',
    'varchar, varchar',
    utcMillis,
    parsed(jodaFormat, (sql) => `(${sql} AT TIME ZONE 'UTC')`),
  ],
  ['from_unixtime', 'double', utcMillis, `to_timestamp(round($1, 3))`],
  [
    'from_unixtime',
    'double, varchar',
    (): TrinoType => UTC_MILLIS,
    inZone(1, (args) => `to_timestamp(round(${args[0]?.sql}, 3))`),
  ],
  ['to_unixtime', 'D', 'double', (args) => `epoch(${instantOf(args[0] as TypedSql)})`],
  ['from_iso8601_timestamp', 'varchar', utcMillis, 'trino_iso_instant($1)'],
  ['from_iso8601_date', 'varchar', 'date', 'CAST($1 AS DATE)'],
  ['to_iso8601', 'D', 'varchar', (args, context) => isoText(args[0] as TypedSql, context)],
  ['at_timezone', 'Z, varchar', 'Z', inZone(1, (args) => args[0]?.sql as string)],
  [
    'with_timezone',
    'S, varchar',
    utcMillis,
    inZone(1, (args, zone) => `(${args[0]?.sql} AT TIME ZONE ${zone})`),
  ],
]);

/** Trino takes a time without a zone as one of the session's zone, which is UTC. */
function instantOf(value: TypedSql): string {
  return value.type.kind === 'timestamp-tz' ? value.sql : wallClock(value);
}

function isoText(value: TypedSql, context: CallContext): string {
  if (isSimple(value.type, 'date')) return `strftime(${value.sql}, '%Y-%m-%d')`;
  const precision = 'precision' in value.type ? value.type.precision : 3;
  const text = `replace(${timestampText(wallClock(value), precision)}, ' ', 'T')`;
  if (value.type.kind !== 'timestamp-tz') return text;
  if (value.type.zone !== 'UTC') return context.refuse('to_iso8601 takes only times in UTC here');
  return `(${text} || 'Z')`;
}
