// What targets have in common: where files go, in which folders, how many, and what the catalog is told.
import type { AutoDataQuality, DirectSchemaChangePolicy, Table } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import type { OutputFormat } from '../plan/file-format.js';
import { indexOfName, resolvePath } from '../plan/fields.js';
import type { CatalogUpdate, Relation, Write } from '../plan/plan.js';
import type { NodeContext } from './node-kind.js';
import { writingFormat } from './table-format.js';

const PARQUET_COMPRESSIONS: Readonly<
  Record<string, Extract<OutputFormat, { kind: 'parquet' }>['compression']>
> = {
  none: 'uncompressed',
  uncompressed: 'uncompressed',
  snappy: 'snappy',
  gzip: 'gzip',
  lz4: 'lz4',
  brotli: 'brotli',
  zstd: 'zstd',
};

/** @throws Error when the compression cannot be written; AWS Glue's default is snappy. */
export function parquetCompression(text: string | undefined) {
  const compression = PARQUET_COMPRESSIONS[(text || 'snappy').toLowerCase()];
  if (compression) return compression;
  throw new Error(
    `Compression "${text}" is not supported for Parquet; use ${Object.keys(PARQUET_COMPRESSIONS).join(', ')}.`,
  );
}

/** @throws Error when the compression cannot be written; AWS Glue's default is none. */
export function textCompression(text: string | undefined): 'none' | 'gzip' {
  const compression = (text || 'none').toLowerCase();
  if (compression === 'none' || compression === 'uncompressed') return 'none';
  if (compression === 'gzip') return 'gzip';
  throw new Error(`Compression "${text}" is not supported for text files; use none or gzip.`);
}

/** What of a target that writes to a folder decides where its files go, and what the catalog is told. */
interface FolderTarget {
  Path: string | undefined;
  PartitionKeys?: string[][] | undefined;
  NumberTargetPartitions?: string | undefined;
  SchemaChangePolicy?: DirectSchemaChangePolicy | undefined;
  AutoDataQuality?: AutoDataQuality | undefined;
}

/** @throws Error when a part of the target means nothing here, or cannot be written */
export function writeToFolder(
  target: FolderTarget,
  input: Relation,
  format: OutputFormat,
  context: NodeContext,
): Write {
  mentionDataQuality(target.AutoDataQuality, context);
  refuseTwins(input);
  const write = { input, format, partitionColumns: partitionColumns(input, target.PartitionKeys) };
  return {
    node: context.name,
    ...write,
    ...outputFolder(target.Path, context),
    ...targetFileCount(target.NumberTargetPartitions),
    ...directCatalogUpdate(target.SchemaChangePolicy, write, context),
  };
}

/** Bucket and key prefix of a folder. @throws Error when it is no S3 path or its bucket does not exist */
export function outputFolder(
  path: string | undefined,
  context: NodeContext,
): Pick<Write, 'bucket' | 'prefix'> {
  const place = parseS3Uri(path ?? '');
  if (!place) throw new Error(`Path "${path}" is not an S3 path; write it as s3://bucket/folder/.`);
  if (!context.storage.hasBucket(place.bucket)) {
    throw new Error(`the bucket of ${path} does not exist: "${place.bucket}".`);
  }
  const prefix = place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/`;
  return { bucket: place.bucket, prefix };
}

/** Indexes of the columns by which files are put into folders. */
export function partitionColumns(input: Relation, keys: string[][] | undefined): number[] {
  const indexes = (keys ?? []).map((path) => {
    const [name, ...rest] = resolvePath(input.columns, path);
    const index = rest.length === 0 ? indexOfName(input.columns, name ?? '') : -1;
    if (index < 0) throw new Error(`PartitionKeys names "${path.join('.')}", which is no column.`);
    if (input.columns[index]?.type.kind !== 'primitive') {
      throw new Error(`PartitionKeys names "${path.join('.')}", which is nested.`);
    }
    return index;
  });
  if (new Set(indexes).size < indexes.length) throw new Error('PartitionKeys names a column twice.');
  if (indexes.length > 0 && indexes.length === input.columns.length) {
    throw new Error('PartitionKeys names every column, so that no column is left for the files.');
  }
  return indexes;
}

function targetFileCount(text: string | undefined): Pick<Write, 'fileCount'> {
  if (text === undefined || text === '' || text === '0') return {};
  const fileCount = Number(text);
  if (Number.isInteger(fileCount) && fileCount >= 1 && fileCount <= 1000) return { fileCount };
  throw new Error(`NumberTargetPartitions "${text}" is not a number from 1 to 1000.`);
}

/**
 * AWS docs: without EnableUpdateCatalog the Data Catalog is left alone.
 * @throws Error when the database does not exist or the table is of another format or other partition keys
 */
function directCatalogUpdate(
  policy: DirectSchemaChangePolicy | undefined,
  write: Pick<Write, 'input' | 'format' | 'partitionColumns'>,
  context: NodeContext,
): { catalogUpdate?: CatalogUpdate } {
  if (!policy?.EnableUpdateCatalog) return {};
  const { Database: database, Table: table, UpdateBehavior } = policy;
  if (!database || !table) {
    throw new Error('SchemaChangePolicy has EnableUpdateCatalog, so it needs Database and Table.');
  }
  const known = context.catalog.findTable(database, table);
  if (known) requireAgreement(known, write);
  else context.catalog.getDatabase(database);
  return { catalogUpdate: { database, table, updatesSchema: UpdateBehavior !== 'LOG' } };
}

function requireAgreement(table: Table, write: Pick<Write, 'input' | 'format' | 'partitionColumns'>): void {
  const { kind } = writingFormat(table);
  if (kind !== write.format.kind) {
    throw new Error(`the table "${table.Name}" holds ${kind}, and the target writes ${write.format.kind}.`);
  }
  const own = (table.PartitionKeys ?? []).map((key) => key.Name?.toLowerCase());
  const keys = write.partitionColumns.map((index) => write.input.columns[index]?.name.toLowerCase());
  if (own.join('/') !== keys.join('/')) {
    throw new Error(
      `the table "${table.Name}" is partitioned by (${own.join(', ')}), and the target by (${keys.join(', ')}).`,
    );
  }
}

/** Data quality is a report beside the data, which is written in either case. */
export function mentionDataQuality(quality: AutoDataQuality | undefined, context: NodeContext): void {
  if (!quality?.IsEnabled) return;
  context.log(`Node "${context.name}": AutoDataQuality is enabled, but data quality is not evaluated here.`);
}

/** @throws Error when two columns differ at most in case, as Spark does: no reader could tell them apart. */
export function refuseTwins(input: Relation): void {
  const seen = new Map<string, string>();
  for (const { name } of input.columns) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      throw new Error(`its input has the columns "${twin}" and "${name}"; rename or drop one of them.`);
    }
    seen.set(name.toLowerCase(), name);
  }
}
