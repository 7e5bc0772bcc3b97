// A catalog table of files in S3: its objects, partition by partition, as scans by its SerDe.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { Duckdb } from '../../../tabular/duckdb.js';
import { csvScan } from './csv.js';
import { jsonScan } from './json.js';
import { listTableFiles, type FileGroup } from './list-files.js';
import { parquetScans } from './parquet.js';
import type { Scan, Source, SourceColumn } from './relation.js';
import { sourceColumns } from './source-columns.js';
import type { ReadTools, SourceKind } from './source-kind.js';

/** Source bytes a second that are assumed, not measured: Parquet with duplicates removed on two cores; text takes longer. */
const PARQUET_BYTES_A_SECOND = 100_000_000;
const TEXT_BYTES_A_SECOND = 60_000_000;

export const fileSource: SourceKind = {
  reads: ({ StorageDescriptor }) => /^s3[an]?:/.test(StorageDescriptor?.Location ?? ''),
  async survey(table, tools) {
    const groups = await listTableFiles(tools, table);
    const formats = groups.map(({ descriptor }) => formatOf(table, descriptor));
    const isParquet = formats.every((format) => format === 'parquet');
    const recordCount = table.Parameters?.recordCount ?? '';
    const { bytes, fileCount } = sizeOf(groups);
    return {
      ...(/^\d+$/.test(recordCount) ? { rows: Number(recordCount) } : {}),
      bytes,
      fileCount,
      bytesASecond: isParquet ? PARQUET_BYTES_A_SECOND : TEXT_BYTES_A_SECOND,
    };
  },
  // Which row groups hold the wanted rows DuckDB sees itself; text has to be read whole.
  open: openFiles,
};

async function openFiles(table: Table, tools: ReadTools): Promise<Source> {
  const groups = await listTableFiles(tools, table);
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
  return { columns, scans, ...sizeOf(groups) };
}

function sizeOf(groups: readonly FileGroup[]): { bytes: number; fileCount: number } {
  const objects = groups.flatMap((each) => each.objects);
  return { bytes: objects.reduce((sum, { size }) => sum + size, 0), fileCount: objects.length };
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
