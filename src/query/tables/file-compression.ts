// How a file of text is compressed, told by its first bytes; a gzip file that is cut short is found here.
import { open } from 'node:fs/promises';
import { detectCompression } from '../../tabular/compression.js';
import { requireWholeGzip } from '../../tabular/gzip-check.js';
import { messageOf } from '../../base/errors.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { TableFile } from './table-files.js';

/** As DuckDB calls it. */
export type FileCompression = 'uncompressed' | 'gzip' | 'zstd';

const MAGIC_BYTES = 16;

/** @throws QueryFailure for a compression that cannot be read here, and for a broken gzip file */
export async function fileCompression(file: TableFile, signal: AbortSignal): Promise<FileCompression> {
  const uri = `s3://${file.bucket}/${file.key}`;
  const start = Buffer.alloc(MAGIC_BYTES);
  const handle = await open(file.path, 'r');
  const { bytesRead } = await handle.read(start).finally(() => handle.close());
  const compression = detectCompression(start.subarray(0, bytesRead));
  switch (compression) {
    case 'none':
      return 'uncompressed';
    case 'zstd':
      return 'zstd';
    case 'gzip':
      // DuckDB takes one that is cut short for a whole one.
      await requireWholeGzip({ path: file.path, uri }, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new QueryFailure(`HIVE_CURSOR_ERROR: ${messageOf(error)}`, 'execution', 2, 1000, {
          cause: error,
        });
      });
      return 'gzip';
    default:
      throw new QueryFailure(
        `NOT_SUPPORTED: ${uri} is compressed with ${compression}, which queries cannot read here; gzip, zstd and none can be read`,
      );
  }
}
