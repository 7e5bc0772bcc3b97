// The type of one CSV cell, read from its bytes, and of a column of them.
import { QUOTE } from './csv-records.js';
import { noValueSeen, primitive, type HiveType } from './hive-type.js';

export const EMPTY = 0;
export const BIGINT = 1;
export const DOUBLE = 2;
export const BOOLEAN = 3;
export const STRING = 4;

const TYPES: readonly HiveType[] = [
  noValueSeen,
  primitive('bigint'),
  primitive('double'),
  primitive('boolean'),
  primitive('string'),
];

export const csvHiveType = (kind: number): HiveType => TYPES[kind]!;

/** Kind of a column that holds cells of both kinds. Seen in crawled tables: bigint with double is double. */
export function mergeCsvKinds(a: number, b: number): number {
  if (a === b || b === EMPTY) return a;
  if (a === EMPTY) return b;
  return a <= DOUBLE && b <= DOUBLE ? DOUBLE : STRING;
}

/** Digits that always fit a 64-bit integer. */
const BIGINT_DIGITS_SAFE = 18;

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09;
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/**
 * Kind of the cell between two offsets; quotes do not count, and spaces around it only unless `areTrimmed`. Integers beyond 64 bits are doubles
 * (assumption). Dates are strings (seen in crawled tables).
 */
export function csvCellKind(
  bytes: Buffer,
  start: number,
  end: number,
  { quote = QUOTE, areTrimmed = true }: { quote?: number; areTrimmed?: boolean } = {},
): number {
  while (areTrimmed && start < end && isSpace(bytes[start])) start++;
  while (areTrimmed && start < end && isSpace(bytes[end - 1])) end--;
  if (end - start >= 2 && bytes[start] === quote && bytes[end - 1] === quote) {
    start++;
    end--;
    while (areTrimmed && start < end && isSpace(bytes[start])) start++;
    while (areTrimmed && start < end && isSpace(bytes[end - 1])) end--;
  }
  if (start === end) return EMPTY;

  const first = bytes[start]!;
  if (isDigit(first) || first === 0x2d || first === 0x2b || first === 0x2e)
    return numberKind(bytes, start, end);
  const isTrueOrFalse = end - start === 4 || end - start === 5;
  return isTrueOrFalse && /^(true|false)$/i.test(bytes.toString('latin1', start, end)) ? BOOLEAN : STRING;
}

function numberKind(bytes: Buffer, start: number, end: number): number {
  let at = start;
  if (bytes[at] === 0x2d || bytes[at] === 0x2b) at++;
  const digitsStart = at;
  while (at < end && isDigit(bytes[at])) at++;
  let digitCount = at - digitsStart;
  if (at === end && digitCount > 0) {
    if (digitCount <= BIGINT_DIGITS_SAFE) return BIGINT;
    const value = BigInt(bytes.toString('latin1', digitsStart, end)) * (bytes[start] === 0x2d ? -1n : 1n);
    return BigInt.asIntN(64, value) === value ? BIGINT : DOUBLE;
  }
  if (at < end && bytes[at] === 0x2e) {
    const fractionStart = ++at;
    while (at < end && isDigit(bytes[at])) at++;
    digitCount += at - fractionStart;
  }
  if (digitCount === 0) return STRING;
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (bytes[at] === 0x2d || bytes[at] === 0x2b) at++;
    const exponentStart = at;
    while (at < end && isDigit(bytes[at])) at++;
    if (at === exponentStart) return STRING;
  }
  return at === end ? DOUBLE : STRING;
}
