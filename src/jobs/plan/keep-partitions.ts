// Leaves out files whose partition values rule them out, so that they are never opened.
import { formatHiveType } from '../../tabular/hive-type.js';
import type { ComparisonOperator, Expression } from './expression.js';
import type { Relation, Scan } from './plan.js';

/**
 * `relation` without the files in which one of `conditions`, all of which a row must fulfil, holds nowhere. Only a scan
 * has files; comparisons of its partition columns with constants are understood, everything else keeps a file.
 */
export function keepPartitions(relation: Relation, conditions: readonly Expression[]): Relation {
  if (relation.kind !== 'scan' || relation.partitionColumnCount === 0) return relation;
  const first = relation.columns.length - relation.partitionColumnCount;
  const groups = relation.groups
    .map((group) =>
      group.filter((file) =>
        conditions.every((each) => mayHold(each, relation, first, file.partitionValues)),
      ),
    )
    .filter((group) => group.length > 0);
  return { ...relation, groups };
}

function mayHold(
  condition: Expression,
  scan: Scan,
  firstPartitionColumn: number,
  values: readonly (string | null)[],
): boolean {
  if (condition.kind !== 'compare') return true;
  const { left, right, operator } = condition;
  if (left.kind !== 'column' || right.kind !== 'literal' || left.index < firstPartitionColumn) return true;
  const value = values[left.index - firstPartitionColumn];
  if (value === undefined || right.value === null) return true;
  if (value === null) return false;
  const typeName = formatHiveType((scan.columns[left.index] as Scan['columns'][number]).type);
  if (typeName === 'string') return holds(operator, compareText(value, right.value));
  if (!/^(tinyint|smallint|int|bigint)$/.test(typeName)) return true;
  const [a, b] = [Number(value), Number(right.value)];
  return !Number.isSafeInteger(a) || Number.isNaN(b) || holds(operator, a - b);
}

function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function holds(operator: ComparisonOperator, difference: number): boolean {
  switch (operator) {
    case '=':
      return difference === 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}
