// Partition projection: the values of partition keys and the places of partitions, computed from a table's properties.
// Source: AWS docs, "Partition projection with Amazon Athena".
import type { Table } from '@aws-sdk/client-glue';
import { projectedDates } from './projected-dates.js';

/** More values of one key than this are refused. */
const VALUES_MAX = 100_000;

export function isProjected({ Parameters }: Pick<Table, 'Parameters'>): boolean {
  return Parameters?.['projection.enabled']?.toLowerCase() === 'true';
}

/**
 * All values of a key, in order; undefined for an injected one, which may be anything.
 * @param invalid makes the error that is thrown for a property that is missing or makes no sense
 */
export function projectedValues(
  { Parameters }: Pick<Table, 'Parameters'>,
  key: string,
  now: Date,
  invalid: (key: string, reason: string) => Error,
): string[] | undefined {
  const property = (name: string) => Parameters?.[`projection.${key}.${name}`];
  const fail = (reason: string) => invalid(key, reason);
  const required = (name: string) => {
    const value = property(name);
    if (value !== undefined) return value;
    throw fail(`the table property projection.${key}.${name} is missing`);
  };
  switch (required('type').toLowerCase()) {
    case 'enum':
      return required('values')
        .split(',')
        .map((value) => value.trim());
    case 'integer':
      return integers(required('range'), property('interval') ?? '1', property('digits'), fail);
    case 'date':
      return projectedDates(
        {
          range: required('range'),
          format: required('format'),
          interval: property('interval'),
          unit: property('interval.unit'),
        },
        now,
        fail,
      );
    case 'injected':
      return undefined;
    default:
      throw fail(`projection.${key}.type is '${property('type')}'; it is enum, integer, date or injected`);
  }
}

function integers(
  range: string,
  interval: string,
  digits: string | undefined,
  fail: (reason: string) => Error,
): string[] {
  const bounds = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(range);
  const step = Number(interval);
  if (!bounds || !Number.isInteger(step) || step < 1)
    throw fail(`the range '${range}' or the interval '${interval}' is not of whole numbers`);
  const [low, high] = [Number(bounds[1]), Number(bounds[2])];
  if ((high - low) / step > VALUES_MAX) throw fail(`the range '${range}' has more than ${VALUES_MAX} values`);
  const values: string[] = [];
  for (let value = low; value <= high; value += step)
    values.push(String(value).padStart(Number(digits ?? 0), '0'));
  return values;
}

/** The `${key}` of a location. */
export const PLACEHOLDER = /\$\{([^}]+)\}/g;

/** Where partitions are, with `${key}` for the values of keys: what the table says, or Hive's folders. */
export function projectedTemplate(
  { Parameters, StorageDescriptor }: Pick<Table, 'Parameters' | 'StorageDescriptor'>,
  keys: readonly string[],
): string {
  const template = Parameters?.['storage.location.template'];
  if (template !== undefined) return template;
  const base = StorageDescriptor?.Location ?? '';
  return `${base}${base.endsWith('/') ? '' : '/'}${keys.map((key) => `${key}=\${${key}}`).join('/')}/`;
}

/** A template with values in place of those keys that have one. */
export function filledTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(PLACEHOLDER, (whole, key: string) => values.get(key.toLowerCase()) ?? whole);
}
