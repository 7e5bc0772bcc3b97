// The actions in the files of a Delta log: lines of JSON in commits, rows of Parquet in checkpoints.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { messageOf } from '../../base/errors.js';
import { AwsError } from '../../wire/aws-error.js';
import { DeltaError, type DeltaLogFiles } from './delta-log.js';

export interface DeltaAction {
  commitInfo?: { timestamp?: number; inCommitTimestamp?: number } | null;
  protocol?: { minReaderVersion: number; readerFeatures?: string[] | null } | null;
  metaData?: {
    schemaString: string;
    partitionColumns?: string[];
    configuration?: Record<string, string> | null;
  } | null;
  add?: DeltaFile | null;
  remove?: Pick<DeltaFile, 'path' | 'deletionVector'> | null;
  /** Of a checkpoint: a file in `_sidecars/` with more of its actions. */
  sidecar?: { path: string } | null;
}

export interface DeltaFile {
  /** URL-encoded; relative to the table, or a whole URL. */
  path: string;
  partitionValues?: Record<string, string | null> | null;
  deletionVector?: { pathOrInlineDv?: string; offset?: number | null } | null;
}

export type ActionKind = keyof DeltaAction;

/** Rows of a checkpoint that are held at once. */
const ROWS_AT_ONCE = 10_000;

// Snappy and no compression are hyparquet's own.
const COMPRESSORS = {
  GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)),
  BROTLI: (input: Uint8Array) => new Uint8Array(brotliDecompressSync(input)),
};

/** The actions of the file `name`, those of `kinds` at least, in its order. @throws DeltaError, AwsError of who may not read it */
export async function* readActions(
  log: DeltaLogFiles,
  name: string,
  kinds: readonly ActionKind[],
): AsyncGenerator<DeltaAction> {
  try {
    if (name.endsWith('.json')) yield* readLines(log.pathOf(name));
    else yield* readRows(log.pathOf(name), kinds);
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new DeltaError(`_delta_log/${name} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function* readLines(path: string): AsyncGenerator<DeltaAction> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line.trim() !== '') yield JSON.parse(line) as DeltaAction;
  }
}

async function* readRows(path: string, kinds: readonly ActionKind[]): AsyncGenerator<DeltaAction> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const present = new Set(metadata.schema.map((element) => element.name));
  const columns = kinds.filter((kind) => present.has(kind));
  const rowCount = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rowCount; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rowCount, rowStart + ROWS_AT_ONCE);
    yield* (await parquetReadObjects({
      file,
      metadata,
      columns,
      rowStart,
      rowEnd,
      compressors: COMPRESSORS,
    })) as DeltaAction[];
  }
}
