// Event patterns, compiled once: does this event have what the pattern asks for?
import { invalidPattern } from './invalid-pattern.js';
import { compileValue, isObject, OPERATOR_NAMES, type ValueMatcher } from './value-matcher.js';

export interface EventPattern {
  /** @param event as parsed from JSON */
  matches(event: Readonly<Record<string, unknown>>): boolean;
  /** Texts one of which a top-level field must equal; undefined when the pattern does not say it so. */
  exactTexts(field: string): readonly string[] | undefined;
}

/** Matches a field's value, or undefined where the field is not there. */
type Matcher = (value: unknown) => boolean;

/** @throws AwsError InvalidEventPatternException */
export function compilePattern(text: string): EventPattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw invalidPattern('it is not valid JSON', error);
  }
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  const matches = compileObject(pattern);
  return {
    matches,
    exactTexts(field) {
      const values = pattern[field];
      const isExact = Array.isArray(values) && values.every((value) => typeof value === 'string');
      return isExact ? values : undefined;
    },
  };
}

function compileObject(pattern: Record<string, unknown>): Matcher {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw invalidPattern('Empty objects are not allowed');
  const matchers = fields.map(([name, wanted]): ((event: Record<string, unknown>) => boolean) => {
    if (name === '$or' && isAlternatives(wanted)) {
      const alternatives = wanted.map(compileObject);
      return (event) => alternatives.some((matches) => matches(event));
    }
    const matches = compileField(name, wanted);
    return (event) => matches(event[name]);
  });
  const matchesAll = (value: unknown) =>
    matchers.every((matches) => matches(isObject(value) ? value : NOTHING));
  // Of an array of objects one element has to be right in every respect.
  return (value) =>
    Array.isArray(value) && value.length > 0 ? value.some((item) => matchesAll(item)) : matchesAll(value);
}

const NOTHING: Record<string, unknown> = {};

/** Otherwise `$or` is the name of a field. */
function isAlternatives(wanted: unknown): wanted is Record<string, unknown>[] {
  return (
    Array.isArray(wanted) && wanted.length > 1 && wanted.every((each) => isObject(each) && !isOperator(each))
  );
}

// A field may have an operator's name; then an array of values stands behind it.
function isOperator(value: Record<string, unknown>): boolean {
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && OPERATOR_NAMES.includes(name) && !Array.isArray(value[name]);
}

function compileField(name: string, wanted: unknown): Matcher {
  if (isObject(wanted)) return compileObject(wanted);
  if (!Array.isArray(wanted)) throw invalidPattern(`"${name}" must be an object or an array`);
  if (wanted.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const matchers = wanted.map(compileValue);
  return (value) => leavesOf(value).some((leaf) => matchers.some((matches: ValueMatcher) => matches(leaf)));
}

/** The scalars of a field. An empty array or an object is no value: for a pattern the field is not there. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const leaves = value.flatMap((item) =>
      isObject(item) ? [] : Array.isArray(item) ? leavesOf(item) : [item as unknown],
    );
    return leaves.length > 0 ? leaves : [undefined];
  }
  return [isObject(value) ? undefined : value];
}
