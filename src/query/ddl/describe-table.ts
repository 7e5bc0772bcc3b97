// DESCRIBE [FORMATTED | EXTENDED]: Hive's texts, with tabs in them and padded columns (AWS docs, DESCRIBE).
import type { Column, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { formatHiveType, type HiveType, parseHiveType } from '../../tabular/hive-type.js';
import type { ShowBody } from '../statement/statement.js';
import { requirePartition } from './alter-partitions.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { argumentFailure, notSupported, semanticFailure, taskFailure } from './ddl-failure.js';
import { detailedInformation, formattedInformation } from './detailed-table-information.js';
import { icebergTypeText, readIcebergTable } from './iceberg-table.js';
import { isIceberg, isView, requireTable } from './named-object.js';
import { COLUMN_HEADINGS, columnRow, heading } from './padded-row.js';
import { missingComment } from './storage-format.js';
import { storedView } from './view.js';

type Describe = Extract<ShowBody, { kind: 'describe-table' }>;

/** @throws QueryFailure when table, partition or column is not there */
export async function describeTable(scope: DdlScope, statement: Describe): Promise<DdlResult> {
  const { table: name, detail, partition: spec, columnPath } = statement;
  const table = requireTable(scope, name);
  if (isIceberg(table)) return describeIcebergTable(scope, table, statement);
  if (isView(table) && detail === 'plain' && !columnPath) return viewColumnRows(table);
  const partition = spec && requirePartition(scope, table, spec);
  const descriptor = (partition ?? table).StorageDescriptor ?? {};
  if (columnPath) return answer(columnRows(table, descriptor, columnPath));
  const rows = tableRows(table, descriptor, detail);
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

/** What DESCRIBE and SHOW COLUMNS answer for a view: its columns in Trino's words. */
export function viewColumnRows(table: Table): DdlResult {
  const columns =
    storedView(table)?.columns ??
    (table.StorageDescriptor?.Columns ?? []).map(({ Name = '', Type = '' }) => ({ name: Name, type: Type }));
  return {
    columns: [
      { name: 'column', type: 'varchar' },
      { name: 'type', type: 'varchar' },
    ],
    rows: columns.map(({ name, type }) => [`${name}\t${type}`]),
  };
}

// FORMATTED has headings above all columns, and the keys below theirs only.
function tableRows(table: Table, descriptor: StorageDescriptor, detail: Describe['detail']): string[] {
  const keys = (table.PartitionKeys ?? []).map((key) => rowOf(key));
  const commentMissing = missingComment(descriptor.SerdeInfo?.SerializationLibrary);
  const columns = (descriptor.Columns ?? []).map((column) => rowOf(column, commentMissing));
  const rows = detail === 'formatted' ? [...COLUMN_HEADINGS, ...columns] : [...columns, ...keys];
  if (keys.length === 0) return rows;
  return [...rows, heading(''), heading('# Partition Information'), ...COLUMN_HEADINGS, ...keys];
}

const rowOf = ({ Name = '', Type = 'string', Comment }: Column, commentMissing?: string) =>
  columnRow(Name, Type, Comment ?? commentMissing);

async function describeIcebergTable(
  scope: DdlScope,
  table: Table,
  { detail, partition, columnPath }: Describe,
): Promise<DdlResult> {
  if (detail === 'extended') throw argumentFailure('EXTENDED keyword is not supported for Iceberg tables.');
  if (partition) throw argumentFailure('PARTITION keyword is not supported for Iceberg tables.');
  if (columnPath ?? detail === 'formatted') {
    throw notSupported(
      'DESCRIBE FORMATTED and DESCRIBE of a column are not supported here for Iceberg tables',
    );
  }
  const { partitionFields } = await readIcebergTable(scope, table);
  const columns = (table.StorageDescriptor?.Columns ?? []).map(
    ({ Name = '', Type = 'string', Comment = '' }) =>
      `${Name}\t${icebergTypeText(readType(Type))}\t${Comment}`,
  );
  const fields = partitionFields.map(({ name, transform, column }) => `${name}\t${transform}\t${column}`);
  return answer([
    '# Table schema:\t\t',
    '# col_name\tdata_type\tcomment',
    ...columns,
    '\t\t',
    '# Partition spec:\t\t',
    '# field_name\tfield_transform\tcolumn_name',
    ...fields,
  ]);
}

// Hive, getFieldsFromDeserializer: the members of a struct, or else the one thing that the path leads to.
function columnRows(
  table: Table,
  descriptor: StorageDescriptor,
  [first = '', ...rest]: readonly string[],
): string[] {
  const columns = [...(descriptor.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const column = columns.find(({ Name }) => Name?.toLowerCase() === first);
  if (!column) {
    const known = (descriptor.Columns ?? []).map(({ Name }, index) => `${index}:${Name}`);
    throw taskFailure(`cannot find field ${first} from [${known.join(', ')}]`);
  }
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
