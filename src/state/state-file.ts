// The state file before SQLite touches it: made whole or not at all, and never opened when it is not ours or not whole.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { GluepotError, messageOf, systemErrorCode } from '../base/errors.js';
import { stateFailure, tornState, unusableState } from './failure.js';
import { logDamage } from './write-ahead-log.js';

/** `glue`, in the file's header: tells the state of a gluepot from other SQLite files. */
const APPLICATION_ID = 0x676c7565;
const APPLICATION_ID_OFFSET = 68;
const HEADER_BYTES = 100;

/** A path that SQLite keeps in memory; for tests. */
export const IN_MEMORY = ':memory:';

/**
 * Makes the file unless there is one. It appears whole, so that a file without content is never taken for a new one.
 * @throws GluepotError when the folder cannot be written to, or the state is gone and its log is not
 */
export function createStateFile(path: string): void {
  if (path === IN_MEMORY) return;
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
    if (existsSync(path)) return;
    refuseOrphanedLog(path);
    const temporary = `${path}.new-${randomUUID()}`;
    try {
      writeEmptyState(temporary);
      moveUnlessThere(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
    syncFolder(folder);
  } catch (error) {
    if (error instanceof GluepotError) throw error;
    const code = systemErrorCode(error);
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new GluepotError(
        'usage',
        `${folder} cannot be a data directory: there is a file at it, or on the way to it (${messageOf(error)}). ` +
          'Choose another --data-dir.',
        { cause: error },
      );
    }
    if (code === 'ERR_SQLITE_ERROR') throw stateFailure(path, error);
    throw unusableState(path, messageOf(error), error);
  }
}

function refuseOrphanedLog(path: string): void {
  for (const log of [`${path}-wal`, `${path}-journal`]) {
    if (!existsSync(log)) continue;
    throw new GluepotError(
      'failed',
      `${path} is gone, but its log ${log} is there, so this is no new data directory. It was left as it is. ` +
        'Put the file back or restore a backup (gluepot local restore), or choose another --data-dir.',
    );
  }
}

function writeEmptyState(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  } finally {
    database.close();
  }
}

// Another process may have made the file meanwhile, and then its file stays.
function moveUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return;
    // A file system without links: a process that dies in the middle leaves a file that is refused.
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

/** So that a name is on the disk before anything in its file is acknowledged. Windows has no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** @throws GluepotError `failed` for a file that is not a gluepot's, is cut or damaged, or whose log is */
export function refuseUnreadableFile(path: string): void {
  if (path === IN_MEMORY) return;
  const header = readHeader(path);
  if (header.length === 0) {
    throw tornState(path, 'it is empty, and a state file never is; its content has been lost');
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw tornState(path, 'it does not begin as a SQLite file does');
  }
  if (header.length < HEADER_BYTES) throw tornState(path, `it is cut after ${header.length} bytes`);
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw tornState(path, 'it is a SQLite file, but not one that gluepot made');
  }
  refuseDamagedLog(path);
}

function readHeader(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unusableState(path, messageOf(error), error);
  }
}

function refuseDamagedLog(path: string): void {
  const log = `${path}-wal`;
  if (!existsSync(log) || statSync(log).size === 0) return;
  // Read twice, because another process may be writing it, which then is refused for that.
  if (!logDamage(readFileSync(log))) return;
  const damage = logDamage(readFileSync(log));
  if (!damage) return;
  throw new GluepotError(
    'failed',
    `${log}, which holds the latest writes to ${path}, cannot be read whole: ${damage.reason}. Nothing was changed. ` +
      'Restore a backup (gluepot local restore), or choose another --data-dir. To go on without the writes that cannot ' +
      `be read, copy the folder and then cut the log: truncate -s ${damage.goodBytes} ${log}`,
  );
}
