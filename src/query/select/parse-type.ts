// Types as queries spell them: `decimal(10,2)`, `array(varchar)`, `row(a integer, b map(varchar, double))`.
import { tokensOf, type Token } from './query-text.js';
import { boolean, simple, varchar, type RowField, type SimpleName, type TrinoType } from './trino-type.js';

const SIMPLE: Readonly<Record<string, TrinoType>> = {
  boolean,
  tinyint: simple('tinyint'),
  smallint: simple('smallint'),
  integer: simple('integer'),
  int: simple('integer'),
  bigint: simple('bigint'),
  real: simple('real'),
  double: simple('double'),
  varchar,
  varbinary: simple('varbinary'),
  date: simple('date'),
  json: simple('json'),
  unknown: simple('unknown'),
};

/** DuckDB keeps microseconds. */
const PRECISION_MAX = 6;

/** Undefined when the text is no type, or one that is not supported. */
export function parseType(text: string): TrinoType | undefined {
  const tokens = tokensOf(text);
  let index = 0;
  const peek = (ahead = 0) => tokens[Math.min(index + ahead, tokens.length - 1)] as Token;
  const takes = (sign: string) => {
    if (peek().text.toLowerCase() !== sign || peek().kind === 'quoted') return false;
    index += 1;
    return true;
  };
  const numbers = (): number[] | undefined => {
    if (!takes('(')) return [];
    const found: number[] = [];
    do {
      if (peek().kind !== 'integer') return undefined;
      found.push(Number(peek().text));
      index += 1;
    } while (takes(','));
    return takes(')') ? found : undefined;
  };

  const parseNested = (word: string): TrinoType | undefined => {
    const isAngled = peek().text === '<';
    const close = isAngled ? '>' : ')';
    if (!takes(isAngled ? '<' : '(')) return undefined;
    let type: TrinoType | undefined;
    if (word === 'array') {
      const item = parse();
      type = item && { kind: 'array', item };
    } else if (word === 'map') {
      const key = parse();
      const value = takes(',') ? parse() : undefined;
      type = key && value && { kind: 'map', key, value };
    } else type = parseRow();
    return takes(close) ? type : undefined;
  };

  const parseRow = (): TrinoType | undefined => {
    const fields: RowField[] = [];
    do {
      const start = index;
      const alone = parse();
      if (alone && (peek().text === ',' || peek().text === ')')) {
        fields.push({ type: alone });
        continue;
      }
      index = start;
      const name = peek();
      index += 1;
      const type = parse();
      if (!type) return undefined;
      fields.push({ name: name.text.toLowerCase(), type });
    } while (takes(','));
    return { kind: 'row', fields };
  };

  const parseTime = (word: string, precision: number): TrinoType | undefined => {
    if (precision > PRECISION_MAX) return undefined;
    const withZone = takes('with');
    if (withZone && !(takes('time') && takes('zone'))) return undefined;
    if (!withZone && takes('without') && !(takes('time') && takes('zone'))) return undefined;
    if (word === 'time') return withZone ? undefined : simple('time');
    return withZone ? { kind: 'timestamp-tz', precision, zone: 'UTC' } : { kind: 'timestamp', precision };
  };

  const parse = (): TrinoType | undefined => {
    if (peek().kind !== 'word') return undefined;
    const word = peek().text.toLowerCase();
    index += 1;
    if (word === 'array' || word === 'map' || word === 'row') return parseNested(word);
    if (word === 'double') takes('precision');
    if (word === 'interval') return parseIntervalType(takes);
    const parameters = numbers();
    if (!parameters) return undefined;
    const [first, second = 0] = parameters;
    switch (word) {
      case 'decimal':
      case 'numeric':
        return decimal(first ?? 38, second);
      case 'varchar':
        return first === undefined ? varchar : { kind: 'varchar', length: first };
      case 'char':
        return { kind: 'char', length: first ?? 1 };
      case 'timestamp':
      case 'time':
        return parseTime(word, first ?? 3);
      default:
        return first === undefined ? SIMPLE[word] : undefined;
    }
  };

  const type = parse();
  return type && peek().kind === 'end' ? type : undefined;
}

function parseIntervalType(takes: (word: string) => boolean): TrinoType | undefined {
  for (const name of ['day to second', 'year to month'] as const) {
    if (name.split(' ').every((word) => takes(word))) return simple(`interval ${name}` satisfies SimpleName);
  }
  return undefined;
}

function decimal(precision: number, scale: number): TrinoType | undefined {
  return precision >= 1 && precision <= 38 && scale <= precision
    ? { kind: 'decimal', precision, scale }
    : undefined;
}
