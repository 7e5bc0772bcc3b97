// Lines of text as Parquet files in a table's folder: in pieces, so that neither memory nor disk holds them all as text.
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { GluepotError } from '../../../base/errors.js';
import { DuckdbError } from '../../../tabular/duckdb.js';
import { copyToParquet } from '../placed-rows.js';
import type { ReadTools } from './source-kind.js';

export interface LineFormat {
  /** Of the folder that the pieces are in. */
  name: string;
  /** A query of the rows in a file of lines. @param lineBytesMax no line of it is longer */
  select(path: string, lineBytesMax: number): string;
  /** What to tell people of a value that DuckDB refused. */
  explain(error: DuckdbError): GluepotError;
}

export type StagingTools = Pick<ReadTools, 'files' | 'duckdb' | 'progress' | 'signal'>;

/** Bytes of text that become one file. While one is made, the next one is gathered, and no more. */
const PIECE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/**
 * @param produce hands lines to its argument, and answers how many there were
 * @returns the paths of the files. @throws GluepotError `failed` when a value is refused, or rows are missing
 */
export async function stagePieces(
  { files, duckdb, progress, signal }: StagingTools,
  { name, select, explain }: LineFormat,
  produce: (take: (chunk: Buffer) => Promise<void>) => Promise<number>,
): Promise<string[]> {
  const folder = join(files.folder, name);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  let rows = 0;
  let piece: { path: string; file: FileHandle; bytes: number } | undefined;
  let lineBytes = 0;
  let longestLine = 0;
  let converting = Promise.resolve();

  const convert = async (text: string, path: string, lineBytesMax: number) => {
    try {
      const [written] = await duckdb.rows(copyToParquet(select(text, lineBytesMax), path), signal);
      const count = Number(written?.count ?? 0);
      rows += count;
      progress.add({ rows: count });
    } catch (error) {
      throw error instanceof DuckdbError ? explain(error) : error;
    }
    await rm(text);
  };
  const finishPiece = async () => {
    if (!piece) return;
    const { path: text, file } = piece;
    piece = undefined;
    await file.close();
    await converting;
    const path = join(folder, `rows-${paths.length}.parquet`);
    paths.push(path);
    converting = convert(text, path, longestLine);
    // Looked at before the next piece, and at the end.
    converting.catch(() => {});
    longestLine = lineBytes;
  };
  const write = async (chunk: Buffer) => {
    if (chunk.length === 0) return;
    if (!piece) {
      const path = join(folder, `rows-${paths.length}.txt`);
      piece = { path, file: await open(path, 'w'), bytes: 0 };
    }
    await piece.file.write(chunk);
    piece.bytes += chunk.length;
  };

  try {
    const count = await produce(async (chunk) => {
      signal.throwIfAborted();
      const last = chunk.lastIndexOf(NEWLINE);
      longestLine = Math.max(longestLine, lineBytes + chunk.length);
      lineBytes = last < 0 ? lineBytes + chunk.length : chunk.length - last - 1;
      if (last < 0 || (piece?.bytes ?? 0) + last < PIECE_BYTES) return write(chunk);
      await write(chunk.subarray(0, last + 1));
      await finishPiece();
      await write(chunk.subarray(last + 1));
    });
    await finishPiece();
    await converting;
    if (rows === count) return paths;
    throw new GluepotError(
      'failed',
      `${count} rows came, and ${rows} of them were read. Nothing was written; run it again.`,
    );
  } finally {
    await piece?.file.close();
    await converting.catch(() => {});
  }
}
