// `${account}` and the like in a stack file: found, checked and filled in. `$${` stands for a literal `${`.
import { nearestName } from '../spec-file/nearest-name.js';
import { formatPath, type SpecIssue, type SpecPath } from '../spec-file/spec-issue.js';

/** What a placeholder may name. `role` is the ARN of the stack's role. */
export interface PlaceholderValues {
  account: string;
  region: string;
  stack: string;
  bucket: string;
  role: string;
  database: string;
}

export type PlaceholderName = keyof PlaceholderValues;

// Names of resources are what the others are made from, so they may only use what is known beforehand.
const IN_NAMES: readonly PlaceholderName[] = ['account', 'region', 'stack'];
const NAME_PATHS = new Set(['bucket.name', 'role.name', 'role.path', 'database.Name']);
const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}/g;

/** Placeholders that are not there, anywhere in `value`. `available` leaves out `role` and `database` when the stack has none. */
export function checkPlaceholders(
  value: unknown,
  available: readonly PlaceholderName[],
  path: SpecPath = [],
): SpecIssue[] {
  if (typeof value === 'object' && value !== null) {
    const entries: [string | number, unknown][] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value);
    return entries.flatMap(([key, item]) => checkPlaceholders(item, available, [...path, key]));
  }
  if (typeof value !== 'string') return [];
  const allowed = NAME_PATHS.has(formatPath(path)) ? IN_NAMES : available;
  const issues: SpecIssue[] = [];
  for (const [whole, name] of value.matchAll(PLACEHOLDER)) {
    if (name === undefined || allowed.includes(name as PlaceholderName)) continue;
    const nearest = nearestName(name, allowed);
    issues.push({
      path,
      message:
        `unknown placeholder ${whole}.${nearest ? ` Did you mean \${${nearest}}?` : ''} ` +
        `Allowed here: ${allowed.map((item) => `\${${item}}`).join(', ')}; write $${whole} for the text itself.`,
    });
  }
  return issues;
}

/** A copy of `value` with the placeholders in all its texts (not its keys) filled in. They must have been checked. */
export function fillPlaceholders<T>(value: T, values: Partial<PlaceholderValues>): T {
  if (typeof value === 'string') {
    return value.replace(PLACEHOLDER, (_whole, name?: string) => {
      if (name === undefined) return '${';
      return values[name as PlaceholderName] as string;
    }) as T;
  }
  if (Array.isArray(value)) return value.map((item) => fillPlaceholders(item as unknown, values)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillPlaceholders(item as unknown, values)]),
    ) as T;
  }
  return value;
}
