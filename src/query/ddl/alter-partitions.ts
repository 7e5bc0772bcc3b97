// ALTER TABLE ADD, DROP and RENAME PARTITION.
import type { Partition, PartitionInput, Table } from '@aws-sdk/client-glue';
import { everyItem } from '../../catalog/page.js';
import type { AlterTableBody, PartitionCondition, PartitionSpec } from '../statement/statement.js';
import { partitionInputOf } from '../../catalog/stored-definition.js';
import { tableLocation } from './create-table.js';
import type { DdlScope } from './ddl-scope.js';
import { semanticFailure, taskFailure } from './ddl-failure.js';
import { keysOf, partitionValues, requireHiveTable, requireKeys } from './named-object.js';
import { hivePath, partitionName, pathInside } from './partition-path.js';

type Change<K extends string> = Extract<AlterTableBody, { kind: `alter-table-${K}` }>;

/** All are added or, when one of them is there already and IF NOT EXISTS is missing, none. */
export function addPartitions(scope: DdlScope, statement: Change<'add-partitions'>): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE ADD PARTITION');
  const added = new Map<string, PartitionInput>();
  for (const { spec, location } of statement.partitions) {
    const values = partitionValues(table, spec);
    const name = partitionName(keysOf(table), values);
    if (added.has(name) || scope.catalog.findPartition(databaseOf(table), table.Name as string, values)) {
      if (statement.ifNotExists) continue;
      throw taskFailure(
        `AlreadyExistsException(message:Partition already exists: ${table.DatabaseName}.${table.Name} ${name})`,
      );
    }
    added.set(name, newPartition(table, values, location && tableLocation(scope, location)));
  }
  createPartitions(scope, table, [...added.values()]);
}

/** A partition with the table's columns and format, in its own folder unless told where. */
export function newPartition(table: Table, values: string[], location?: string): PartitionInput {
  const inTable = pathInside(table.StorageDescriptor?.Location ?? '', partitionName(keysOf(table), values));
  return {
    Values: values,
    StorageDescriptor: { ...table.StorageDescriptor, Location: hivePath(location ?? inTable) },
    Parameters: {},
  };
}

/** @throws QueryFailure for the first that the catalog does not take */
export function createPartitions(scope: DdlScope, table: Table, inputs: PartitionInput[]): void {
  const [first] = scope.catalog.createPartitions(databaseOf(table), table.Name as string, inputs);
  if (first) throw taskFailure(`MetaException(message:${first.ErrorDetail?.ErrorMessage})`);
}

export function dropPartitions(scope: DdlScope, statement: Change<'drop-partitions'>): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE DROP PARTITION');
  const dropped: string[][] = [];
  for (const conditions of statement.conditions) {
    const values = matchingPartitions(scope, table, conditions);
    if (values.length === 0 && !statement.ifExists) {
      throw semanticFailure(`[Error 10006]: Partition not found ${conditionText(conditions)}`);
    }
    dropped.push(...values);
  }
  const distinct = new Map(dropped.map((values) => [JSON.stringify(values), values]));
  scope.catalog.deletePartitions(databaseOf(table), table.Name as string, [...distinct.values()]);
}

const conditionText = (conditions: PartitionCondition) =>
  `(${conditions.map(({ key, operator, value }) => `${key} ${operator} '${value}'`).join(' and ')})`;

/** Values of the partitions for which all conditions hold; a key that is not named may have any value. */
function matchingPartitions(scope: DdlScope, table: Table, conditions: PartitionCondition): string[][] {
  requireKeys(table, conditions);
  const keys = keysOf(table);
  const [database, name] = [databaseOf(table), table.Name as string];
  if (conditions.length === keys.length && conditions.every(({ operator }) => operator === '=')) {
    const values = partitionValues(table, conditions);
    return scope.catalog.findPartition(database, name, values) ? [values] : [];
  }
  const tests = conditions.map(({ key, operator, value }) => {
    const index = keys.findIndex(({ Name }) => Name.toLowerCase() === key);
    const compare = isNumber(keys[index]?.Type ?? 'string') ? compareNumbers : compareTexts;
    return (values: readonly string[]) => holds(compare(values[index] ?? '', value), operator);
  });
  const list = scope.catalog.listPartitions;
  const all = everyItem((page) => list(database, name, { ...page, withoutColumns: true }));
  const matching: string[][] = [];
  for (const { Values = [] } of all) if (tests.every((test) => test(Values))) matching.push(Values);
  return matching;
}

const isNumber = (type: string) => /^(tinyint|smallint|int|integer|bigint|float|double|decimal)/i.test(type);
const compareNumbers = (a: string, b: string) => Number(a) - Number(b);
const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function holds(order: number, operator: PartitionCondition[number]['operator']): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** The files stay where they are, as those of external tables do. */
export function renamePartition(scope: DdlScope, statement: Change<'rename-partition'>): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE RENAME PARTITION');
  const partition = requirePartition(scope, table, statement.from);
  alterPartition(scope, table, partition, { Values: partitionValues(table, statement.to) });
}

/** @throws QueryFailure when it is not there */
export function requirePartition(
  scope: Pick<DdlScope, 'catalog'>,
  table: Table,
  spec: PartitionSpec,
): Partition {
  const values = partitionValues(table, spec);
  const partition = scope.catalog.findPartition(databaseOf(table), table.Name as string, values);
  if (partition) return partition;
  const text = `{${spec.map(({ key, value }) => `${key}=${value}`).join(', ')}}`;
  throw semanticFailure(`[Error 10006]: Partition not found ${text}`);
}

/** Stores `change` of a partition. @throws QueryFailure when another one is in its way */
export function alterPartition(
  scope: DdlScope,
  table: Table,
  partition: Partition,
  change: Partial<PartitionInput>,
): void {
  const input = { ...partitionInputOf(partition), ...change };
  const [first] = scope.catalog.updatePartitions(databaseOf(table), table.Name as string, [
    { values: partition.Values ?? [], input },
  ]);
  if (first) {
    const { ErrorCode, ErrorMessage } = first.ErrorDetail ?? {};
    throw taskFailure(`${ErrorCode}(message:${ErrorMessage})`);
  }
}

export const databaseOf = (table: Table): string => table.DatabaseName as string;
