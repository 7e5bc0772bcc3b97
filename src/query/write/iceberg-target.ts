// An Iceberg table that rows are written into: its columns, and how its files and partitions are to be.
import type { Table } from '@aws-sdk/client-glue';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { NewDataFile } from '../../tabular/iceberg/append-snapshot.js';
import type { ExactMetadata } from '../../tabular/iceberg/exact-metadata.js';
import type { IcebergField } from '../../tabular/iceberg/iceberg-schema.js';
import type { StatementRun } from '../execution/statement-run.js';
import type { TrinoType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { readIcebergVersion } from './iceberg-commit.js';
import { fieldIdsOption, icebergColumns, requiredValues } from './iceberg-columns.js';
import { icebergPartitioning, partitionValues, type IcebergPartitioning } from './iceberg-partitions.js';
import { type OutputFormat, parquetFormat } from './output-format.js';
import type { PublishedFile } from './publish-files.js';
import { rowCountsOf } from './row-counts.js';
import type { OutputColumn } from './stage-files.js';

export interface IcebergTarget {
  database: string;
  name: string;
  metadata: ExactMetadata;
  fields: readonly IcebergField[];
  columns: readonly { name: string; type: TrinoType }[];
}

/** @throws QueryFailure for metadata that is not there, other versions than 2, and types that cannot be written */
export function openIcebergTarget(table: Table, storage: ObjectStorage): IcebergTarget {
  const { metadata } = readIcebergVersion(table, storage);
  const database = table.DatabaseName as string;
  const name = table.Name as string;
  const fields = currentFields(metadata, `${database}.${name}`);
  return { database, name, metadata, fields, columns: icebergColumns(fields, `${database}.${name}`) };
}

export interface WrittenInto {
  columns: OutputColumn[];
  keys: OutputColumn[];
  format: OutputFormat;
  folderOf(): string;
  partition: IcebergPartitioning['partition'];
}

/** How rows with these values become files of the table. @throws QueryFailure for what cannot be written */
export function writtenInto(
  { database, name, metadata, fields, columns }: IcebergTarget,
  values: readonly OutputColumn[],
): WrittenInto {
  const required = requiredValues(values, fields);
  const spec = metadata['partition-specs'].find((each) => each['spec-id'] === metadata['default-spec-id']);
  const { partition, keys } = icebergPartitioning(spec?.fields ?? [], fields, required);
  return {
    columns: required,
    keys,
    format: { ...icebergFormat(metadata, `${database}.${name}`), fieldIds: fieldIdsOption(columns, fields) },
    folderOf: () => dataFolder(metadata),
    partition,
  };
}

const dataFolder = ({ location }: ExactMetadata): string => `${location}/data/`;

/** Files that were written, as manifests tell of them. */
export async function dataFilesOf(
  files: readonly PublishedFile[],
  partition: IcebergPartitioning['partition'],
  run: StatementRun,
): Promise<NewDataFile[]> {
  const rowCounts = await rowCountsOf(files, run);
  return files.map(({ location, size, values }) => ({
    location,
    size,
    rowCount: rowCounts.get(location) as number,
    partition: partitionValues(values, partition),
  }));
}

function currentFields(metadata: ExactMetadata, full: string): IcebergField[] {
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id']);
  if (schema) return schema.fields;
  throw new QueryFailure(`ICEBERG_INVALID_METADATA: Table ${full} has no current schema in its metadata`);
}

/** AWS docs, Creating Iceberg tables: `format` and `write_compression`; Iceberg's own names of them as well. */
function icebergFormat({ properties = {} }: ExactMetadata, full: string) {
  const format = properties.format ?? properties['write.format.default'] ?? 'parquet';
  if (!/^parquet$/i.test(format)) {
    throw new QueryFailure(
      `NOT_SUPPORTED: ${full} keeps its rows in the format ${format}, which queries cannot write into an Iceberg table here; Parquet can be written`,
    );
  }
  return parquetFormat(
    properties.write_compression ?? properties['write.parquet.compression-codec'] ?? ICEBERG_COMPRESSION,
  );
}

/** AWS docs, Compression support: what Iceberg tables are written with when nothing is said. */
export const ICEBERG_COMPRESSION = 'ZSTD';
