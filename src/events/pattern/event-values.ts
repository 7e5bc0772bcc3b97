// What a pattern sees of an event's arrays and objects: which objects may hold a field, and which values a field has.
import { isObject } from './value-matcher.js';

const NO_OBJECT: Record<string, unknown>[] = [{}];

/** The objects of an array, also of arrays within it; where there is none, one without any field. */
export function objectsOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value) || value.length === 0) return NO_OBJECT;
  if (value.every(isObject)) return value;
  const objects = value.flat(Infinity).filter(isObject);
  return objects.length > 0 ? objects : NO_OBJECT;
}

export function fieldOf(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The scalars of a field. An empty array or an object is none: for a pattern the field is then not there, undefined. */
export function leavesOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [isObject(value) ? undefined : value];
  const leaves = value.flat(Infinity).filter((each) => !isObject(each));
  return leaves.length > 0 ? leaves : [undefined];
}

/** Every scalar that a pattern may see at the end of `path`, whichever elements of arrays it goes through. */
export function leavesAt(object: Record<string, unknown>, path: readonly string[], depth = 0): unknown[] {
  const value = fieldOf(object, path[depth] as string);
  if (depth === path.length - 1) return leavesOf(value);
  if (isObject(value)) return leavesAt(value, path, depth + 1);
  return objectsOf(value).flatMap((each) => leavesAt(each, path, depth + 1));
}
