// What is remembered of multipart uploads under way: a row each, a row for each part, and the folder of its parts.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { ChecksumAlgorithm } from '../wire/checksum.js';
import type { Buckets } from './bucket.js';
import type { KeyPaths } from './key-path.js';
import type { ObjectAttributes } from './object-storage.js';
import { isDiskFull } from './storage-failure.js';
import type { Part } from './upload-parts.js';

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

export interface UploadRecords {
  add(bucket: string, upload: Upload): void;
  /** @throws AwsError NoSuchBucket, NoSuchUpload */
  get(bucket: string, key: string, uploadId: string): Upload;
  list(bucket: string, options: { prefix: string; after: { key: string; uploadId: string } }): Upload[];
  /** Where the files of an upload's parts are; made by whoever puts the first one there. */
  folder(bucket: string, uploadId: string): string;
  /** A part whose file is in the upload's folder; takes the place of one with its number. */
  putPart(uploadId: string, part: Part): void;
  /** In order. @throws AwsError NoSuchBucket, NoSuchUpload */
  parts(bucket: string, key: string, uploadId: string): Part[];
  /** The upload, its parts and their files. */
  forget(bucket: string, key: string, uploadId: string): void;
}

/** Removes what a process left that died half-way: parts without an upload, and files that are no part. */
export function openUploadRecords(state: State, paths: KeyPaths, buckets: Buckets): UploadRecords {
  const folder = (bucket: string, uploadId: string) => join(paths.uploadFolder(bucket), uploadId);

  function get(bucket: string, key: string, uploadId: string): Upload {
    buckets.require(bucket);
    const row = state
      .sql('SELECT * FROM s3_uploads WHERE bucket = ? AND key = ? AND upload_id = ?')
      .get(bucket, key, uploadId) as UploadRow | undefined;
    if (!row) throw noSuchUpload(uploadId);
    return uploadOf(row);
  }

  function parts(bucket: string, key: string, uploadId: string): Part[] {
    get(bucket, key, uploadId);
    const rows = state.sql('SELECT * FROM s3_parts WHERE upload_id = ? ORDER BY number').all(uploadId);
    return (rows as PartRow[]).map((row) => ({
      number: row.number,
      path: join(folder(bucket, uploadId), row.file),
      size: row.size,
      modifiedAt: new Date(row.modified_ms),
      etag: row.etag,
      checksums: JSON.parse(row.checksums) as Record<string, string>,
    }));
  }

  removeLeftOvers(state, paths);
  return {
    add(bucket, { key, uploadId, initiatedAt, ...settings }) {
      state
        .sql('INSERT INTO s3_uploads VALUES (?, ?, ?, ?, ?)')
        .run(bucket, key, uploadId, initiatedAt.getTime(), JSON.stringify(settings));
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
    folder,
    putPart(uploadId, { number, path, size, modifiedAt, etag, checksums }) {
      state
        .sql('INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(uploadId, number, basename(path), size, modifiedAt.getTime(), etag, JSON.stringify(checksums));
    },
    parts,
    forget(bucket, key, uploadId) {
      const forgetRows = () =>
        state.transaction(() => {
          state.sql('DELETE FROM s3_parts WHERE upload_id = ?').run(uploadId);
          state
            .sql('DELETE FROM s3_uploads WHERE bucket = ? AND key = ? AND upload_id = ?')
            .run(bucket, key, uploadId);
        });
      const removeParts = () => rmSync(folder(bucket, uploadId), { recursive: true, force: true });
      try {
        forgetRows();
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        // The parts may be what fills the disk.
        removeParts();
        forgetRows();
      }
      removeParts();
    },
  };
}

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
