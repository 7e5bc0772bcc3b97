// Which type two values become when they meet: Trino's implicit conversions.
import {
  double,
  INTEGERS,
  isFloating,
  isInteger,
  isNumeric,
  isSameType,
  isSimple,
  isText,
  type RowField,
  simple,
  type TrinoType,
  varchar,
} from './trino-type.js';

/** Digits that every value of the type has room in. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

function asDecimal(type: TrinoType): { precision: number; scale: number } | undefined {
  if (type.kind === 'decimal') return type;
  if (type.kind !== 'simple' || !isInteger(type)) return undefined;
  return { precision: INTEGER_DIGITS[type.name] as number, scale: 0 };
}

/** The type that both become when they meet, by Trino's implicit conversions; undefined when there is none. */
export function commonType(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (isSimple(a, 'unknown')) return b;
  if (isSimple(b, 'unknown') || isSameType(a, b)) return a;
  if (isNumeric(a) && isNumeric(b)) return commonNumber(a, b);
  if (a.kind === 'varchar' && b.kind === 'varchar') {
    if (a.length === undefined || b.length === undefined) return varchar;
    return { kind: 'varchar', length: Math.max(a.length, b.length) };
  }
  if (isText(a) && isText(b)) {
    if (a.kind === 'char' && b.kind === 'char') return { kind: 'char', length: Math.max(a.length, b.length) };
    return varchar;
  }
  const times = commonTime(a, b) ?? commonTime(b, a);
  if (times) return times;
  if (a.kind === 'array' && b.kind === 'array') {
    const item = commonType(a.item, b.item);
    return item && { kind: 'array', item };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const [key, value] = [commonType(a.key, b.key), commonType(a.value, b.value)];
    return key && value && { kind: 'map', key, value };
  }
  if (a.kind === 'row' && b.kind === 'row' && a.fields.length === b.fields.length) {
    const fields: RowField[] = [];
    for (const [index, field] of a.fields.entries()) {
      const other = b.fields[index] as RowField;
      const type = commonType(field.type, other.type);
      if (!type) return undefined;
      fields.push(
        field.name !== undefined && field.name === other.name ? { name: field.name, type } : { type },
      );
    }
    return { kind: 'row', fields };
  }
  return undefined;
}

function commonNumber(a: TrinoType, b: TrinoType): TrinoType {
  if (isFloating(a) || isFloating(b)) {
    return isSimple(a, 'double') || isSimple(b, 'double') ? double : simple('real');
  }
  if (a.kind === 'simple' && b.kind === 'simple') {
    return INTEGERS.indexOf(a.name) > INTEGERS.indexOf(b.name) ? a : b;
  }
  const [x, y] = [asDecimal(a), asDecimal(b)] as [
    { precision: number; scale: number },
    { precision: number; scale: number },
  ];
  const scale = Math.max(x.scale, y.scale);
  const whole = Math.max(x.precision - x.scale, y.precision - y.scale);
  return { kind: 'decimal', precision: Math.min(38, whole + scale), scale };
}

function commonTime(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (isSimple(a, 'date') && (b.kind === 'timestamp' || b.kind === 'timestamp-tz')) return b;
  if (a.kind === 'timestamp' && b.kind === 'timestamp') {
    return { kind: 'timestamp', precision: Math.max(a.precision, b.precision) };
  }
  if (a.kind === 'timestamp' && b.kind === 'timestamp-tz')
    return { ...b, precision: Math.max(a.precision, b.precision) };
  if (a.kind === 'timestamp-tz' && b.kind === 'timestamp-tz') {
    return a.zone === b.zone ? { ...a, precision: Math.max(a.precision, b.precision) } : undefined;
  }
  return undefined;
}

/** Whether a value of `from` is taken where `to` is wanted without a CAST. */
export function isCoercible(from: TrinoType, to: TrinoType): boolean {
  const common = commonType(from, to);
  return (
    common !== undefined &&
    (isSameType(common, to) || (to.kind === 'varchar' && to.length === undefined && isText(common)))
  );
}
