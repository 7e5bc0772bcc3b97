// How files of text are compressed, told by their first bytes, as DuckDB calls it.
import { open } from 'node:fs/promises';
import { GluepotError } from '../../../base/errors.js';
import { detectCompression } from '../../../tabular/compression.js';
import { requireWholeGzip } from '../../../tabular/gzip-check.js';

const MAGIC_BYTES = 16;

/** One that all files have. @throws GluepotError `unsupported` for another, or several; `failed` for a gzip file cut short */
export async function textCompression(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<'uncompressed' | 'gzip' | 'zstd'> {
  const found = new Set<string>();
  for (const path of paths) {
    const start = Buffer.alloc(MAGIC_BYTES);
    const handle = await open(path, 'r');
    const { bytesRead } = await handle.read(start).finally(() => handle.close());
    const compression = detectCompression(start.subarray(0, bytesRead));
    // DuckDB takes one that is cut short for a whole one.
    if (compression === 'gzip') await requireWholeGzip({ path, uri: path }, signal);
    found.add(compression);
  }
  const [compression = 'none', ...others] = found;
  if (others.length === 0) {
    if (compression === 'none') return 'uncompressed';
    if (compression === 'gzip' || compression === 'zstd') return compression;
  }
  throw new GluepotError(
    'unsupported',
    `The files are compressed with ${[...found].join(' and ')}. None, gzip or zstd can be read, one for all files of a folder.`,
  );
}
