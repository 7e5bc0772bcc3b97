// What somebody gave, in a few words: for messages that say it is not what was asked for.

/** E.g. `undefined`, `a promise that was not awaited`, `an object with plan, objectCount`. */
export function described(value: unknown): string {
  if (value instanceof Promise) return 'a promise that was not awaited';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  const names = Object.keys(value);
  return names.length === 0 ? 'an object without members' : `an object with ${names.slice(0, 5).join(', ')}`;
}
