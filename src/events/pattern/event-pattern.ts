// Event patterns, compiled once: does this event have what the pattern asks for?
import { isAlternatives } from './alternatives.js';
import { fieldOf, leavesOf, objectsOf } from './event-values.js';
import { invalidPattern } from './invalid-pattern.js';
import { screensOf, type Screen } from './screen.js';
import { compileValue, isObject, type ValueMatcher } from './value-matcher.js';

export interface EventPattern {
  /** @param event as parsed from JSON */
  matches(event: Readonly<Record<string, unknown>>): boolean;
  /** An event that passes none of them does not match. */
  screens: readonly Screen[];
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
  return { matches: compileObject(pattern), screens: screensOf(pattern) };
}

/**
 * One object that is like all of `patterns`: fields of the same name are meant of the same element of an array, also where
 * one of them stands in an alternative.
 */
function compileObject(...patterns: readonly Record<string, unknown>[]): Matcher {
  const split = patterns.findIndex((pattern) => isAlternatives(pattern['$or']));
  if (split >= 0) {
    const { $or, ...rest } = patterns[split] as Record<string, unknown>;
    const others = patterns.filter((_, index) => index !== split);
    if (Object.keys(rest).length > 0) others.push(rest);
    const alternatives = ($or as Record<string, unknown>[]).map((each) => compileObject(...others, each));
    return (value) => alternatives.some((matches) => matches(value));
  }
  if (patterns.some((pattern) => Object.keys(pattern).length === 0))
    throw invalidPattern('Empty objects are not allowed');
  const names = [...new Set(patterns.flatMap(Object.keys))];
  const matchers = names.map((name): ((event: Record<string, unknown>) => boolean) => {
    const matches = compileField(
      name,
      patterns.flatMap((pattern) => (Object.hasOwn(pattern, name) ? [pattern[name]] : [])),
    );
    return (event) => matches(fieldOf(event, name));
  });
  const matchesAll = (event: Record<string, unknown>) => matchers.every((matches) => matches(event));
  // Of an array of objects one element has to be right in every respect.
  return (value) => (isObject(value) ? matchesAll(value) : objectsOf(value).some(matchesAll));
}

/** @param wanted what one or several patterns say of the field: objects, or arrays of values */
function compileField(name: string, wanted: readonly unknown[]): Matcher {
  const objects = wanted.filter(isObject);
  const ofObjects = objects.length > 0 ? [compileObject(...objects)] : [];
  const ofValues = wanted.filter((each) => !isObject(each)).map((values) => compileValues(name, values));
  const [only, ...others] = [...ofObjects, ...ofValues];
  if (only && others.length === 0) return only;
  return (value) => [...ofObjects, ...ofValues].every((matches) => matches(value));
}

function compileValues(name: string, wanted: unknown): Matcher {
  if (!Array.isArray(wanted)) throw invalidPattern(`"${name}" must be an object or an array`);
  if (wanted.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const matchers = wanted.map((value): ValueMatcher => compileValue(value));
  const matchesLeaf = (leaf: unknown) => matchers.some((matches) => matches(leaf));
  return (value) => leavesOf(value).some(matchesLeaf);
}
