// The dates of a projected partition key: a range, a format of Java's, a step.

interface DateProjection {
  /** `2020-01-01,NOW`, `NOW-3YEARS,NOW+1DAY`. */
  range: string;
  /** `yyyy-MM-dd`, `yyyy/MM/dd/HH`. */
  format: string;
  interval: string | undefined;
  unit: string | undefined;
}

type Unit = 'YEARS' | 'MONTHS' | 'WEEKS' | 'DAYS' | 'HOURS' | 'MINUTES' | 'SECONDS';

const UNIT_MS: Readonly<Partial<Record<Unit, number>>> = {
  WEEKS: 604_800_000,
  DAYS: 86_400_000,
  HOURS: 3_600_000,
  MINUTES: 60_000,
  SECONDS: 1000,
};
const DATES_MAX = 100_000;

/** @param invalid makes the error that is thrown */
export function projectedDates(
  projection: DateProjection,
  now: Date,
  invalid: (reason: string) => Error,
): string[] {
  const { range, format } = projection;
  const unit = unitOf(projection, invalid);
  const step = Number(projection.interval ?? 1);
  if (!Number.isInteger(step) || step < 1)
    throw invalid(`the interval '${projection.interval}' is not a positive whole number`);
  const bounds = range.split(',').map((bound) => parseBound(bound.trim(), format, now));
  const [low, high] = bounds;
  if (bounds.length !== 2 || !low || !high)
    throw invalid(`the range '${range}' is not two dates of the format '${format}'`);
  const dates = new Set<string>();
  for (let date = low, count = 0; date <= high; count++, date = moved(low, count * step, unit)) {
    if (count > DATES_MAX) throw invalid(`the range '${range}' has more than ${DATES_MAX} values`);
    dates.add(formatDate(date, format));
  }
  return [...dates];
}

/** AWS docs: one day or one month where the format ends there; otherwise the unit must be given. */
function unitOf({ format, unit, interval }: DateProjection, invalid: (reason: string) => Error): Unit {
  if (unit !== undefined) {
    const name = `${unit.toUpperCase().replace(/S$/, '')}S`;
    if (name in UNIT_MS || name === 'MONTHS' || name === 'YEARS') return name as Unit;
    throw invalid(
      `the interval unit '${unit}' is not one of YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS`,
    );
  }
  if (/[Hms]/.test(format) && interval === undefined)
    throw invalid('interval and interval.unit must be given for a format with hours');
  return /d/.test(format) ? 'DAYS' : /M/.test(format) ? 'MONTHS' : 'YEARS';
}

function parseBound(text: string, format: string, now: Date): Date | undefined {
  const relative = /^NOW\s*(?:([+-])\s*(\d+)\s*([A-Za-z]+))?$/i.exec(text);
  if (!relative) return parseDate(text, format);
  const [, sign, count = '0', unit = 'DAYS'] = relative;
  const name = `${unit.toUpperCase().replace(/S$/, '')}S` as Unit;
  const date = moved(now, (sign === '-' ? -1 : 1) * Number(count), name);
  // What the format does not show is cut off.
  return parseDate(formatDate(date, format), format);
}

function moved(date: Date, count: number, unit: Unit): Date {
  const ms = UNIT_MS[unit];
  if (ms !== undefined) return new Date(date.getTime() + count * ms);
  const months = date.getUTCMonth() + (unit === 'YEARS' ? 12 : 1) * count;
  const last = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const found = new Date(date);
  found.setUTCFullYear(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), last));
  return found;
}

const FIELD = /yyyy|uuuu|yy|MM|M|dd|d|HH|H|mm|m|ss|s|'(?:[^']|'')*'/g;

function formatDate(date: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return format.replace(FIELD, (field) => {
    switch (field) {
      case 'yyyy':
      case 'uuuu':
        return String(date.getUTCFullYear()).padStart(4, '0');
      case 'yy':
        return two(date.getUTCFullYear() % 100);
      case 'MM':
        return two(date.getUTCMonth() + 1);
      case 'M':
        return String(date.getUTCMonth() + 1);
      case 'dd':
        return two(date.getUTCDate());
      case 'd':
        return String(date.getUTCDate());
      case 'HH':
        return two(date.getUTCHours());
      case 'H':
        return String(date.getUTCHours());
      case 'mm':
        return two(date.getUTCMinutes());
      case 'm':
        return String(date.getUTCMinutes());
      case 'ss':
        return two(date.getUTCSeconds());
      case 's':
        return String(date.getUTCSeconds());
      default:
        return field.slice(1, -1).replaceAll("''", "'");
    }
  });
}

function parseDate(text: string, format: string): Date | undefined {
  const fields: string[] = [];
  const pattern = format.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replace(FIELD, (field) => {
    if (field.startsWith("'")) return field.slice(1, -1).replaceAll("''", "'");
    fields.push(field[0] as string);
    return field.length > 1 ? `(\\d{${field.length}})` : '(\\d+)';
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return undefined;
  const value = (letter: string, otherwise: number) => {
    const index = fields.indexOf(letter);
    return index < 0 ? otherwise : Number(match[index + 1]);
  };
  const year = fields.includes('u') ? value('u', 1970) : value('y', 1970);
  return new Date(
    Date.UTC(
      year < 100 ? 2000 + year : year,
      value('M', 1) - 1,
      value('d', 1),
      value('H', 0),
      value('m', 0),
      value('s', 0),
    ),
  );
}
