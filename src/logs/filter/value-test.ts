// What one field must be, in filter patterns over JSON and over lines: text with `*`, numbers, regular expressions.
import { refusedPattern } from './refused-pattern.js';

export type ComparisonSign = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Tests the value of a field that is there. */
export type ValueTest = (value: string | number | boolean | null) => boolean;

/**
 * @param literal as it stands in the pattern: `"quoted"`, `bare`, `%regex%` or a number; `*` stands for any text
 * @throws AwsError InvalidParameterException
 */
export function compileValueTest(pattern: string, sign: ComparisonSign, literal: string): ValueTest {
  if (sign === '=') return equality(pattern, literal);
  if (sign === '!=') {
    const equals = equality(pattern, literal);
    return (value) => !equals(value);
  }
  const bound = numberOf(literal);
  if (bound === undefined) throw refusedPattern(pattern, `compares by ${sign} with ${literal}, no number`);
  const holds = ORDER[sign];
  return (value) => {
    const given = typeof value === 'string' ? numberOf(value) : value;
    return typeof given === 'number' && holds(given, bound);
  };
}

const ORDER: Record<'<' | '<=' | '>' | '>=', (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function equality(pattern: string, literal: string): ValueTest {
  if (/^%.*%$/s.test(literal)) {
    const expression = compileFilterRegex(pattern, literal);
    return (value) => typeof value === 'string' && expression.test(value);
  }
  const number = numberOf(literal);
  const text = literal.startsWith('"') ? literal.slice(1, -1).replace(/\\(.)/g, '$1') : literal;
  const expression = new RegExp(`^${text.split('*').map(escaped).join('[^]*')}$`);
  return (value) => (typeof value === 'number' && number === value) || expression.test(String(value));
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

// AWS docs: filter pattern syntax, "Supported regular expressions (regex) syntax": no groups, and these characters only.
const REGEX_CHARACTERS = /^[\w:#=@/;,\- ^$?[\]{}|\\*+.]*$/;

/** @param text with its percent signs. @throws AwsError InvalidParameterException */
export function compileFilterRegex(pattern: string, text: string): RegExp {
  const source = text.slice(1, -1);
  if (!REGEX_CHARACTERS.test(source)) {
    throw refusedPattern(
      pattern,
      'has a character in its regular expression that CloudWatch Logs does not take there',
    );
  }
  try {
    return new RegExp(source);
  } catch (error) {
    throw refusedPattern(pattern, `has a regular expression that cannot be read (${String(error)})`);
  }
}
