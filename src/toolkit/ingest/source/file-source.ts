// A catalog table of files in S3: its objects, of all partitions, as scans of those that are read alike.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { s3Uri } from '../s3-place.js';
import { csvScan } from './csv.js';
import { AVRO, ORC } from '../../../tabular/decoded-format.js';
import { decodedScans, type DecodedFile } from './decoded-files.js';
import { fileFormatOf, type FileFormat } from './file-format.js';
import { jsonScan } from './json.js';
import { listTableFiles, type FileGroup } from './list-files.js';
import { parquetScans } from './parquet.js';
import type { Scan, Source, SourceColumn } from './relation.js';
import { sourceColumns } from './source-columns.js';
import type { ReadTools, SourceKind } from './source-kind.js';
import { stageText } from './stage-text.js';
import { textCompression, type TextCompression } from './text-compression.js';

/**
 * Stored bytes a second, rounded down. Parquet: 10 million rows of 14 columns with duplicates removed on two cores. The others: the
 * processor time of a load of 400,000 rows of 6 columns, as one core would take it; Avro with deflate, ORC with zlib. What is
 * compressed better takes longer for its bytes.
 */
const BYTES_A_SECOND: Readonly<Record<FileFormat, number>> = {
  parquet: 100_000_000,
  json: 25_000_000,
  csv: 25_000_000,
  avro: 3_500_000,
  orc: 1_300_000,
};

export const fileSource: SourceKind = {
  reads: ({ StorageDescriptor }) => /^s3[an]?:/.test(StorageDescriptor?.Location ?? ''),
  async survey(table, tools) {
    const groups = await listTableFiles(tools, table);
    const rates = groups.map(({ descriptor }) => BYTES_A_SECOND[fileFormatOf(table, descriptor)]);
    const recordCount = table.Parameters?.recordCount ?? '';
    return {
      ...(/^\d+$/.test(recordCount) ? { rows: Number(recordCount) } : {}),
      ...sizeOf(groups),
      bytesASecond: Math.min(...rates, BYTES_A_SECOND.parquet),
    };
  },
  // Which row groups hold the wanted rows DuckDB sees itself; other formats have to be read whole.
  open: openFiles,
};

async function openFiles(table: Table, tools: ReadTools): Promise<Source> {
  const groups = await listTableFiles(tools, table);
  const columns = sourceColumns(table);
  const keyCount = table.PartitionKeys?.length ?? 0;
  const own = columns.slice(0, columns.length - keyCount);
  const keys = columns.slice(columns.length - keyCount);
  const scans: Scan[] = [];
  const texts: Parameters<typeof stageText>[2][number][] = [];
  for (const batch of await batchesOf(table, groups, tools)) {
    if (batch.format === 'csv' || batch.format === 'json') texts.push(textScan(table, batch, { own, keys }));
    else scans.push(...(await scansOf(table, batch, batch.format, { own, keys }, tools)));
  }
  const source = { columns, ...sizeOf(groups) };
  if (texts.length === 0) return { ...source, scans };
  const { scan, warnings } = await stageText(`${table.DatabaseName}.${table.Name}`, columns, texts, tools);
  return { ...source, scans: [...scans, scan], warnings };
}

function sizeOf(groups: readonly FileGroup[]): { bytes: number; fileCount: number } {
  const objects = groups.flatMap((each) => each.objects);
  return { bytes: objects.reduce((sum, { size }) => sum + size, 0), fileCount: objects.length };
}

/** Files of any partitions that one statement can read. */
interface Batch {
  format: FileFormat;
  descriptor: StorageDescriptor;
  compression: TextCompression;
  files: DecodedFile[];
}

async function batchesOf(table: Table, groups: readonly FileGroup[], tools: ReadTools): Promise<Batch[]> {
  const batches = new Map<string, Batch>();
  for (const { descriptor, values, objects } of groups) {
    const format = fileFormatOf(table, descriptor);
    const paths = await tools.files.fetch(objects);
    for (const [index, object] of objects.entries()) {
      const file = { path: paths[index] as string, uri: s3Uri(object), values };
      const isText = format === 'csv' || format === 'json';
      const compression = isText ? await textCompression(file, tools.signal) : 'uncompressed';
      const serde = format === 'parquet' ? undefined : descriptor.SerdeInfo?.Parameters;
      const inFile = format === 'csv' ? [descriptor.SerdeInfo?.SerializationLibrary, descriptor.Columns] : [];
      const key = JSON.stringify([format, compression, inFile, Object.entries(serde ?? {}).sort()]);
      const batch = batches.get(key) ?? { format, descriptor, compression, files: [] };
      batch.files.push(file);
      batches.set(key, batch);
    }
  }
  return [...batches.values()];
}

interface Columns {
  /** Of the files. */
  own: readonly SourceColumn[];
  /** Of the partitions, behind them. */
  keys: readonly SourceColumn[];
}

function withKeys<Any extends Scan>(scan: Any, files: readonly DecodedFile[], { keys }: Columns): Any {
  const values = keys.map((_, index) => partitionValue(files.map(({ values: each }) => each[index])));
  return { ...scan, values: [...scan.values, ...values] };
}

function textScan(table: Table, { format, descriptor, compression, files }: Batch, columns: Columns) {
  const from = { paths: files.map(({ path }) => path), compression };
  const scan =
    format === 'json'
      ? jsonScan(descriptor, columns.own, from)
      : csvScan(table, descriptor, columns.own, from);
  return { ...withKeys(scan, files, columns), files };
}

async function scansOf(
  table: Table,
  { descriptor, files }: Batch,
  format: Exclude<FileFormat, 'csv' | 'json'>,
  columns: Columns,
  tools: ReadTools,
): Promise<Scan[]> {
  const parameters = descriptor.SerdeInfo?.Parameters ?? {};
  const { own, keys } = columns;
  const decoded = { table: `${table.DatabaseName}.${table.Name}`, columns: own, keys };
  switch (format) {
    case 'parquet': {
      const scans = await parquetScans(own, { ...tools, paths: files.map(({ path }) => path) });
      return scans.map((scan) => withKeys(scan, files, columns));
    }
    case 'avro':
      return decodedScans(AVRO, files, { ...decoded, isByPlace: false }, tools);
    case 'orc': {
      // AWS docs, "Handling schema updates": ORC is read by index unless the SerDe is told otherwise.
      const isByPlace = parameters['orc.column.index.access']?.toLowerCase() !== 'false';
      return decodedScans(ORC, files, { ...decoded, isByPlace }, tools);
    }
  }
}

/** The value that a row has of its file's partition. */
function partitionValue(ofFiles: readonly (string | null | undefined)[]): string {
  const literals = ofFiles.map((value) =>
    value === null || value === undefined ? 'NULL' : duckdbText(value),
  );
  const [first = 'NULL', ...others] = literals;
  if (others.every((each) => each === first)) return first;
  return `list_extract(CAST([${literals.join(', ')}] AS VARCHAR[]), CAST(file_index AS BIGINT) + 1)`;
}
