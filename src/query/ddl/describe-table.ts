// DESCRIBE [FORMATTED | EXTENDED]: Hive's texts, with tabs in them and padded columns (AWS docs, DESCRIBE).
import type { Column, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { formatHiveType, type HiveType, parseHiveType } from '../../tabular/hive-type.js';
import type { ShowBody } from '../statement/statement.js';
import { requirePartition } from './alter-partitions.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { semanticFailure } from './ddl-failure.js';
import { detailedInformation, formattedInformation } from './detailed-table-information.js';
import { requireTable, written } from './named-object.js';
import { columnRow, COLUMN_WIDTH, heading } from './padded-row.js';
import { missingComment } from './storage-format.js';

/** @throws QueryFailure when table, partition or column is not there */
export function describeTable(
  scope: DdlScope,
  { table: name, detail, partition: spec, columnPath }: Extract<ShowBody, { kind: 'describe-table' }>,
): DdlResult {
  const table = requireTable(scope, name);
  const partition = spec && requirePartition(scope, table, spec);
  const descriptor = (partition ?? table).StorageDescriptor ?? {};
  if (columnPath) return answer(columnRows(table, descriptor, columnPath, written(name)));
  const rows = tableRows(table, descriptor);
  if (detail === 'formatted') rows.push(heading(''), ...formattedInformation(table, partition));
  if (detail === 'extended') rows.push(heading(''), detailedInformation(table, partition));
  return answer(rows);
}

const answer = (rows: readonly string[]): DdlResult => ({
  columns: [
    { name: 'col_name', type: 'string' },
    { name: 'data_type', type: 'string' },
    { name: 'comment', type: 'string' },
  ],
  rows: rows.map((row) => [row]),
});

function tableRows(table: Table, descriptor: StorageDescriptor): string[] {
  const keys = (table.PartitionKeys ?? []).map((key) => rowOf(key));
  const commentMissing = missingComment(descriptor.SerdeInfo?.SerializationLibrary);
  const rows = [...(descriptor.Columns ?? []).map((column) => rowOf(column, commentMissing)), ...keys];
  if (keys.length === 0) return rows;
  return [
    ...rows,
    heading(''),
    heading('# Partition Information'),
    columnRow('# col_name'.padEnd(COLUMN_WIDTH + 2), 'data_type', 'comment'),
    heading(''),
    ...keys,
  ];
}

const rowOf = ({ Name = '', Type = 'string', Comment }: Column, commentMissing?: string) =>
  columnRow(Name, Type, Comment ?? commentMissing);

// Hive, getFieldsFromDeserializer: the members of a struct, or else the one thing that the path leads to.
function columnRows(
  table: Table,
  descriptor: StorageDescriptor,
  [first = '', ...rest]: readonly string[],
  tableName: string,
): string[] {
  const columns = [...(descriptor.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const column = columns.find(({ Name }) => Name?.toLowerCase() === first);
  if (!column) throw semanticFailure(`Invalid column reference ${first} of table ${tableName}`);
  let type = readType(column.Type ?? 'string');
  for (const step of rest) {
    const inside = insideOf(type, step);
    if (!inside) {
      throw semanticFailure(
        `Invalid column reference ${[first, ...rest].join('.')}: ${formatHiveType(type)} has no ${step}`,
      );
    }
    type = inside;
  }
  const isWhole = rest.length === 0;
  if (type.kind === 'struct') {
    return type.members.map((member) =>
      columnRow(member.name, formatHiveType(member.type), 'from deserializer'),
    );
  }
  const comment = isWhole ? (column.Comment ?? 'from deserializer') : 'from deserializer';
  return [columnRow(rest.at(-1) ?? first, isWhole ? (column.Type ?? '') : formatHiveType(type), comment)];
}

// A type that crawlers or people spelled in another way is shown, and has nothing inside.
function readType(text: string): HiveType {
  try {
    return parseHiveType(text);
  } catch {
    return { kind: 'primitive', name: text };
  }
}

function insideOf(type: HiveType, step: string): HiveType | undefined {
  switch (type.kind) {
    case 'array':
      return step === '$elem$' ? type.item : undefined;
    case 'map':
      return step === '$key$' ? type.key : step === '$value$' ? type.value : undefined;
    case 'struct':
      return type.members.find(({ name }) => name.toLowerCase() === step)?.type;
    case 'primitive':
      return undefined;
  }
}
