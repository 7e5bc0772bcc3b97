// A catalog table of files: its objects, partition by partition, as scans by its SerDe.
import {
  paginateGetPartitions,
  type GlueClient,
  type StorageDescriptor,
  type Table,
} from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { GluepotError } from '../../../base/errors.js';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import { tableFormatOf } from '../../../change/index.js';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { Duckdb } from '../../../tabular/duckdb.js';
import { parseHiveType } from '../../../tabular/hive-type.js';
import { duckdbTypeOf } from '../duckdb-type.js';
import type { LocalFiles } from '../local-files.js';
import { listDataFiles, parseS3Place, type S3Object } from '../s3-place.js';
import { csvScan } from './csv.js';
import { jsonScan } from './json.js';
import { parquetScans } from './parquet.js';
import type { Scan, Source, SourceColumn } from './relation.js';

const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';
const LISTS_AT_ONCE = 16;

export interface FileGroup {
  descriptor: StorageDescriptor;
  /** Null for Hive's default partition. */
  values: (string | null)[];
  objects: S3Object[];
}

/** The files of a table. @throws GluepotError `unsupported` for a table that is not plain files */
export async function listTableFiles(glue: GlueClient, s3: S3Client, table: Table): Promise<FileGroup[]> {
  const name = `${table.DatabaseName}.${table.Name}`;
  const format = tableFormatOf(table);
  if (format)
    throw new GluepotError('unsupported', `${name} is a table of type ${format}, which is not read yet.`);
  const descriptor = table.StorageDescriptor ?? {};
  if (!table.PartitionKeys?.length) return [await group(s3, name, descriptor, [])];
  if (table.Parameters?.['projection.enabled']?.toLowerCase() === 'true') {
    throw new GluepotError('unsupported', `${name} has projected partitions, which are not read yet.`);
  }
  const partitions: { descriptor: StorageDescriptor; values: (string | null)[] }[] = [];
  const pages = paginateGetPartitions(
    { client: glue },
    { DatabaseName: table.DatabaseName, TableName: table.Name, ExcludeColumnSchema: false },
  );
  for await (const { Partitions = [] } of pages) {
    for (const { StorageDescriptor: own = {}, Values = [] } of Partitions) {
      partitions.push({
        descriptor: { ...descriptor, ...own, SerdeInfo: own.SerdeInfo ?? descriptor.SerdeInfo },
        values: Values.map((value) => (value === DEFAULT_PARTITION ? null : value)),
      });
    }
  }
  return mapConcurrently(partitions, LISTS_AT_ONCE, (each) => group(s3, name, each.descriptor, each.values));
}

async function group(
  s3: S3Client,
  table: string,
  descriptor: StorageDescriptor,
  values: (string | null)[],
): Promise<FileGroup> {
  const place = parseS3Place(descriptor.Location ?? '', `The location of ${table}`);
  return { descriptor, values, objects: await listDataFiles(s3, place) };
}

/** Columns of a table, partition keys behind the others. @throws GluepotError `unsupported` for a type that is not read */
export function sourceColumns(table: Table): SourceColumn[] {
  return [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])].map(
    ({ Name = '', Type = 'string' }) => ({
      name: Name.toLowerCase(),
      hiveType: Type,
      duckdbType: duckdbTypeOf(parseHiveType(Type)),
    }),
  );
}

export async function openFileSource(
  table: Table,
  groups: readonly FileGroup[],
  tools: { files: LocalFiles; duckdb: Duckdb; signal: AbortSignal },
): Promise<Source> {
  const columns = sourceColumns(table);
  const keyCount = table.PartitionKeys?.length ?? 0;
  const scans: Scan[] = [];
  for (const { descriptor, values, objects } of groups) {
    const format = formatOf(table, descriptor);
    if (objects.length === 0) continue;
    const paths = await tools.files.fetch(objects);
    const own = columns.slice(0, columns.length - keyCount);
    const keys = values.map((value) => (value === null ? 'NULL' : duckdbText(value)));
    for (const scan of await scansOf(format, table, descriptor, own, { ...tools, paths })) {
      scans.push({ ...scan, values: [...scan.values, ...keys] });
    }
  }
  const objects = groups.flatMap((each) => each.objects);
  return {
    columns,
    scans,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
    fileCount: objects.length,
  };
}

type FileFormat = 'parquet' | 'json' | 'csv';

/** @throws GluepotError `unsupported` for what is not read */
function formatOf(table: Table, descriptor: StorageDescriptor): FileFormat {
  const library = descriptor.SerdeInfo?.SerializationLibrary ?? '';
  if (/parquet/i.test(library)) return 'parquet';
  if (/json/i.test(library)) return 'json';
  if (/OpenCSVSerde|LazySimpleSerDe|MetadataTypedColumnsetSerDe/.test(library)) return 'csv';
  throw new GluepotError(
    'unsupported',
    `${table.DatabaseName}.${table.Name} has the SerDe ${JSON.stringify(library)}. CSV, JSON and Parquet can be ingested; ` +
      'exclude the table or convert it.',
  );
}

async function scansOf(
  format: FileFormat,
  table: Table,
  descriptor: StorageDescriptor,
  columns: readonly SourceColumn[],
  tools: { paths: string[]; duckdb: Duckdb; signal: AbortSignal },
): Promise<Scan[]> {
  if (format === 'parquet') return parquetScans(columns, tools);
  if (format === 'json') return [await jsonScan(descriptor, columns, tools)];
  return [await csvScan(table, descriptor, columns, tools)];
}
