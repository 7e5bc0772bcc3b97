// Types of partition keys: how a value, which is always text, compares with others under its key's declared type.

/** Hive's name for the value that stands for NULL. */
export const NULL_VALUE = '__HIVE_DEFAULT_PARTITION__';

export interface KeyType {
  kind: 'text' | 'integer' | 'decimal' | 'date' | 'timestamp' | 'unsupported';
  /**
   * A form of `value` whose code point order is the type's order and which is equal for equal values; undefined when
   * `value` is not of the type. Only 'text' has forms with characters below U+0030, except for the space, `-`, `.`
   * and `:` of timestamps.
   */
  sortForm(value: string): string | undefined;
}

const text: KeyType = { kind: 'text', sortForm: (value) => value };

// Glue keeps partitions under any type, but filters on these alone are refused; see partition-filter.ts.
const unsupported: KeyType = { kind: 'unsupported', sortForm: (value) => value };

const integer: KeyType = {
  kind: 'integer',
  sortForm: (value) => (/^[+-]?\d+$/.test(value) ? numberSortForm(value) : undefined),
};

const decimal: KeyType = { kind: 'decimal', sortForm: numberSortForm };

const date: KeyType = { kind: 'date', sortForm: dateSortForm };

const timestamp: KeyType = {
  kind: 'timestamp',
  sortForm(value) {
    const match = /^(\S+) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/.exec(value);
    const day = match && dateSortForm(match[1] as string);
    if (!match || !day) return undefined;
    const [hour, minute, second] = match.slice(2, 5).map(Number) as [number, number, number];
    if (hour > 23 || minute > 59 || second > 59) return undefined;
    const time = [hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':');
    const fraction = (match[5] ?? '').replace(/0+$/, '');
    return `${day} ${time}${fraction && `.${fraction}`}`;
  },
};

const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  string: text,
  varchar: text,
  char: text,
  tinyint: integer,
  smallint: integer,
  int: integer,
  integer,
  bigint: integer,
  long: integer,
  decimal,
  date,
  timestamp,
};

/** The type that Hive's type name stands for, e.g. `decimal(10,2)`; a column without a type is a string. */
export function keyTypeOf(typeName = 'string'): KeyType {
  const base = typeName
    .trim()
    .toLowerCase()
    .replace(/\s*\(.*$/s, '');
  return Object.hasOwn(KEY_TYPES, base) ? (KEY_TYPES[base] as KeyType) : unsupported;
}

const EXPONENT_MAX = 4999;

// Sign, exponent, digits, for 0.DIGITS x 10^EXPONENT; of negative numbers the complements, closed by a character above
// all digits so that the longer of two with a common beginning is the smaller.
function numberSortForm(value: string): string | undefined {
  const match = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/.exec(value);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '1';
  const leadingZeroCount = whole.length + fraction.length - digits.length;
  const exponent = whole.length - leadingZeroCount + Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_MAX) return undefined;
  const magnitude = String(exponent + EXPONENT_MAX).padStart(4, '0') + digits.replace(/0+$/, '');
  return sign === '-'
    ? `0${magnitude.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`
    : `2${magnitude}`;
}

function dateSortForm(value: string): string | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  return `${match[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
