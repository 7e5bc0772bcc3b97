// The SQLite file itself: opened, locked for one process, looked through, let go of.
import { statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { stateFailure, tornState } from './failure.js';
import { IN_MEMORY } from './state-file.js';

/** A file of up to this many bytes is checked whole when it is opened, which takes up to about 20 ms. */
const QUICK_CHECK_BYTES_MAX = 8 * 1024 * 1024;

export function openDatabase(path: string): DatabaseSyncInstance {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw stateFailure(path, error);
  }
}

// Prepared statements keep a closed database open, lock and all, until they are garbage collected. Leaving WAL is the
// one way out of an exclusive lock.
export function letGo(database: DatabaseSyncInstance): void {
  try {
    if (database.isTransaction) database.exec('ROLLBACK');
    database.exec(
      'PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema',
    );
  } catch {
    // No room to empty the log, a damaged file, a lock never got: what was acknowledged stays in the log for the next
    // to open it, and the lock ends with the process.
  }
  database.close();
}

// locking_mode=EXCLUSIVE makes SQLite keep its operating-system lock between transactions; the kernel drops it when
// the process dies, so there is no stale lock to clean up. Nothing is written yet: the file may be a newer gluepot's.
export function lock(database: DatabaseSyncInstance): void {
  database.exec(`
    PRAGMA busy_timeout = 0;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cell_size_check = ON;
    PRAGMA cache_size = -32768;
    BEGIN EXCLUSIVE; COMMIT;
  `);
}

// Larger files are read page by page as they are needed; a page that is damaged fails the request that needs it.
export function refuseDamaged(path: string, database: DatabaseSyncInstance): void {
  if (path === IN_MEMORY || statSync(path).size > QUICK_CHECK_BYTES_MAX) return;
  const [row] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  if (row?.quick_check !== 'ok') throw tornState(path, `a page of it is damaged: ${row?.quick_check ?? ''}`);
}
