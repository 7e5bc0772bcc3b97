// What differs between what a file asks for and what is there, member by member.

export interface Difference {
  /** `Targets.S3Targets[0].Path` */
  path: string;
  /** Undefined when it is not there. */
  before: unknown;
  /** Undefined when it is to go. */
  after: unknown;
}

/**
 * Differences of `current` from `wanted`. Members that `wanted` does not name are AWS's business and do not count, unless
 * `isExact`. Nothing, '', [] and {} are the same.
 */
export function differencesOf(wanted: unknown, current: unknown, isExact = false, path = ''): Difference[] {
  if (isEmpty(wanted) && isEmpty(current)) return [];
  if (isObject(wanted) && isObject(current)) {
    const names = new Set(isExact ? [...Object.keys(wanted), ...Object.keys(current)] : Object.keys(wanted));
    return [...names].flatMap((name) =>
      differencesOf(wanted[name], current[name], isExact, path === '' ? name : `${path}.${name}`),
    );
  }
  if (Array.isArray(wanted) && Array.isArray(current) && wanted.length === current.length) {
    return wanted.flatMap((item, index) => differencesOf(item, current[index], isExact, `${path}[${index}]`));
  }
  return Object.is(wanted, current) ? [] : [{ path, before: current, after: wanted }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
