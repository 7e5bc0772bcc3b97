// The objects of a plan as files that DuckDB opens: where they lie, how they are compressed, what Parquet says of itself.
import { closeSync, openSync, readSync } from 'node:fs';
import type { ObjectStorage } from '../../../storage/object-storage.js';
import { detectCompression } from '../../../tabular/compression.js';
import { DuckdbError, type Duckdb } from '../../../tabular/duckdb.js';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { Relation, ScanFile } from '../../plan/plan.js';
import { scansOf } from './scans-of.js';
import type { LocalFile } from './scan-sql.js';

export interface LocalFiles {
  local: (file: ScanFile) => LocalFile;
  /** Learns what the Parquet files below `relation` contain; needed before SQL is made of it. */
  prepare(relation: Relation): Promise<void>;
  /** Learns what Parquet files contain. */
  prepareParquet(files: readonly ScanFile[]): Promise<void>;
  /** Every gzip file that was asked for. */
  gzipFiles(): { path: string; uri: string }[];
  /** The error with objects in place of files. */
  explain(error: unknown): unknown;
}

const MAGIC_BYTES = 16;

export function openLocalFiles(storage: ObjectStorage, duckdb: Duckdb, signal: AbortSignal): LocalFiles {
  const known = new Map<string, LocalFile>();
  const uris = new Map<string, string>();

  const local = (file: ScanFile): LocalFile => {
    const uri = uriOf(file);
    let found = known.get(uri);
    if (!found) {
      const path = storage.path(file.bucket, file.key);
      known.set(uri, (found = { path, compression: compressionOf(path, uri) }));
      uris.set(path, uri);
    }
    return found;
  };

  const explain = (error: unknown): unknown => {
    if (!(error instanceof DuckdbError)) return error;
    let message = error.message;
    for (const [path, uri] of uris) if (message.includes(path)) message = message.replaceAll(path, uri);
    return message === error.message ? error : new DuckdbError(message, { cause: error });
  };

  async function prepareParquet(files: readonly ScanFile[]): Promise<void> {
    const unread = files.map(local).filter((file) => !file.parquetColumns);
    const alike = new Map<string, LocalFile[]>();
    for (const [path, signature] of await signatures(unread)) {
      const file = unread.find((each) => each.path === path) as LocalFile;
      alike.set(signature, [...(alike.get(signature) ?? []), file]);
    }
    for (const group of alike.values()) {
      const columns = await describe((group[0] as LocalFile).path);
      for (const file of group) file.parquetColumns = columns;
    }
  }

  /** Files with the same footer schema need to be described once. */
  async function signatures(files: readonly LocalFile[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (files.length === 0) return found;
    const paths = files.map((file) => duckdbText(file.path)).join(', ');
    const query =
      'SELECT file_name, name, type, type_length, num_children, converted_type, scale, "precision", logical_type ' +
      `FROM parquet_schema([${paths}])`;
    for await (const rows of duckdb.chunks(query, signal)) {
      for (const { file_name: path, ...element } of rows) {
        const known = found.get(path as string) ?? '';
        found.set(path as string, known + JSON.stringify(element));
      }
    }
    return found;
  }

  async function describe(path: string): Promise<LocalFile['parquetColumns']> {
    const rows = await duckdb.rows(
      `DESCRIBE SELECT * FROM read_parquet([${duckdbText(path)}], hive_partitioning = false)`,
      signal,
    );
    return rows.map((row) => ({ name: row.column_name as string, type: row.column_type as string }));
  }

  return {
    local,
    explain,
    prepareParquet,
    async prepare(relation) {
      const scans = scansOf(relation).filter((scan) => scan.format.kind === 'parquet');
      for (const scan of scans) await prepareParquet(scan.groups.flat());
    },
    gzipFiles: () =>
      [...known]
        .filter(([, file]) => file.compression === 'gzip')
        .map(([uri, file]) => ({ path: file.path, uri })),
  };
}

export function uriOf(file: Pick<ScanFile, 'bucket' | 'key'>): string {
  return `s3://${file.bucket}/${file.key}`;
}

/** AWS Glue reads gzip and bzip2 by the file's own word; DuckDB has no bzip2, and reads a cut zstd file as if whole. */
function compressionOf(path: string, uri: string): LocalFile['compression'] {
  const start = Buffer.alloc(MAGIC_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    const compression = detectCompression(start.subarray(0, readSync(descriptor, start)));
    if (compression === 'none') return 'uncompressed';
    if (compression === 'gzip') return compression;
    throw new Error(`${uri} is compressed with ${compression}, which jobs cannot read; use gzip or none.`);
  } finally {
    closeSync(descriptor);
  }
}
