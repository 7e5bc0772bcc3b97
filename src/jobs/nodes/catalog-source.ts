// CatalogSource and S3CatalogSource: a table of the Data Catalog, read where it lies.
import type { CatalogSource, Partition, S3CatalogSource, Table } from '@aws-sdk/client-glue';
import type { FileFormat } from '../plan/file-format.js';
import { DEFAULT_PARTITION } from '../../tabular/partition-folder.js';
import type { Relation, ScanFile } from '../plan/plan.js';
import { NO_INPUT, type NodeContext, type RelationKind } from './node-kind.js';
import { findFiles, takeFiles } from './scan-files.js';
import { readingFormat, tableColumns } from './table-format.js';

export const catalogSource: RelationKind<'CatalogSource'> = {
  kind: 'CatalogSource',
  role: 'source',
  inputCount: NO_INPUT,
  members: {
    Name: 'used',
    Database: 'used',
    Table: 'used',
    PartitionPredicate: 'used',
    OutputSchemas: 'no-effect',
  },
  compile: (node, _inputs, context) => scanTable(node, context),
};

export const s3CatalogSource: RelationKind<'S3CatalogSource'> = {
  kind: 'S3CatalogSource',
  role: 'source',
  inputCount: NO_INPUT,
  members: {
    Name: 'used',
    Database: 'used',
    Table: 'used',
    PartitionPredicate: 'used',
    AdditionalOptions: 'used',
  },
  compile: (node, _inputs, context) => scanTable(node, context),
};

async function scanTable(node: CatalogSource & S3CatalogSource, context: NodeContext): Promise<Relation> {
  const database = node.Database ?? '';
  const table = context.catalog.findTable(database, node.Table ?? '');
  if (!table) throw new Error(`there is no table "${node.Table}" in the database "${database}".`);
  const columns = tableColumns(table.StorageDescriptor?.Columns);
  const keys = tableColumns(table.PartitionKeys);
  refuseOtherTables(table);
  const all =
    keys.length > 0
      ? partitionFiles(table, node.PartitionPredicate, context)
      : locationFiles(table, node, context);
  const files = takeFiles(all, context, { bounds: node.AdditionalOptions });
  context.log(`Node "${context.name}": ${files.length} files of ${database}.${table.Name}.`);
  return {
    kind: 'scan',
    node: context.name,
    columns: [...columns, ...keys],
    format: await spellKeys(readingFormat(table, columns), table, files, context),
    groups: files.map((file) => [file]),
    partitionColumnCount: keys.length,
  };
}

/** The SerDe does not look at the case of keys; a table that a crawler made says how they are spelled. */
async function spellKeys(
  format: FileFormat,
  table: Table,
  files: ScanFile[],
  context: NodeContext,
): Promise<FileFormat> {
  if (format.kind !== 'json' || table.StorageDescriptor?.SerdeInfo?.Parameters?.paths) return format;
  const found = await context.inspector.jsonKeys(files);
  const spellings = (key: string) => found.filter((each) => each.toLowerCase() === key.toLowerCase());
  const keys = format.keys.map(([key = '']) => (spellings(key).length > 0 ? spellings(key) : [key]));
  return { kind: 'json', keys };
}

function refuseOtherTables(table: Table): void {
  if (/view/i.test(table.TableType ?? ''))
    throw new Error(`"${table.Name}" is a view, which jobs cannot read.`);
  const openFormat = table.Parameters?.table_type;
  if (openFormat)
    throw new Error(`"${table.Name}" is a table of type ${openFormat}, which is not supported yet.`);
}

function locationFiles(table: Table, node: CatalogSource, context: NodeContext): ScanFile[] {
  if (node.PartitionPredicate) {
    throw new Error(`PartitionPredicate is given, but the table "${table.Name}" has no partition keys.`);
  }
  return findFiles(context.storage, table.StorageDescriptor?.Location ?? '', true).files;
}

function partitionFiles(table: Table, expression: string | undefined, context: NodeContext): ScanFile[] {
  const files: ScanFile[] = [];
  for (let after: string | undefined; ;) {
    const page = context.catalog.listPartitions(table.DatabaseName ?? '', table.Name ?? '', {
      ...(expression && { expression }),
      ...(after !== undefined && { after }),
    });
    for (const partition of page.items) files.push(...filesOf(table, partition, context));
    if (page.next === undefined) return files;
    after = page.next;
  }
}

function filesOf(table: Table, partition: Partition, context: NodeContext): ScanFile[] {
  const values = partition.Values ?? [];
  const library = partition.StorageDescriptor?.SerdeInfo?.SerializationLibrary;
  if (library && library !== table.StorageDescriptor?.SerdeInfo?.SerializationLibrary) {
    throw new Error(
      `the partition (${values.join(', ')}) has a SerDe of its own, ${library}: not supported.`,
    );
  }
  const found = findFiles(context.storage, partition.StorageDescriptor?.Location ?? '', true);
  const partitionValues = values.map((value) => (value === DEFAULT_PARTITION ? null : value));
  return found.files.map((file) => ({ ...file, partitionValues }));
}
