// DuckDB takes a gzip file that is cut short for a whole one, so these are read to their end once before.
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../base/errors.js';

const CHUNK_BYTES = 1024 * 1024;

/** @throws Error naming the file that is not a whole gzip file and what is wrong with it */
export async function requireWholeGzip(
  file: { path: string; uri: string },
  signal: AbortSignal,
): Promise<void> {
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(
      createReadStream(file.path, { highWaterMark: CHUNK_BYTES }),
      createGunzip({ chunkSize: CHUNK_BYTES }),
      discard,
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${file.uri} is not a whole gzip file: ${messageOf(error)}.`, { cause: error });
  }
}
