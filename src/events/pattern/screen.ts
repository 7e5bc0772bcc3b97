// What is quickly asked of an event before a whole pattern is: one field, and what it must be for the pattern to match.
import { isAlternatives } from './alternatives.js';
import { isObject } from './value-matcher.js';

/** One of the values at the end of the path must be like one of `wanted`. */
export interface Screen {
  /** Names of fields, from the event's top. */
  path: readonly string[];
  /** As in a pattern: scalars, and objects with one operator. */
  wanted: readonly unknown[];
}

/** A pattern matches only events that pass at least one of its screens: one, or where it must be one for each alternative. */
export function screensOf(
  pattern: Readonly<Record<string, unknown>>,
  above: readonly string[] = [],
): Screen[] {
  const offers = Object.entries(pattern).map(([name, wanted]) => {
    if (name === '$or' && isAlternatives(wanted)) return wanted.flatMap((each) => screensOf(each, above));
    const path = [...above, name];
    return isObject(wanted) ? screensOf(wanted, path) : [{ path, wanted: wanted as unknown[] }];
  });
  const [first, ...others] = offers as [Screen[], ...Screen[][]];
  return others.reduce((best, offer) => (costOf(offer) < costOf(best) ? offer : best), first);
}

/** By what most events pass, and what is slow to ask; alternatives are as dear as the dearest. */
function costOf(screens: readonly Screen[]): number {
  return Math.max(...screens.flatMap(({ wanted }) => wanted.map(costOfValue)));
}

function costOfValue(value: unknown): number {
  if (!isObject(value)) return 0;
  const [operator] = Object.keys(value);
  return operator === 'anything-but' || operator === 'exists' ? 2 : 1;
}
