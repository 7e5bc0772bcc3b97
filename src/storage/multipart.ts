// Multipart uploads: parts wait in files of their own until they are put together.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.js';
import { systemErrorCode } from '../base/errors.js';
import type { Ids } from '../base/ids.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { createChecksum, type ChecksumAlgorithm } from '../wire/checksum.js';
import type { RecordedAttributes } from './attributes.js';
import type { Buckets } from './bucket.js';
import { syncFile, type SyncFolder } from './disk-sync.js';
import { requireLegalKey, type KeyPaths } from './key-path.js';
import { unlinkIfThere } from './object-files.js';
import type { ObjectAttributes } from './object-storage.js';
import type { Objects, RecordedObject, WriteCondition } from './object.js';
import { answering, isDiskFull, storageFailure } from './storage-failure.js';
import type { TemporaryFiles } from './temporary-files.js';
import {
  completedParts,
  compositeChecksum,
  invalidPart,
  type CompletedPart,
  type Part,
} from './upload-parts.js';

export interface UploadSettings {
  attributes: ObjectAttributes;
  checksumAlgorithm?: ChecksumAlgorithm;
  checksumType?: 'COMPOSITE' | 'FULL_OBJECT';
}

export interface Upload extends UploadSettings {
  key: string;
  uploadId: string;
  initiatedAt: Date;
}

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

export function openMultipartUploads(
  state: State,
  services: {
    paths: KeyPaths;
    objects: Objects;
    temporary: TemporaryFiles;
    buckets: Buckets;
    clock: Clock;
    ids: Ids;
    syncFolder: SyncFolder;
  },
): MultipartUploads {
  const { paths, objects, temporary, buckets, clock, ids, syncFolder } = services;
  const folderOf = (bucket: string, uploadId: string) => join(paths.uploadFolder(bucket), uploadId);

  function get(bucket: string, key: string, uploadId: string): Upload {
    buckets.require(bucket);
    const row = state
      .sql('SELECT * FROM s3_uploads WHERE bucket = ? AND key = ? AND upload_id = ?')
      .get(bucket, key, uploadId) as UploadRow | undefined;
    if (!row) throw noSuchUpload(uploadId);
    return uploadOf(row);
  }

  function listParts(bucket: string, key: string, uploadId: string): Part[] {
    get(bucket, key, uploadId);
    const rows = state.sql('SELECT * FROM s3_parts WHERE upload_id = ? ORDER BY number').all(uploadId);
    return (rows as PartRow[]).map((row) => ({
      number: row.number,
      path: join(folderOf(bucket, uploadId), row.file),
      size: row.size,
      modifiedAt: new Date(row.modified_ms),
      etag: row.etag,
      checksums: JSON.parse(row.checksums) as Record<string, string>,
    }));
  }

  function forget(bucket: string, key: string, uploadId: string): void {
    const forgetRows = () =>
      state.transaction(() => {
        state.sql('DELETE FROM s3_parts WHERE upload_id = ?').run(uploadId);
        state
          .sql('DELETE FROM s3_uploads WHERE bucket = ? AND key = ? AND upload_id = ?')
          .run(bucket, key, uploadId);
      });
    const removeParts = () => rmSync(folderOf(bucket, uploadId), { recursive: true, force: true });
    try {
      forgetRows();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // The parts may be what fills the disk.
      removeParts();
      forgetRows();
    }
    removeParts();
  }

  removeLeftOvers(state, paths);
  return {
    create(bucket, key, settings) {
      buckets.require(bucket);
      requireLegalKey(key);
      const uploadId = ids.hex(32);
      const document = JSON.stringify(settings);
      answering(`The upload of s3://${bucket}/${key} was not begun`, () =>
        state
          .sql('INSERT INTO s3_uploads VALUES (?, ?, ?, ?, ?)')
          .run(bucket, key, uploadId, clock.now().getTime(), document),
      );
      return uploadId;
    },
    get,
    list(bucket, { prefix, after }) {
      buckets.require(bucket);
      const rows = state
        .sql(
          `SELECT * FROM s3_uploads WHERE bucket = ? AND (key, upload_id) > (?, ?) AND key >= ?
           ORDER BY key, upload_id`,
        )
        .all(bucket, after.key, after.uploadId, prefix) as UploadRow[];
      return rows.filter((row) => row.key.startsWith(prefix)).map(uploadOf);
    },
    async putPart(bucket, key, uploadId, number, body, checksums = () => ({})) {
      get(bucket, key, uploadId);
      const hash = createHash('md5');
      const failure = (error: unknown) =>
        storageFailure(error, `Part ${number} of s3://${bucket}/${key} was not stored`);
      const source = await temporary
        .write(body, (bytes) => hash.update(bytes))
        .catch((error: unknown) => {
          throw failure(error);
        });
      const folder = folderOf(bucket, uploadId);
      const path = join(folder, ids.uuid());
      try {
        await syncFile(source);
        get(bucket, key, uploadId);
        mkdirSync(folder, { recursive: true });
        renameSync(source, path);
        await syncFolder(folder);
        const before = listParts(bucket, key, uploadId).find((part) => part.number === number);
        const part: Part = {
          number,
          path,
          size: statSync(path).size,
          modifiedAt: clock.now(),
          etag: hash.digest('hex'),
          checksums: checksums(),
        };
        state
          .sql('INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?, ?, ?, ?)')
          .run(
            uploadId,
            number,
            basename(path),
            part.size,
            part.modifiedAt.getTime(),
            part.etag,
            JSON.stringify(part.checksums),
          );
        if (before) unlinkIfThere(before.path);
        return part;
      } catch (error) {
        unlinkIfThere(source);
        unlinkIfThere(path);
        throw failure(error);
      }
    },
    listParts,
    async complete(bucket, key, uploadId, chosen, { condition = {}, check = () => {} } = {}) {
      const { attributes, checksumAlgorithm, checksumType } = get(bucket, key, uploadId);
      const parts = completedParts(listParts(bucket, key, uploadId), chosen, {
        checksumAlgorithm,
        checksumType,
      });
      const wholeChecksum =
        checksumAlgorithm && checksumType === 'FULL_OBJECT' ? createChecksum(checksumAlgorithm) : undefined;
      const source = await temporary
        .write(contentOf(parts), (bytes) => wholeChecksum?.update(bytes))
        .catch((error: unknown) => {
          get(bucket, key, uploadId);
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
      const lastCheck = () => void get(bucket, key, uploadId);
      const object = await objects.adopt(bucket, key, source, recorded, {
        condition,
        etag,
        lastCheck,
        reason: 'CompleteMultipartUpload',
      });
      forget(bucket, key, uploadId);
      return object;
    },
    abort(bucket, key, uploadId) {
      get(bucket, key, uploadId);
      forget(bucket, key, uploadId);
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

// Parts without an upload, and files that are no part: of a process that died between the one and the other.
function removeLeftOvers(state: State, paths: KeyPaths): void {
  const folder = paths.uploadFolder('');
  mkdirSync(folder, { recursive: true });
  const rows = state
    .sql('SELECT upload_id AS name FROM s3_uploads UNION ALL SELECT file FROM s3_parts')
    .all() as { name: string }[];
  const known = new Set(rows.map(({ name }) => name));
  for (const { parentPath, name } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const isBucket = parentPath === folder;
    if (!isBucket && !known.has(name)) rmSync(join(parentPath, name), { recursive: true, force: true });
  }
}

interface UploadRow {
  key: string;
  upload_id: string;
  initiated_ms: number;
  document: string;
}

interface PartRow {
  number: number;
  file: string;
  size: number;
  modified_ms: number;
  etag: string;
  checksums: string;
}

function uploadOf(row: UploadRow): Upload {
  const settings = JSON.parse(row.document) as UploadSettings;
  return { ...settings, key: row.key, uploadId: row.upload_id, initiatedAt: new Date(row.initiated_ms) };
}

function noSuchUpload(uploadId: string): AwsError {
  return new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { statusCode: 404, members: { UploadId: uploadId } },
  );
}
