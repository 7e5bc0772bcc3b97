// Partition projection: partitions that are computed from a table's properties instead of being listed.
import type { Table } from '@aws-sdk/client-glue';
import { likeMatcher } from '../../catalog/like-pattern.js';
import type { TableScan } from '../select/analysis.js';
import type { PartitionPredicate } from '../select/partition-predicate.js';
import { isInteger } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { projectedDates } from './projected-dates.js';

export interface ProjectedPartition {
  values: string[];
  /** `s3://...` */
  location: string;
}

/** More partitions than this are refused rather than looked for one by one. */
const PARTITIONS_MAX = 100_000;

export function isProjected(table: Table): boolean {
  return table.Parameters?.['projection.enabled']?.toLowerCase() === 'true';
}

/**
 * The partitions that the query's conditions leave, whether anything is in them or not.
 * AWS docs, Partition projection: kinds enum, integer, date and injected; storage.location.template.
 * @throws QueryFailure naming the property that is missing or makes no sense
 */
export function projectedPartitions(table: Table, scan: TableScan, now: Date): ProjectedPartition[] {
  const keys = scan.columns.slice(scan.columns.length - scan.keyCount);
  const isNumber = keys.map(({ type }) => isInteger(type));
  let partitions: string[][] = [[]];
  for (const [index, { name }] of keys.entries()) {
    const position = new Map([[name, 0]]);
    const wanted = candidates(table, name, scan, now).filter((value) =>
      scan.predicates.every((predicate) =>
        mayHold(predicate, [value], position, [isNumber[index] as boolean]),
      ),
    );
    if (partitions.length * wanted.length > PARTITIONS_MAX) {
      throw new QueryFailure(
        `NOT_SUPPORTED: the projection of ${scan.database}.${scan.table} has more than ${PARTITIONS_MAX} partitions for this query; add conditions on its partition keys`,
      );
    }
    partitions = partitions.flatMap((values) => wanted.map((value) => [...values, value]));
  }
  const positions = new Map(keys.map(({ name }, index) => [name, index]));
  return partitions
    .filter((values) => scan.predicates.every((predicate) => mayHold(predicate, values, positions, isNumber)))
    .map((values) => ({
      values,
      location: locationOf(
        table,
        keys.map(({ name }) => name),
        values,
      ),
    }));
}

function candidates(table: Table, key: string, scan: TableScan, now: Date): string[] {
  const property = (name: string) => table.Parameters?.[`projection.${key}.${name}`];
  const required = (name: string) => {
    const value = property(name);
    if (value !== undefined) return value;
    throw invalid(key, `the table property projection.${key}.${name} is missing`);
  };
  switch (required('type').toLowerCase()) {
    case 'enum':
      return required('values')
        .split(',')
        .map((value) => value.trim());
    case 'integer':
      return integers(key, required('range'), property('interval') ?? '1', property('digits'));
    case 'date':
      return projectedDates(
        {
          range: required('range'),
          format: required('format'),
          interval: property('interval'),
          unit: property('interval.unit'),
        },
        now,
        (reason) => invalid(key, reason),
      );
    case 'injected':
      return injected(key, scan);
    default:
      throw invalid(
        key,
        `projection.${key}.type is '${property('type')}'; it is enum, integer, date or injected`,
      );
  }
}

function invalid(key: string, reason: string): QueryFailure {
  return new QueryFailure(`INVALID_TABLE_PROPERTY: Column ${key} projection: ${reason}`);
}

function integers(key: string, range: string, interval: string, digits: string | undefined): string[] {
  const bounds = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(range);
  const step = Number(interval);
  if (!bounds || !Number.isInteger(step) || step < 1)
    throw invalid(key, `the range '${range}' or the interval '${interval}' is not of whole numbers`);
  const [low, high] = [Number(bounds[1]), Number(bounds[2])];
  if ((high - low) / step > PARTITIONS_MAX)
    throw invalid(key, `the range '${range}' has more than ${PARTITIONS_MAX} values`);
  const values: string[] = [];
  for (let value = low; value <= high; value += step)
    values.push(String(value).padStart(Number(digits ?? 0), '0'));
  return values;
}

/** AWS docs: an injected column must be given in the query by its values. */
function injected(key: string, scan: TableScan): string[] {
  for (const predicate of scan.predicates) {
    const values = equalTo(predicate, key);
    if (values) return values;
  }
  throw new QueryFailure(
    `CONSTRAINT_VIOLATION: For the injected projected partition column ${key}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
  );
}

function equalTo(predicate: PartitionPredicate, key: string): string[] | undefined {
  if (predicate.kind === 'compare')
    return predicate.key === key && predicate.comparator === '=' ? [predicate.value] : undefined;
  if (predicate.kind === 'like') return undefined;
  const lists = predicate.operands.map((operand) => equalTo(operand, key));
  if (predicate.kind === 'and') return lists.find((list) => list !== undefined);
  return lists.includes(undefined) ? undefined : [...new Set(lists.flatMap((list) => list ?? []))];
}

/** False only when the values rule it out; keys that are not among `positions` may be anything. */
function mayHold(
  predicate: PartitionPredicate,
  values: readonly string[],
  positions: ReadonlyMap<string, number>,
  isNumber: readonly boolean[],
): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.operands.every((operand) => mayHold(operand, values, positions, isNumber));
    case 'or':
      return predicate.operands.some((operand) => mayHold(operand, values, positions, isNumber));
    case 'like': {
      const position = positions.get(predicate.key);
      return position === undefined || likeMatcher(predicate.pattern)(values[position] as string);
    }
    case 'compare': {
      const position = positions.get(predicate.key);
      if (position === undefined) return true;
      const value = values[position] as string;
      const order = isNumber[position]
        ? Number(value) - Number(predicate.value)
        : value < predicate.value
          ? -1
          : value > predicate.value
            ? 1
            : 0;
      return {
        '=': order === 0,
        '<>': order !== 0,
        '<': order < 0,
        '<=': order <= 0,
        '>': order > 0,
        '>=': order >= 0,
      }[predicate.comparator];
    }
  }
}

function locationOf(table: Table, keys: readonly string[], values: readonly string[]): string {
  const template = table.Parameters?.['storage.location.template'];
  if (template !== undefined) {
    return template.replace(
      /\$\{([^}]+)\}/g,
      (whole, name: string) => values[keys.indexOf(name.toLowerCase())] ?? whole,
    );
  }
  const base = table.StorageDescriptor?.Location ?? '';
  return `${base}${base.endsWith('/') ? '' : '/'}${keys.map((key, index) => `${key}=${values[index]}`).join('/')}/`;
}
