// `$or` in event patterns, which may also be the name of a field.
import { isObject, OPERATOR_NAMES } from './value-matcher.js';

/** Whether what stands behind `$or` are alternatives; otherwise it is a field of that name. */
export function isAlternatives(wanted: unknown): wanted is Record<string, unknown>[] {
  return (
    Array.isArray(wanted) && wanted.length > 1 && wanted.every((each) => isObject(each) && !isOperator(each))
  );
}

// A field may have an operator's name; then an array of values stands behind it.
function isOperator(value: Record<string, unknown>): boolean {
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && OPERATOR_NAMES.includes(name) && !Array.isArray(value[name]);
}
