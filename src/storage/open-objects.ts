// Objects: written whole or not at all, read from the file that was there when reading began.
import { createHash } from 'node:crypto';
import { constants, fstatSync, openSync, type Stats } from 'node:fs';
import { stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import {
  fileEtag,
  fileSummary,
  type AttributeRecord,
  type AttributeRecords,
  type FileIdentity,
} from './attributes.js';
import type { Buckets } from './bucket.js';
import { absentOrThrow, type DirectoryNames } from './directory-names.js';
import { syncFile, type SyncFolder } from './disk-sync.js';
import { requireLegalKey, type KeyPaths } from './key-path.js';
import { listItems } from './listing.js';
import type { Objects, RecordedObject, WriteOptions } from './object.js';
import { unlinkIfThere, type FoundFile, type ObjectFiles } from './object-files.js';
import type { Listing } from './object-storage.js';
import { openObject } from './open-object.js';
import { answering, forgetIfRoom, storageFailure } from './storage-failure.js';
import type { TellOfObjects } from './object-telling.js';
import type { TemporaryFiles } from './temporary-files.js';
import { noSuchKey, requireCondition, type WriteCondition } from './write-condition.js';

export function openObjects(
  state: State,
  parts: {
    paths: KeyPaths;
    files: ObjectFiles;
    records: AttributeRecords;
    directories: DirectoryNames;
    temporary: TemporaryFiles;
    buckets: Buckets;
    clock: Clock;
    syncFolder: SyncFolder;
    tell: TellOfObjects;
  },
): Objects {
  const { paths, files, records, directories, temporary, buckets, clock, syncFolder, tell } = parts;

  function describe(bucket: string, key: string, stats: FileIdentity): RecordedObject {
    const record = records.find(bucket, key, stats);
    return {
      ...record?.attributes,
      key,
      size: stats.size,
      lastModified: modifiedAt(stats),
      etag: record?.etag ?? fileEtag(stats),
    };
  }

  function find(bucket: string, key: string): FoundFile | undefined {
    buckets.require(bucket);
    requireLegalKey(key);
    return answering(`s3://${bucket}/${key} cannot be read`, () => files.find(bucket, key));
  }

  function require(bucket: string, key: string): FoundFile {
    const file = find(bucket, key);
    if (!file) throw noSuchKey(key);
    return file;
  }

  // Another tool may have removed the file since it was found, or put a symbolic link in its place.
  function openFile(bucket: string, key: string): { path: string; descriptor: number; stats: Stats } {
    const { path } = require(bucket, key);
    try {
      const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
      return { path, descriptor, stats: fstatSync(descriptor) };
    } catch (error) {
      answering(`s3://${bucket}/${key} cannot be read`, () => absentOrThrow(error));
      throw noSuchKey(key);
    }
  }

  function requireToHold(condition: WriteCondition, bucket: string, key: string, current?: FoundFile): void {
    requireCondition(condition, key, current && (() => records.summary(bucket, key, current.stats).etag));
  }

  let lastTimeMs = 0;
  // Two contents of one size must differ in time, for that is how their attributes are told apart; a microsecond is
  // what a double of today's time can hold and file systems keep.
  async function stamp(path: string): Promise<Stats> {
    lastTimeMs = Math.max(clock.now().getTime(), lastTimeMs + 0.001);
    await utimes(path, lastTimeMs / 1000, lastTimeMs / 1000);
    await syncFile(path);
    return stat(path);
  }

  /**
   * Makes the finished file at `source` the object. Check, record and rename happen in one go, with nothing in between:
   * conditional writes are atomic against each other. The record comes before the rename and says which content it is
   * of, so that a process that dies between them leaves the old object with its old attributes.
   */
  function commit(
    bucket: string,
    key: string,
    source: { path: string; stats: Stats },
    record: AttributeRecord | undefined,
    { condition = {}, lastCheck = () => {}, reason = 'PutObject' }: WriteOptions,
  ): { object: RecordedObject; path: string } {
    const current = find(bucket, key);
    requireToHold(condition, bucket, key, current);
    lastCheck();
    if (record) {
      state.transaction(() => records.put(bucket, key, source.stats, record, current?.stats));
    }
    const path = files.place(bucket, key, source.path);
    const object = describe(bucket, key, source.stats);
    tell.created(bucket, object, reason);
    return { object, path };
  }

  async function store(
    bucket: string,
    key: string,
    path: string,
    recordOf: (stats: FileIdentity) => AttributeRecord | undefined,
    options: WriteOptions,
  ): Promise<RecordedObject> {
    try {
      const stats = await stamp(path);
      const stored = commit(bucket, key, { path, stats }, recordOf(stats), options);
      await syncFolder(dirname(stored.path));
      return stored.object;
    } catch (error) {
      unlinkIfThere(path);
      throw storageFailure(error, `s3://${bucket}/${key} was not stored`);
    }
  }

  const adopt: Objects['adopt'] = (bucket, key, path, attributes, options = {}) => {
    const recordOf = (stats: FileIdentity) =>
      attributes && { etag: options.etag ?? fileEtag(stats), attributes };
    return store(bucket, key, path, recordOf, options);
  };

  const deleteEach: Objects['deleteEach'] = (bucket, deletions) => {
    buckets.require(bucket);
    const errors = deletions.map(({ key, condition }) => {
      try {
        answering(`s3://${bucket}/${key} was not deleted`, () => {
          requireToHold(condition, bucket, key, find(bucket, key));
          files.remove(bucket, key);
        });
        return undefined;
      } catch (error) {
        if (error instanceof AwsError) return error;
        throw error;
      }
    });
    // In one transaction, for each waits for the disk.
    forgetIfRoom(() =>
      state.transaction(() => {
        for (const [index, { key }] of deletions.entries()) {
          if (errors[index]) continue;
          files.forget(bucket, key);
          records.deleteKey(bucket, key);
          tell.deleted(bucket, key);
        }
      }),
    );
    return errors;
  };

  return {
    list(bucket, options = {}) {
      buckets.require(bucket);
      const folder = paths.bucketFolder(bucket);
      const { items, next } = answering(`s3://${bucket} cannot be listed`, () =>
        listItems(bucket, folder, directories, files, options),
      );
      const listing: Listing = { entries: [], commonPrefixes: [] };
      if (next !== undefined) listing.next = next;
      const found: { key: string; file: FileIdentity }[] = [];
      for (const item of items) {
        if ('commonPrefix' in item) listing.commonPrefixes.push(item.commonPrefix);
        else found.push(item);
      }
      const [first, last] = [found[0], found.at(-1)];
      const hasRecords = first && last && records.hasAny(bucket, first.key, last.key);
      listing.entries = found.map(({ key, file }) => ({
        key,
        size: file.size,
        lastModified: modifiedAt(file),
        ...(hasRecords ? records.summary(bucket, key, file) : fileSummary(file)),
      }));
      return listing;
    },
    head(bucket, key) {
      const file = find(bucket, key);
      return file && describe(bucket, key, file.stats);
    },
    open(bucket, key) {
      const file = openFile(bucket, key);
      return openObject(describe(bucket, key, file.stats), file, temporary);
    },
    path: (bucket, key) => require(bucket, key).path,
    temporaryPath: temporary.newPath,
    adopt,
    async putCopy(bucket, key, source, attributes, options = {}) {
      requireToHold(options.condition ?? {}, bucket, key, find(bucket, key));
      const path = await source.copy().catch((error: unknown) => {
        throw storageFailure(error, `s3://${bucket}/${key} was not stored`);
      });
      return path === undefined ? undefined : adopt(bucket, key, path, attributes, options);
    },
    async put(bucket, key, body, attributes = {}, options = {}) {
      // Before the body is read, for a client that asks with Expect: 100-continue.
      requireToHold(options.condition ?? {}, bucket, key, find(bucket, key));
      const hash = createHash('md5');
      const source = await temporary
        .write(body, (bytes) => hash.update(bytes))
        .catch((error: unknown) => {
          throw storageFailure(error, `s3://${bucket}/${key} was not stored`);
        });
      const recordOf = () => {
        const checksums = options.checksums?.() ?? attributes.checksums;
        return { etag: hash.digest('hex'), attributes: { ...attributes, ...(checksums && { checksums }) } };
      };
      return store(bucket, key, source, recordOf, options);
    },
    updateAttributes(bucket, key, changes) {
      const { stats } = require(bucket, key);
      const { etag, attributes } = records.find(bucket, key, stats) ?? {
        etag: fileEtag(stats),
        attributes: {},
      };
      answering(`s3://${bucket}/${key} was not changed`, () =>
        records.put(bucket, key, stats, { etag, attributes: { ...attributes, ...changes } }, stats),
      );
    },
    delete(bucket, key, condition = {}) {
      const [error] = deleteEach(bucket, [{ key, condition }]);
      if (error) throw error;
    },
    deleteEach,
  };
}

function modifiedAt({ mtimeMs }: FileIdentity): Date {
  return new Date(Math.round(mtimeMs));
}
