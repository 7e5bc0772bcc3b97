// Documents under names, in a folder or below an S3 prefix: whole or not at all, and written on a condition.
import type { S3Client } from '@aws-sdk/client-s3';
import { GluepotError } from '../base/errors.js';
import { openFolderDocuments } from './document-store/folder-documents.js';
import { openS3Documents } from './document-store/s3-documents.js';

export interface StoredDocument {
  bytes: Uint8Array;
  /** Changes with the content. */
  ETag: string;
}

export interface DocumentEntry {
  name: string;
  /** In bytes. */
  size: number;
  lastModified: Date;
}

export interface PutCondition {
  /** Only when there is no document of this name. */
  ifAbsent?: boolean;
  /** Only when the document is the one with this ETag. */
  ifMatch?: string;
}

/** What a writer left that was killed, and nobody else can be at work on. */
export interface AbandonedFile {
  path: string;
  /** In bytes. */
  size: number;
  remove(): Promise<void>;
}

export interface DocumentStore {
  /** Where it is, for people: a folder's absolute path or `s3://bucket/prefix`. */
  readonly location: string;
  /** Undefined when there is none. */
  get(name: string): Promise<StoredDocument | undefined>;
  /**
   * Acknowledged means kept: whatever happens next, `get` answers this or something later, never a part of it. No interruption
   * ends it: nobody would know whether it was kept.
   * @returns the new ETag
   * @throws GluepotError `conflict` when the condition does not hold
   */
  put(name: string, bytes: Uint8Array, condition?: PutCondition): Promise<{ ETag: string }>;
  /** All whose names begin with `prefix`, in the order of their names. */
  list(prefix?: string): AsyncIterable<DocumentEntry>;
  /** Of a store where killed writers leave something. */
  abandoned?(now: Date): Promise<AbandonedFile[]>;
  /** Folders right below `parent` ('' or ending with /), in any order, each without the / at its end; not what is in them. */
  folders(parent: string): AsyncIterable<string>;
  /** Nothing happens when there is none, and no interruption ends it. @throws GluepotError `conflict` when it is not the one with `ifMatch` */
  delete(name: string, condition?: { ifMatch?: string }): Promise<void>;
}

/**
 * Opens a store; nothing is read or made until it is used.
 * @param location a folder's path, or `s3://bucket/prefix`
 * @throws GluepotError `usage` for a location that is neither; each call later `usage` when the bucket is not there or the
 *   folder is none, `not-permitted` when rights are missing
 */
export function openDocumentStore(
  location: string,
  clients: { s3: S3Client },
  options: { signal?: AbortSignal | undefined } = {},
): DocumentStore {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined && location.trim() !== '') return openFolderDocuments(location);
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(location) ?? [];
  if (bucket === undefined) {
    throw new GluepotError(
      'usage',
      `${JSON.stringify(location)} is no place for documents. Give a folder, or s3://BUCKET/PREFIX.`,
    );
  }
  return openS3Documents(clients.s3, bucket, prefix.replace(/\/+$/, ''), options.signal);
}
