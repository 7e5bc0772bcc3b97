// How a file of text is compressed, told by its first bytes, as DuckDB calls it.
import { open } from 'node:fs/promises';
import { GluepotError } from '../../../base/errors.js';
import { detectCompression } from '../../../tabular/compression.js';
import { requireWholeGzip } from '../../../tabular/gzip-check.js';

const MAGIC_BYTES = 16;

export type TextCompression = 'uncompressed' | 'gzip' | 'zstd';

/** @throws GluepotError `unsupported` for another; `failed` for a gzip file cut short */
export async function textCompression(
  { path, uri }: { path: string; uri: string },
  signal: AbortSignal,
): Promise<TextCompression> {
  const start = Buffer.alloc(MAGIC_BYTES);
  const handle = await open(path, 'r');
  const { bytesRead } = await handle.read(start).finally(() => handle.close());
  const compression = detectCompression(start.subarray(0, bytesRead));
  if (compression === 'none') return 'uncompressed';
  if (compression === 'zstd') return compression;
  if (compression === 'gzip') {
    // DuckDB takes one that is cut short for a whole one.
    await requireWholeGzip({ path, uri }, signal);
    return compression;
  }
  throw new GluepotError(
    'unsupported',
    `${uri} is compressed with ${compression}. None, gzip or zstd can be read in files of text.`,
  );
}
