// What the state remembers of an object beside its bytes: ETag, content type, metadata, tags, checksums.
import type { State } from '../state/state.js';
import type { ObjectAttributes } from './object-storage.js';

/**
 * What tells one content of a file from another. Attributes hold for the content they were written with: after a change
 * by another tool they no longer match and are not used.
 */
export interface FileIdentity {
  size: number;
  /** Modification time in milliseconds, with the fraction that the file system gives. */
  mtimeMs: number;
}

/** Attributes as stored: what a client may say, and what a multipart upload leaves behind. */
export interface RecordedAttributes extends ObjectAttributes {
  /** COMPOSITE when the checksum is one over the checksums of parts; FULL_OBJECT otherwise. */
  checksumType?: 'COMPOSITE' | 'FULL_OBJECT';
  /** Parts of a multipart upload in order. */
  parts?: RecordedPart[];
}

export interface RecordedPart {
  number: number;
  /** Bytes. */
  size: number;
  checksums: Record<string, string>;
}

export interface AttributeRecord {
  etag: string;
  attributes: RecordedAttributes;
}

export interface AttributeSummary {
  etag: string;
  storageClass: string;
}

/** Storage class of an object that names none. */
export const STORAGE_CLASS_DEFAULT = 'STANDARD';

export interface AttributeRecords {
  find(bucket: string, key: string, identity: FileIdentity): AttributeRecord | undefined;
  /** What listings show. */
  summary(bucket: string, key: string, identity: FileIdentity): AttributeSummary;
  /** True when there is a record of any key from `first` to `last`; a look-up of each can be spared otherwise. */
  hasAny(bucket: string, first: string, last: string): boolean;
  /**
   * Records a content before or after it becomes the object. The record of `current`, the content that is the object
   * now, is kept: should the process die before the rename, it still holds. Older ones are dropped.
   */
  put(
    bucket: string,
    key: string,
    identity: FileIdentity,
    record: AttributeRecord,
    current: FileIdentity | undefined,
  ): void;
  deleteKey(bucket: string, key: string): void;
  deleteBucket(bucket: string): void;
}

/**
 * ETag of a file that was not written through S3, e.g. dropped into the folder. Reading all of it for an MD5 would make
 * listings slow, so it is made from size and time; the `-1` says, as for a multipart upload, that it is no MD5.
 */
export function fileEtag({ size, mtimeMs }: FileIdentity): string {
  const microseconds = Math.round(mtimeMs * 1000);
  return `${microseconds.toString(16).padStart(16, '0')}${size.toString(16).padStart(16, '0')}-1`;
}

/** What listings show of a file without a record. */
export function fileSummary(identity: FileIdentity): AttributeSummary {
  return { etag: fileEtag(identity), storageClass: STORAGE_CLASS_DEFAULT };
}

export function openAttributeRecords(state: State): AttributeRecords {
  const found = (columns: string, bucket: string, key: string, { mtimeMs, size }: FileIdentity) =>
    state
      .sql(`SELECT ${columns} FROM s3_attributes WHERE bucket = ? AND key = ? AND mtime_ms = ? AND size = ?`)
      .get(bucket, key, mtimeMs, size) as
      { etag: string; storage_class: string; attributes: string } | undefined;
  return {
    find(bucket, key, identity) {
      const row = found('etag, attributes', bucket, key, identity);
      return row && { etag: row.etag, attributes: JSON.parse(row.attributes) as RecordedAttributes };
    },
    summary(bucket, key, identity) {
      const row = found('etag, storage_class', bucket, key, identity);
      return row ? { etag: row.etag, storageClass: row.storage_class } : fileSummary(identity);
    },
    hasAny(bucket, first, last) {
      const sql = 'SELECT 1 FROM s3_attributes WHERE bucket = ? AND key >= ? AND key <= ? LIMIT 1';
      return state.sql(sql).get(bucket, first, last) !== undefined;
    },
    put(bucket, key, identity, { etag, attributes }, current) {
      state
        .sql(`DELETE FROM s3_attributes WHERE bucket = ? AND key = ? AND NOT (mtime_ms = ? AND size = ?)`)
        .run(bucket, key, current?.mtimeMs ?? -1, current?.size ?? -1);
      state
        .sql('INSERT OR REPLACE INTO s3_attributes VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(
          bucket,
          key,
          identity.mtimeMs,
          identity.size,
          etag,
          attributes.headers?.['x-amz-storage-class'] ?? STORAGE_CLASS_DEFAULT,
          JSON.stringify(attributes),
        );
    },
    deleteKey(bucket, key) {
      state.sql('DELETE FROM s3_attributes WHERE bucket = ? AND key = ?').run(bucket, key);
    },
    deleteBucket(bucket) {
      state.sql('DELETE FROM s3_attributes WHERE bucket = ?').run(bucket);
    },
  };
}
