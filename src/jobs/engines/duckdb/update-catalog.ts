// What the Data Catalog is told about a target: its table, the table's columns, new partitions.
import type { PartitionInput, StorageDescriptor, Table, TableInput } from '@aws-sdk/client-glue';
import type { Catalog } from '../../../catalog/catalog.js';
import { formatHiveType } from '../../../tabular/hive-type.js';
import type { EngineWork } from '../../engine.js';
import { STORAGE_OF_FORMAT } from '../../nodes/table-format.js';
import { DEFAULT_PARTITION, partitionFolder } from '../../../tabular/partition-folder.js';
import { partitionNames, type CatalogUpdate, type Column, type Write } from '../../plan/plan.js';
import type { Staged } from './stage-write.js';

/** AWS's model: a BatchCreatePartition takes as many. */
const PARTITIONS_A_CALL = 100;

interface Updating {
  catalog: Catalog;
  work: Pick<EngineWork, 'jobName' | 'runId' | 'session'>;
}

/** AWS docs: UPDATE_IN_DATABASE gives an existing table the data's columns, LOG leaves them; both add partitions. */
export function updateCatalog(write: Write, staged: Staged, updating: Updating): void {
  const { database, table: name, updatesSchema } = write.catalogUpdate as CatalogUpdate;
  const { catalog, work } = updating;
  const table = catalog.findTable(database, name);
  if (!table) catalog.createTable(database, newTable(write, name, work), { createdBy: work.session.arn });
  else if (updatesSchema) updateColumns(database, table, write, updating);
  if (write.partitionColumns.length > 0) addPartitions(write, staged, database, name, catalog);
}

function catalogColumns(columns: readonly Column[]): { Name: string; Type: string }[] {
  return columns.map((column) => ({ Name: column.name.toLowerCase(), Type: formatHiveType(column.type) }));
}

function dataColumns(write: Write): Column[] {
  return write.input.columns.filter((_, index) => !write.partitionColumns.includes(index));
}

function newTable(write: Write, name: string, work: Updating['work']): TableInput {
  const { format } = write;
  const keys = write.partitionColumns.map((index) => write.input.columns[index] as Column);
  const columns = dataColumns(write);
  const storage = STORAGE_OF_FORMAT[format.kind];
  const parameters: Record<string, string> = {
    classification: format.kind,
    typeOfData: 'file',
    compressionType: format.kind === 'parquet' ? 'none' : format.compression,
    CreatedByJob: work.jobName,
    CreatedByJobRun: work.runId,
    ...(format.kind === 'csv' && {
      delimiter: format.delimiter,
      areColumnsQuoted: String(format.quotesAllText),
      columnsOrdered: 'true',
      ...(format.hasHeader && { 'skip.header.line.count': '1' }),
    }),
  };
  const serdeParameters = {
    ...storage.SerdeInfo?.Parameters,
    ...(format.kind === 'json' && { paths: columns.map((column) => column.name).join(',') }),
  };
  const descriptor: StorageDescriptor = {
    ...storage,
    Columns: catalogColumns(columns),
    Location: `s3://${write.bucket}/${write.prefix}`,
    Compressed: parameters.compressionType !== 'none',
    NumberOfBuckets: -1,
    SerdeInfo: { ...storage.SerdeInfo, Parameters: serdeParameters },
    StoredAsSubDirectories: false,
  };
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    StorageDescriptor: descriptor,
    PartitionKeys: catalogColumns(keys),
    Parameters: parameters,
  };
}

function updateColumns(database: string, table: Table, write: Write, { catalog, work }: Updating): void {
  const columns = catalogColumns(dataColumns(write));
  const spell = (list: readonly { Name?: string | undefined; Type?: string | undefined }[]) =>
    JSON.stringify(list.map((column) => [column.Name?.toLowerCase(), column.Type]));
  if (spell(columns) === spell(table.StorageDescriptor?.Columns ?? [])) return;
  const known = new Map((table.StorageDescriptor?.Columns ?? []).map((column) => [column.Name, column]));
  const input: TableInput = {
    Name: table.Name,
    Description: table.Description,
    Owner: table.Owner,
    LastAccessTime: table.LastAccessTime,
    LastAnalyzedTime: table.LastAnalyzedTime,
    Retention: table.Retention,
    PartitionKeys: table.PartitionKeys,
    TableType: table.TableType,
    Parameters: { ...table.Parameters, UpdatedByJob: work.jobName, UpdatedByJobRun: work.runId },
    StorageDescriptor: {
      ...table.StorageDescriptor,
      // Comments and parameters of columns are people's work.
      Columns: columns.map((column) => ({ ...known.get(column.Name), ...column })),
    },
  };
  catalog.updateTable(database, input);
}

function addPartitions(write: Write, staged: Staged, database: string, name: string, catalog: Catalog): void {
  const { StorageDescriptor: descriptor } = catalog.getTable(database, name);
  const found = new Map<string, PartitionInput>();
  for (const { partitionValues } of staged.files) {
    const values = partitionValues.map((value) => value ?? DEFAULT_PARTITION);
    const folder = partitionFolder(partitionNames(write), partitionValues);
    if (found.has(folder) || catalog.findPartition(database, name, values)) continue;
    const Location = `s3://${write.bucket}/${write.prefix}${folder}`;
    found.set(folder, { Values: values, StorageDescriptor: { ...descriptor, Location } });
  }
  const inputs = [...found.values()];
  for (let at = 0; at < inputs.length; at += PARTITIONS_A_CALL) {
    const errors = catalog.createPartitions(database, name, inputs.slice(at, at + PARTITIONS_A_CALL));
    const [first] = errors;
    if (first) {
      throw new Error(
        `the partition (${first.PartitionValues?.join(', ')}) of "${name}" could not be recorded: ${first.ErrorDetail?.ErrorMessage}.`,
      );
    }
  }
}
