// Multipart uploads: parts wait in files of their own until they are put together.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.js';
import { systemErrorCode } from '../base/errors.js';
import type { Ids } from '../base/ids.js';
import { createChecksum } from '../wire/checksum.js';
import type { RecordedAttributes } from './attributes.js';
import type { Buckets } from './bucket.js';
import { syncFile, type SyncFolder } from './disk-sync.js';
import { requireLegalKey } from './key-path.js';
import { unlinkIfThere } from './object-files.js';
import type { Objects, RecordedObject } from './object.js';
import { answering, storageFailure } from './storage-failure.js';
import type { TemporaryFiles } from './temporary-files.js';
import {
  completedParts,
  compositeChecksum,
  invalidPart,
  type CompletedPart,
  type Part,
} from './upload-parts.js';
import type { Upload, UploadRecords, UploadSettings } from './upload-records.js';
import type { WriteCondition } from './write-condition.js';

export interface CompletedObject {
  size: number;
  checksums: Record<string, string>;
}

/** Every operation on an upload fails with AwsError NoSuchUpload when it is not there, was completed or aborted. */
export interface MultipartUploads {
  /** Answers the upload's id. @throws AwsError NoSuchBucket, KeyTooLongError */
  create(bucket: string, key: string, settings: UploadSettings): string;
  get(bucket: string, key: string, uploadId: string): Upload;
  /** Uploads under way in the order of their keys, those after (`key`, `uploadId`). */
  list(bucket: string, options: { prefix: string; after: { key: string; uploadId: string } }): Upload[];
  /** Writes part `number`, 1 to 10,000; a later one of the same number takes its place. */
  putPart(
    bucket: string,
    key: string,
    uploadId: string,
    number: number,
    body: Uint8Array | Readable,
    checksums?: () => Record<string, string>,
  ): Promise<Part>;
  /** Parts in order. */
  listParts(bucket: string, key: string, uploadId: string): Part[];
  /**
   * Makes the chosen parts the object. `check` sees what it will be and may throw.
   * @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall, PreconditionFailed; the upload then stays
   */
  complete(
    bucket: string,
    key: string,
    uploadId: string,
    chosen: CompletedPart[],
    options?: { condition?: WriteCondition; check?: (whole: CompletedObject) => void },
  ): Promise<RecordedObject>;
  abort(bucket: string, key: string, uploadId: string): void;
}

export function openMultipartUploads({
  records,
  objects,
  temporary,
  buckets,
  clock,
  ids,
  syncFolder,
}: {
  records: UploadRecords;
  objects: Objects;
  temporary: TemporaryFiles;
  buckets: Buckets;
  clock: Clock;
  ids: Ids;
  syncFolder: SyncFolder;
}): MultipartUploads {
  return {
    create(bucket, key, settings) {
      buckets.require(bucket);
      requireLegalKey(key);
      const uploadId = ids.hex(32);
      const upload: Upload = { ...settings, key, uploadId, initiatedAt: clock.now() };
      answering(`The upload of s3://${bucket}/${key} was not begun`, () => records.add(bucket, upload));
      return uploadId;
    },
    get: records.get,
    list: records.list,
    async putPart(bucket, key, uploadId, number, body, checksums = () => ({})) {
      records.get(bucket, key, uploadId);
      const hash = createHash('md5');
      const failure = (error: unknown) =>
        storageFailure(error, `Part ${number} of s3://${bucket}/${key} was not stored`);
      const source = await temporary
        .write(body, (bytes) => hash.update(bytes))
        .catch((error: unknown) => {
          throw failure(error);
        });
      const folder = records.folder(bucket, uploadId);
      const path = join(folder, ids.uuid());
      try {
        await syncFile(source);
        records.get(bucket, key, uploadId);
        mkdirSync(folder, { recursive: true });
        renameSync(source, path);
        await syncFolder(folder);
        const before = records.parts(bucket, key, uploadId).find((part) => part.number === number);
        const part: Part = {
          number,
          path,
          size: statSync(path).size,
          modifiedAt: clock.now(),
          etag: hash.digest('hex'),
          checksums: checksums(),
        };
        records.putPart(uploadId, part);
        if (before) unlinkIfThere(before.path);
        return part;
      } catch (error) {
        unlinkIfThere(source);
        unlinkIfThere(path);
        throw failure(error);
      }
    },
    listParts: records.parts,
    async complete(bucket, key, uploadId, chosen, { condition = {}, check = () => {} } = {}) {
      const { attributes, checksumAlgorithm, checksumType } = records.get(bucket, key, uploadId);
      const parts = completedParts(records.parts(bucket, key, uploadId), chosen, {
        checksumAlgorithm,
        checksumType,
      });
      const wholeChecksum =
        checksumAlgorithm && checksumType === 'FULL_OBJECT' ? createChecksum(checksumAlgorithm) : undefined;
      const source = await temporary
        .write(contentOf(parts), (bytes) => wholeChecksum?.update(bytes))
        .catch((error: unknown) => {
          records.get(bucket, key, uploadId);
          throw storageFailure(error, `s3://${bucket}/${key} was not stored`);
        });
      const recorded: RecordedAttributes = {
        ...attributes,
        parts: parts.map(({ number, size, checksums }) => ({ number, size, checksums })),
      };
      if (checksumAlgorithm && checksumType) {
        const value = wholeChecksum?.digest() ?? compositeChecksum(checksumAlgorithm, parts);
        recorded.checksums = { [checksumAlgorithm]: value };
        recorded.checksumType = checksumType;
      }
      try {
        const size = parts.reduce((sum, part) => sum + part.size, 0);
        check({ size, checksums: recorded.checksums ?? {} });
      } catch (error) {
        unlinkIfThere(source);
        throw error;
      }
      const hash = createHash('md5');
      for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'));
      const etag = `${hash.digest('hex')}-${parts.length}`;
      // Whoever aborted the upload meanwhile, or completed it, may have written something else to the key since.
      const lastCheck = () => void records.get(bucket, key, uploadId);
      const object = await objects.adopt(bucket, key, source, recorded, {
        condition,
        etag,
        lastCheck,
        reason: 'CompleteMultipartUpload',
      });
      records.forget(bucket, key, uploadId);
      return object;
    },
    abort(bucket, key, uploadId) {
      records.get(bucket, key, uploadId);
      records.forget(bucket, key, uploadId);
    },
  };
}

async function* contentOf(parts: Part[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    try {
      yield* createReadStream(part.path, { highWaterMark: 1024 * 1024 });
    } catch (error) {
      // Uploaded anew since it was chosen.
      if (systemErrorCode(error) === 'ENOENT') throw invalidPart(part);
      throw error;
    }
  }
}
