// Filter patterns over messages that are JSON objects: `{ $.level = "ERROR" && ($.count > 3 || $.user NOT EXISTS) }`.
import type { LogFilter } from './filter-pattern.js';
import { refusedPattern } from './refused-pattern.js';
import { compileValueTest, type ComparisonSign, type ValueTest } from './value-test.js';

type JsonTest = (root: unknown) => boolean;

/** A message that is no JSON object does not match. @throws AwsError InvalidParameterException */
export function compileJsonFilter(pattern: string): LogFilter {
  const test = parse(pattern);
  return (message) => {
    const root = jsonObject(message);
    return root !== undefined && test(root);
  };
}

function jsonObject(message: string): object | undefined {
  if (!/^\s*\{/.test(message)) return undefined;
  try {
    return JSON.parse(message) as object;
  } catch {
    // Lines that are no JSON are what a group holds beside those that are.
    return undefined;
  }
}

const TOKEN =
  /\s*(&&|\|\||[(){}]|!=|<=|>=|[=<>]|\$(?:\.?\['[^']*'\]|\.[\w-]+|\[(?:\d+|\*)\])*|%[^%]*%|"(?:[^"\\]|\\.)*"|[^\s"(){}=<>!&|]+)/y;

function parse(pattern: string): JsonTest {
  const tokens = tokensOf(pattern);
  let at = 0;
  const take = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    const found = take();
    if (found !== token) throw refusedPattern(pattern, `has ${found || 'its end'} where ${token} is needed`);
  };
  const anyOf = (): JsonTest => {
    const tests = [allOf()];
    while (tokens[at] === '||') {
      at++;
      tests.push(allOf());
    }
    return (root) => tests.some((test) => test(root));
  };
  const allOf = (): JsonTest => {
    const tests = [one()];
    while (tokens[at] === '&&') {
      at++;
      tests.push(one());
    }
    return (root) => tests.every((test) => test(root));
  };
  const one = (): JsonTest => {
    if (tokens[at] !== '(') return comparison();
    at++;
    const test = anyOf();
    expect(')');
    return test;
  };
  const comparison = (): JsonTest => {
    const selector = take();
    if (!/^\$[.[]/.test(selector)) {
      throw refusedPattern(pattern, `has ${selector || 'its end'} where a field such as $.level is needed`);
    }
    const select = selection(selector);
    const sign = take();
    if (sign === 'NOT' || sign === 'EXISTS') {
      if (sign === 'NOT') expect('EXISTS');
      return (root) => select(root).length > 0 === (sign === 'EXISTS');
    }
    if (sign === 'IS') {
      const word = take();
      if (!(word in CONSTANTS))
        throw refusedPattern(pattern, `has IS ${word}; IS stands before ${KNOWN_CONSTANTS}`);
      return (root) => select(root).includes(CONSTANTS[word]);
    }
    if (!SIGNS.includes(sign))
      throw refusedPattern(pattern, `has ${sign || 'its end'} where an operator is needed`);
    const literal = take();
    if (literal === '' || PUNCTUATION.includes(literal)) {
      throw refusedPattern(pattern, `has ${literal || 'its end'} where a value is needed`);
    }
    return compared(select, compileValueTest(pattern, sign as ComparisonSign, literal));
  };
  expect('{');
  const test = anyOf();
  expect('}');
  if (at < tokens.length) throw refusedPattern(pattern, `goes on after its }`);
  return test;
}

const PUNCTUATION = ['&&', '||', '(', ')', '{', '}', '!=', '<=', '>=', '=', '<', '>'];
const SIGNS = ['=', '!=', '<', '<=', '>', '>='];
const CONSTANTS: Record<string, boolean | null> = { NULL: null, TRUE: true, FALSE: false };
const KNOWN_CONSTANTS = Object.keys(CONSTANTS).join(', ');

/**
 * Guess: a field that is not there, or is an object or an array, matches no comparison, not even `!=`. AWS docs say it of
 * objects and arrays, and have NOT EXISTS for the others.
 */
function compared(select: (root: unknown) => unknown[], test: ValueTest): JsonTest {
  return (root) =>
    select(root).some(
      (value) => (typeof value !== 'object' || value === null) && test(value as Parameters<ValueTest>[0]),
    );
}

/** The values that `$.a.b[0]`, `$.['a b']` or `$.items[*].id` names: none when it is not there. */
function selection(selector: string): (root: unknown) => unknown[] {
  const steps = [...selector.matchAll(/\['([^']*)'\]|\.([\w-]+)|\[(\d+|\*)\]/g)].map(
    ([, quoted, name, index]) => quoted ?? name ?? (index === '*' ? EVERY : Number(index)),
  );
  return (root) => steps.reduce((values, step) => values.flatMap((value) => stepInto(value, step)), [root]);
}

const EVERY = Symbol('every element');

function stepInto(value: unknown, step: string | number | typeof EVERY): unknown[] {
  if (Array.isArray(value)) {
    if (step === EVERY) return value;
    return typeof step === 'number' && step < value.length ? [value[step]] : [];
  }
  if (typeof value !== 'object' || value === null || typeof step !== 'string') return [];
  return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}

function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  const text = pattern.trim();
  TOKEN.lastIndex = 0;
  for (let end = 0; end < text.length; end = TOKEN.lastIndex) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw refusedPattern(pattern, `cannot be read from: ${text.slice(end)}`);
    tokens.push(token);
  }
  return tokens;
}
