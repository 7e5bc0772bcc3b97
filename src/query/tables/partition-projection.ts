// The partitions of a projected table that a query's conditions leave.
import type { Table } from '@aws-sdk/client-glue';
import { likeMatcher } from '../../catalog/like-pattern.js';
import { filledTemplate, projectedTemplate, projectedValues } from '../../tabular/partition-projection.js';
import type { TableScan } from '../select/analysis.js';
import type { PartitionPredicate } from '../select/partition-predicate.js';
import { isInteger } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';

export interface ProjectedPartition {
  values: string[];
  /** `s3://...` */
  location: string;
}

/** More partitions than this are refused rather than looked for one by one. */
const PARTITIONS_MAX = 100_000;

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
    const all = projectedValues(table, name, now, invalid) ?? injected(name, scan);
    const wanted = all.filter((value) =>
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
  const template = projectedTemplate(
    table,
    keys.map(({ name }) => name),
  );
  const positions = new Map(keys.map(({ name }, index) => [name, index]));
  return partitions
    .filter((values) => scan.predicates.every((predicate) => mayHold(predicate, values, positions, isNumber)))
    .map((values) => ({
      values,
      location: filledTemplate(
        template,
        new Map(keys.map(({ name }, index) => [name, values[index] as string])),
      ),
    }));
}

function invalid(key: string, reason: string): QueryFailure {
  return new QueryFailure(`INVALID_TABLE_PROPERTY: Column ${key} projection: ${reason}`);
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
