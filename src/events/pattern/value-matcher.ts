// What one value of an event must be: the operators of event patterns. Source: AWS docs, "Comparison operators".
import { BlockList, isIP } from 'node:net';
import { invalidPattern } from './invalid-pattern.js';

/** Says whether a scalar of an event is meant; undefined stands for a field that is not there. */
export type ValueMatcher = (value: unknown) => boolean;

/** Greatest magnitude of a number in `numeric`. */
const NUMERIC_MAX = 5_000_000_000;

/** @param value an element of a pattern's array: a scalar, or an object with one operator */
export function compileValue(value: unknown): ValueMatcher {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
    return (given) => given === value;
  }
  if (!isObject(value)) throw invalidPattern('Match value must be String, number, true, false, or null');
  const [name, ...others] = Object.keys(value);
  if (name === undefined) throw invalidPattern('Empty objects are not allowed');
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression');
  const operator = OPERATORS[name];
  if (!operator) throw invalidPattern(`Unrecognized match type ${name}`);
  return operator(value[name], name);
}

type Operator = (operand: unknown, name: string) => ValueMatcher;

const OPERATORS: Record<string, Operator> = {
  prefix: affix((text, part) => text.startsWith(part)),
  suffix: affix((text, part) => text.endsWith(part)),
  'equals-ignore-case': (operand, name) => {
    const wanted = requireText(operand, name).toLowerCase();
    return onText((text) => text.toLowerCase() === wanted);
  },
  wildcard: (operand, name) => {
    const expression = wildcardExpression(requireText(operand, name));
    return onText((text) => expression.test(text));
  },
  exists: (operand) => {
    if (typeof operand !== 'boolean')
      throw invalidPattern('exists match pattern must be either true or false.');
    return (value) => (value !== undefined) === operand;
  },
  numeric: (operand) => {
    const bounds = numericBounds(operand);
    return (value) => typeof value === 'number' && bounds.every((holds) => holds(value));
  },
  cidr: (operand, name) => {
    const holds = cidrTest(requireText(operand, name));
    return onText(holds);
  },
  'anything-but': anythingBut,
};

export const OPERATOR_NAMES: readonly string[] = Object.keys(OPERATORS);

/** Operators whose operand may be several texts within `anything-but`. */
const NEGATABLE = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

function anythingBut(operand: unknown): ValueMatcher {
  if (isObject(operand) && !Array.isArray(operand)) {
    const [name = '', ...others] = Object.keys(operand);
    if (!NEGATABLE.includes(name) || others.length > 0) {
      throw invalidPattern(`Unsupported anything-but pattern: ${name}`);
    }
    const texts = [operand[name]].flat();
    if (texts.length === 0) throw invalidPattern('Empty arrays are not allowed');
    const matchers = texts.map((text) => (OPERATORS[name] as Operator)(text, name));
    return (value) => value !== undefined && !matchers.some((matches) => matches(value));
  }
  const values = [operand].flat();
  if (values.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const type = typeof values[0];
  if (!values.every((value) => typeof value === type) || !['string', 'number'].includes(type)) {
    throw invalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return (value) => value !== undefined && !values.includes(value);
}

/** `prefix` and `suffix`, whose operand may be `{ "equals-ignore-case": text }`. */
function affix(holds: (text: string, part: string) => boolean): Operator {
  return (operand, name) => {
    if (isObject(operand) && Object.keys(operand).join() === 'equals-ignore-case') {
      const part = requireText(operand['equals-ignore-case'], name).toLowerCase();
      return onText((text) => holds(text.toLowerCase(), part));
    }
    const part = requireText(operand, name);
    return onText((text) => holds(text, part));
  };
}

function onText(holds: (text: string) => boolean): ValueMatcher {
  return (value) => typeof value === 'string' && holds(value);
}

function requireText(operand: unknown, name: string): string {
  if (typeof operand === 'string') return operand;
  throw invalidPattern(`${name} match pattern must be a string`);
}

/** `*` is any text; `\*` and `\\` are the characters themselves. */
function wildcardExpression(text: string): RegExp {
  if (/(?<!\\)(?:\\\\)*\*\*/.test(text)) throw invalidPattern('Consecutive wildcard characters at pos');
  const source = text.replace(/\\[*\\]|\\|\*|[^\\*]+/g, (part) => {
    if (part === '*') return '[^]*';
    if (part === '\\') throw invalidPattern('Invalid escape character at pos');
    return (part.startsWith('\\') ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

const COMPARISONS: Record<string, (bound: number) => (value: number) => boolean> = {
  '=': (bound) => (value) => value === bound,
  '<': (bound) => (value) => value < bound,
  '<=': (bound) => (value) => value <= bound,
  '>': (bound) => (value) => value > bound,
  '>=': (bound) => (value) => value >= bound,
};

function numericBounds(operand: unknown): ((value: number) => boolean)[] {
  if (!Array.isArray(operand)) throw invalidPattern('Value of numeric must be an array.');
  if (operand.length !== 2 && operand.length !== 4)
    throw invalidPattern('Too many or too few terms in numeric range');
  const terms = operand as unknown[];
  if (terms.length === 4 && !isRange(terms))
    throw invalidPattern('Bad numeric range operator: bottom must be less than top');
  return [0, 2]
    .filter((at) => at < terms.length)
    .map((at) => {
      const [sign, bound] = terms.slice(at);
      const comparison = typeof sign === 'string' ? COMPARISONS[sign] : undefined;
      if (!comparison) throw invalidPattern(`Unrecognized numeric range operator: ${String(sign)}`);
      if (typeof bound !== 'number' || Math.abs(bound) > NUMERIC_MAX) {
        throw invalidPattern('Value of a numeric operator must be a number between -5.0e9 and 5.0e9');
      }
      return comparison(bound);
    });
}

function isRange([low, bottom, high, top]: unknown[]): boolean {
  return (
    ['>', '>='].includes(low as string) &&
    ['<', '<='].includes(high as string) &&
    Number(bottom) < Number(top)
  );
}

function cidrTest(text: string): (address: string) => boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const version = isIP(address);
  const bitsMax = version === 4 ? 32 : 128;
  if (rest.length > 0 || bits === '') throw invalidPattern("Malformed CIDR, one '/' required");
  if (version === 0) throw invalidPattern(`Malformed CIDR, bad IP address: ${address}`);
  if (!/^\d+$/.test(bits) || Number(bits) > bitsMax) {
    throw invalidPattern(`Malformed CIDR, mask bits must be between 0 and ${bitsMax}`);
  }
  if (version === 4) {
    const shift = 32 - Number(bits);
    const prefixOf = (number: number) => Math.floor(number / 2 ** shift);
    const wanted = prefixOf(ipv4Number(address) as number);
    return (given) => {
      const number = ipv4Number(given);
      return number !== undefined && prefixOf(number) === wanted;
    };
  }
  const net = new BlockList();
  net.addSubnet(address, Number(bits), 'ipv6');
  return (given) => isIP(given) === 6 && net.check(given, 'ipv6');
}

/** The address as a number; undefined for what is none. A BlockList would take ten times as long for each event and rule. */
function ipv4Number(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!parts || isIP(text) !== 4) return undefined;
  return parts.slice(1).reduce((number, part) => number * 256 + Number(part), 0);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
