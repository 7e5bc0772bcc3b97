// Objects as files that DuckDB can read: linked where the bytes lie on this disk, else streamed into a folder.
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { asGluepotError } from '../../aws/aws-failure.js';
import { uploadObject, type ByteRange } from '../../aws/large-objects.js';
import { GluepotError, systemErrorCode } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { s3Uri } from './s3-place.js';

const TRANSFERS_AT_ONCE = 8;
/** Read at a time: small pieces cost more than what is done with them. */
const CHUNK_BYTES = 1024 * 1024;

/** Where an object's bytes lie on this disk, if they do. */
export type FindOnDisk = (object: { bucket: string; key: string }) => string | undefined;

/** Makes a finished file the object's content without reading it; the file is gone behind it. */
export type AdoptFile = (
  path: string,
  to: { bucket: string; key: string; contentType: string },
) => Promise<void>;

const CONTENT_TYPE = 'application/vnd.apache.parquet';

export interface LocalFiles {
  /** Folder of this table's run, for what it writes before it is uploaded. */
  readonly folder: string;
  /** Paths in the order of the objects. */
  fetch(objects: readonly { bucket: string; key: string }[]): Promise<string[]>;
  /** Puts a file into a bucket, whole or not at all; it may be gone behind that. Answers its bytes. */
  upload(path: string, to: { bucket: string; key: string }): Promise<number>;
  /** A message in which the paths of fetched files are the addresses of their objects. */
  inWords(message: string): string;
  /** Removes all that was fetched or written. */
  clear(): Promise<void>;
}

export async function openLocalFiles(
  s3: S3Client,
  folder: string,
  options: {
    onDisk?: FindOnDisk | undefined;
    adoptFile?: AdoptFile | undefined;
    /** Told of bytes as they are fetched or uploaded. */
    onBytes?: (count: number) => void;
    signal: AbortSignal;
  },
): Promise<LocalFiles> {
  const { signal, onBytes = () => {} } = options;
  await mkdir(folder, { recursive: true });
  const fetched = new Map<string, Promise<string>>();
  const addressOf = new Map<string, string>();

  const download = async ({ bucket, key }: { bucket: string; key: string }, path: string) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
        abortSignal: signal,
      });
      await pipeline(Body as Readable, counting(onBytes), createWriteStream(path), { signal });
    } catch (error) {
      signal.throwIfAborted();
      const { kind, message } = asGluepotError(error);
      throw new GluepotError(kind, `${s3Uri({ bucket, key })} cannot be read: ${message}`, { cause: error });
    }
    return path;
  };
  // A second name of the file: an object that is replaced meanwhile stays what it was for this run.
  const obtain = async (object: { bucket: string; key: string }, path: string) => {
    const found = options.onDisk?.(object);
    if (found === undefined) return download(object, path);
    try {
      await link(found, path);
      onBytes((await stat(path)).size);
      return path;
    } catch (error) {
      if (!['EXDEV', 'ENOENT', 'EPERM', 'EMLINK'].includes(systemErrorCode(error) ?? '')) throw error;
      return download(object, path);
    }
  };
  return {
    folder,
    fetch(objects) {
      return mapConcurrently(objects, TRANSFERS_AT_ONCE, (object) => {
        const uri = s3Uri(object);
        const known = fetched.get(uri);
        if (known) return known;
        const path = join(folder, `object-${fetched.size}`);
        const made = obtain(object, path);
        fetched.set(uri, made);
        addressOf.set(path, uri);
        return made;
      });
    },
    async upload(path, { bucket, key }) {
      const { size } = await stat(path);
      try {
        if (options.adoptFile) {
          await options.adoptFile(path, { bucket, key, contentType: CONTENT_TYPE });
        } else {
          const open = (range?: ByteRange) =>
            createReadStream(path, { highWaterMark: CHUNK_BYTES, ...range });
          const to = { Bucket: bucket, Key: key, ContentType: CONTENT_TYPE };
          await uploadObject(s3, to, { size, open }, { signal });
        }
      } catch (error) {
        throw asGluepotError(error);
      }
      onBytes(size);
      return size;
    },
    inWords: (message) =>
      // From the last on: its number may begin with that of another.
      [...addressOf].reverse().reduce((text, [path, uri]) => text.replaceAll(path, uri), message),
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

function counting(onBytes: (count: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
}
