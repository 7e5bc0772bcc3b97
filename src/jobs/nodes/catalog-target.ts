// CatalogTarget and S3CatalogTarget: files where an existing table keeps its own, in its format.
import type { CatalogSchemaChangePolicy, Table } from '@aws-sdk/client-glue';
import { formatHiveType } from '../../tabular/hive-type.js';
import type { Expression } from '../plan/expression.js';
import { columnValue, indexOfName } from '../plan/fields.js';
import type { Column, Relation, Write } from '../plan/plan.js';
import { ONE_INPUT, type NodeContext, type TargetKind } from './node-kind.js';
import { mentionDataQuality, outputFolder, partitionColumns, refuseTwins } from './s3-target.js';
import { tableColumns, writingFormat } from './table-format.js';

export const catalogTarget: TargetKind<'CatalogTarget'> = {
  kind: 'CatalogTarget',
  role: 'target',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', PartitionKeys: 'used', Database: 'used', Table: 'used' },
  compile: (node, [input], context) => writeTable(node, input as Relation, context),
};

export const s3CatalogTarget: TargetKind<'S3CatalogTarget'> = {
  kind: 'S3CatalogTarget',
  role: 'target',
  inputCount: ONE_INPUT,
  members: {
    Name: 'used',
    Inputs: 'used',
    PartitionKeys: 'used',
    Table: 'used',
    Database: 'used',
    SchemaChangePolicy: 'used',
    AutoDataQuality: 'used',
  },
  compile(node, [input], context) {
    mentionDataQuality(node.AutoDataQuality, context);
    return writeTable(node, input as Relation, context);
  },
};

interface TableTarget {
  Database: string | undefined;
  Table: string | undefined;
  PartitionKeys?: string[][] | undefined;
  SchemaChangePolicy?: CatalogSchemaChangePolicy | undefined;
}

function writeTable(node: TableTarget, source: Relation, context: NodeContext): Write {
  const database = node.Database ?? '';
  const table = context.catalog.findTable(database, node.Table ?? '');
  if (!table) {
    throw new Error(`there is no table "${node.Table}" in the database "${database}"; create it first.`);
  }
  refuseTwins(source);
  const keys = tableColumns(table.PartitionKeys);
  const input = asTable(source, [...tableColumns(table.StorageDescriptor?.Columns), ...keys], table, context);
  const policy = node.SchemaChangePolicy;
  return {
    node: context.name,
    input,
    ...outputFolder(table.StorageDescriptor?.Location, context),
    format: writingFormat(table),
    partitionColumns: partitionColumns(input, agreedKeys(node, keys, table)),
    ...(policy?.EnableUpdateCatalog && {
      catalogUpdate: {
        database,
        table: table.Name ?? '',
        updatesSchema: policy.UpdateBehavior !== 'LOG',
      },
    }),
  };
}

function agreedKeys(node: TableTarget, keys: readonly Column[], table: Table): string[][] {
  const asked = (node.PartitionKeys ?? []).map((path) => path.join('.').toLowerCase());
  const own = keys.map((key) => key.name.toLowerCase());
  if (asked.join('/') !== own.join('/')) {
    throw new Error(
      `PartitionKeys is (${asked.join(', ')}), but the table "${table.Name}" is partitioned by (${own.join(', ')}); ` +
        'give the same keys in the same order.',
    );
  }
  return keys.map((key) => [key.name]);
}

/**
 * The table's columns first, in its order and types, null where the data has none: a CSV table goes by position. Columns
 * that the table does not have follow.
 */
function asTable(input: Relation, columns: readonly Column[], table: Table, context: NodeContext): Relation {
  const used = new Set<number>();
  const values: Expression[] = columns.map((column) => {
    const index = indexOfName(input.columns, column.name);
    if (index < 0) return { kind: 'literal', value: null, type: column.type };
    used.add(index);
    const value = columnValue(input.columns, index);
    const isSame = formatHiveType((input.columns[index] as Column).type) === formatHiveType(column.type);
    return isSame ? value : { kind: 'cast', value, type: column.type };
  });
  const extra = input.columns.flatMap((column, index) => (used.has(index) ? [] : [{ column, index }]));
  if (extra.length > 0) {
    const names = extra.map(({ column }) => column.name).join(', ');
    context.log(`Node "${context.name}": the table "${table.Name}" does not have the columns ${names}.`);
  }
  return {
    kind: 'project',
    node: context.name,
    input,
    columns: [...columns, ...extra.map(({ column }) => column)],
    values: [...values, ...extra.map(({ index }) => columnValue(input.columns, index))],
  };
}
