// Trino's functions on numbers.
import { duckdbTypeOf, formatType, isFloating, isInteger, simple, type TrinoType } from '../trino-type.js';
import { remainderSql } from '../arithmetic.js';
import { raiseSql, type TypedSql } from '../typed-sql.js';
import { define } from './function-definition.js';

const first = (types: TrinoType[]): TrinoType => types[0] as TrinoType;

/** Digits before the point and one more, as 9.5 rounds to 10. */
function roundedType(types: TrinoType[]): TrinoType {
  const type = first(types);
  if (type.kind !== 'decimal') return type;
  const precision = Math.min(38, type.precision - type.scale + Math.min(type.scale, 1));
  return { kind: 'decimal', precision: Math.max(1, precision), scale: 0 };
}

const wider = (types: TrinoType[]): TrinoType => {
  const type = first(types);
  return type.kind === 'decimal' ? { ...type, precision: Math.min(38, type.precision + 1) } : type;
};

/** Rounding that leaves whole numbers as they are. */
const whole = (name: string) => (args: { sql: string; type: TrinoType }[]) =>
  isInteger(args[0]?.type as TrinoType) ? (args[0]?.sql as string) : `${name}(${args[0]?.sql})`;

const toDouble = (name: string) => `${name}($1)`;

const BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 };

/**
 * A shift of a number within its own width.
 * @param sql `$W` is how many values the width has
 * @param beyond what is left when all bits are shifted out
 */
const shifted =
  (sql: string, beyond: string) =>
  (args: TypedSql[], { result }: { result: TrinoType }) => {
    const bits = BITS[formatType(result)] as number;
    const [value, count] = args.map((each) => each.sql) as [string, string];
    const filled = (text: string) =>
      text
        .replaceAll('$W', () => String(2n ** BigInt(bits)))
        .replaceAll('$1', () => value)
        .replaceAll('$2', () => count);
    return `CAST(CASE WHEN ${count} >= ${bits} THEN ${filled(beyond)} ELSE ${filled(sql)} END AS ${duckdbTypeOf(result)})`;
  };

export const NUMBER_FUNCTIONS = define('scalar', [
  ['abs', 'N', first, 'abs($1)'],
  [
    'sign',
    'N',
    (types) =>
      isFloating(first(types))
        ? simple('double')
        : first(types).kind === 'decimal'
          ? { kind: 'decimal', precision: 1, scale: 0 }
          : first(types),
    ([value], { result }) => `CAST(sign(${value?.sql}) AS ${duckdbTypeOf(result)})`,
  ],
  ['ceil ceiling', 'N', roundedType, whole('ceil')],
  ['floor', 'N', roundedType, whole('floor')],
  ['round', 'N', roundedType, whole('round')],
  ['round', 'N, integer', wider, 'round($1, $2)'],
  ['truncate', 'N', roundedType, whole('trunc')],
  ['truncate', 'double, integer', 'double', '(trunc($1 * pow(10, $2)) / pow(10, $2))'],
  ['mod', 'I, I', 'I', ([a, b], { result }) => remainderSql(a?.sql as string, b as TypedSql, result)],
  ['mod', 'double, double', 'double', 'fmod($1, $2)'],
  ['power pow', 'double, double', 'double', 'pow($1, $2)'],
  ['sqrt', 'double', 'double', `CASE WHEN $1 < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt($1) END`],
  ['cbrt', 'double', 'double', toDouble('cbrt')],
  ['exp', 'double', 'double', toDouble('exp')],
  ['ln', 'double', 'double', 'trino_ln($1)'],
  ['log2', 'double', 'double', '(trino_ln($1) / ln(2))'],
  ['log10', 'double', 'double', `CASE WHEN $1 > 0 THEN log10($1) ELSE trino_ln($1) END`],
  ['log', 'double, double', 'double', '(trino_ln($2) / trino_ln($1))'],
  ['pi', '', 'double', 'pi()'],
  ['e', '', 'double', 'exp(CAST(1 AS DOUBLE))'],
  ['nan', '', 'double', `CAST('NaN' AS DOUBLE)`],
  ['infinity', '', 'double', `CAST('Infinity' AS DOUBLE)`],
  ['is_nan', 'double', 'boolean', 'isnan($1)'],
  ['is_finite', 'double', 'boolean', 'isfinite($1)'],
  ['is_infinite', 'double', 'boolean', 'isinf($1)'],
  ['random rand', '', 'double', 'random()'],
  ['random rand', 'I', 'I', 'CAST(floor(random() * $1) AS BIGINT)'],
  ['random rand', 'I, I', 'I', 'CAST($1 + floor(random() * ($2 - $1)) AS BIGINT)'],
  ['degrees', 'double', 'double', toDouble('degrees')],
  ['radians', 'double', 'double', toDouble('radians')],
  ...(['sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh'] as const).map(
    (name) => [name, 'double', 'double', toDouble(name)] as const,
  ),
  ['asin', 'double', 'double', `CASE WHEN abs($1) > 1 THEN CAST('NaN' AS DOUBLE) ELSE asin($1) END`],
  ['acos', 'double', 'double', `CASE WHEN abs($1) > 1 THEN CAST('NaN' AS DOUBLE) ELSE acos($1) END`],
  ['atan2', 'double, double', 'double', 'atan2($1, $2)'],
  ['bitwise_and', 'bigint, bigint', 'bigint', '($1 & $2)'],
  ['bitwise_or', 'bigint, bigint', 'bigint', '($1 | $2)'],
  ['bitwise_xor', 'bigint, bigint', 'bigint', 'xor($1, $2)'],
  ['bitwise_not', 'bigint', 'bigint', '(~$1)'],
  [
    'bitwise_left_shift',
    'I, bigint',
    'I',
    shifted(`trino_wrapped(CAST($1 AS HUGEINT) * (CAST(1 AS HUGEINT) << CAST($2 AS INTEGER)), $W)`, '0'),
  ],
  [
    'bitwise_right_shift',
    'I, bigint',
    'I',
    shifted(
      `trino_wrapped((CASE WHEN $1 < 0 THEN CAST($1 AS HUGEINT) + $W ELSE CAST($1 AS HUGEINT) END) >> CAST($2 AS INTEGER), $W)`,
      '0',
    ),
  ],
  [
    'bitwise_right_shift_arithmetic',
    'I, bigint',
    'I',
    shifted(`(CAST($1 AS BIGINT) >> $2)`, 'CASE WHEN $1 < 0 THEN -1 ELSE 0 END'),
  ],
  [
    'from_base',
    'varchar, bigint',
    'bigint',
    (args, { result }) => {
      const [text, base] = args.map(({ sql }) => sql) as [string, string];
      const digits = `list_transform(string_split(lower(ltrim(${text}, '+-')), ''), lambda digit: strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1)`;
      const bad = raiseSql(
        'INVALID_FUNCTION_ARGUMENT',
        `'Not a valid base-' || ${base} || ' number: ' || ${text}`,
        result,
      );
      // Wider than the result, so that the smallest number has room before its sign.
      const value = `list_reduce(list_transform(${digits}, lambda digit: CAST(digit AS HUGEINT)), lambda total, digit: total * ${base} + digit, CAST(0 AS HUGEINT))`;
      return `CASE WHEN ${text} IS NULL OR ${base} IS NULL THEN NULL WHEN NOT regexp_full_match(${text}, '[+-]?[0-9a-zA-Z]{1,64}') OR list_max(${digits}) >= ${base} THEN ${bad} ELSE CAST(CASE WHEN ${text} LIKE '-%' THEN -${value} ELSE ${value} END AS BIGINT) END`;
    },
  ],
  [
    'bit_count',
    'bigint, bigint',
    'bigint',
    '(CASE WHEN $2 = 64 THEN bit_count($1) ELSE bit_count($1 & ((CAST(1 AS BIGINT) << $2) - 1)) END)',
  ],
  [
    'width_bucket',
    'double, double, double, bigint',
    'bigint',
    'CASE WHEN $1 < $2 THEN 0 WHEN $1 >= $3 THEN $4 + 1 ELSE CAST(floor(($1 - $2) / ($3 - $2) * $4) AS BIGINT) + 1 END',
  ],
  [
    'to_base',
    'bigint, bigint',
    'varchar',
    `CASE WHEN $1 < 0 THEN '-' || lower(to_base(-$1, CAST($2 AS INTEGER))) ELSE lower(to_base($1, CAST($2 AS INTEGER))) END`,
  ],
]);
