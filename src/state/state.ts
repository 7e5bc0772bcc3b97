// The embedded AWS's state: one SQLite file, opened by one process, upgraded step by step.
import { closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { GluepotError, messageOf } from '../base/errors.js';

/** The tables of one part of the product. Steps are only ever appended; step n upgrades version n to n + 1. */
export interface StateSchema {
  component: string;
  steps: readonly string[];
}

export interface State {
  /** A prepared statement, cached by its text. */
  sql(text: string): StatementSyncInstance;
  /**
   * Runs `body` in one durable transaction (BEGIN IMMEDIATE); a nested call joins the outer one. `body` must be
   * synchronous. When it throws, nothing of it is kept.
   */
  transaction<T>(body: () => T): T;
  close(): void;
}

/**
 * Opens or creates the SQLite file at `path` and holds an operating-system lock on it until close() or process death.
 * @throws GluepotError `guard-refused` when another process holds it or when it was written by a newer gluepot,
 *   `failed` when it is torn.
 */
export function openState(path: string, schemas: readonly StateSchema[]): State {
  mkdirSync(dirname(path), { recursive: true });
  refuseForeignFile(path);
  const database = new DatabaseSync(path);
  try {
    lock(database, path);
    upgrade(database, path, schemas);
  } catch (error) {
    database.close();
    throw error;
  }
  const statements = new Map<string, StatementSyncInstance>();
  let depth = 0;
  const sql = (text: string) => {
    let statement = statements.get(text);
    if (!statement) statements.set(text, (statement = database.prepare(text)));
    return statement;
  };
  return {
    sql,
    transaction(body) {
      if (depth > 0) return body();
      depth = 1;
      try {
        database.exec('BEGIN IMMEDIATE');
        const result = body();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      } finally {
        depth = 0;
      }
    },
    close() {
      // Prepared statements keep a closed database open, lock and all, until they are garbage collected. Leaving WAL is
      // the one way out of an exclusive lock.
      database.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM schema_versions');
      database.close();
    },
  };
}

function refuseForeignFile(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  const head = Buffer.alloc(16);
  const byteCount = readSync(file, head, 0, 16, 0);
  closeSync(file);
  if (byteCount > 0 && head.toString('latin1') !== 'SQLite format 3\0') {
    throw new GluepotError(
      'failed',
      `${path} is not a gluepot state file: it does not begin as a SQLite file does. It was left as it is. ` +
        'Restore it from a backup, or choose another --data-dir.',
    );
  }
}

// locking_mode=EXCLUSIVE makes SQLite keep its operating-system lock between transactions; the kernel drops it when
// the process dies, so there is no stale lock to clean up.
function lock(database: DatabaseSyncInstance, path: string): void {
  try {
    database.exec(`
      PRAGMA busy_timeout = 0;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA cache_size = -32768;
      BEGIN EXCLUSIVE; COMMIT;
    `);
  } catch (error) {
    if (/locked|busy/i.test(messageOf(error))) {
      throw new GluepotError('guard-refused', `${path} is in use by another process.`, { cause: error });
    }
    throw torn(path, error);
  }
}

function upgrade(database: DatabaseSyncInstance, path: string, schemas: readonly StateSchema[]): void {
  try {
    database.exec(
      'CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER NOT NULL)',
    );
  } catch (error) {
    throw torn(path, error);
  }
  const known = new Map(schemas.map((schema) => [schema.component, schema.steps.length]));
  const rows = database.prepare('SELECT component, version FROM schema_versions').all() as {
    component: string;
    version: number;
  }[];
  for (const row of rows) {
    if (row.version > (known.get(row.component) ?? 0)) {
      throw new GluepotError(
        'guard-refused',
        `${path} was written by a newer gluepot (${row.component} is at version ${row.version}, this gluepot knows ` +
          `${known.get(row.component) ?? 'none'}). It was left as it is. Upgrade gluepot, or choose another --data-dir.`,
      );
    }
  }
  const versions = new Map(rows.map((row) => [row.component, row.version]));
  database.exec('BEGIN IMMEDIATE');
  for (const { component, steps } of schemas) {
    for (const step of steps.slice(versions.get(component) ?? 0)) database.exec(step);
    database
      .prepare(
        'INSERT INTO schema_versions VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
      )
      .run(component, steps.length);
  }
  database.exec('COMMIT');
}

function torn(path: string, cause: unknown): GluepotError {
  return new GluepotError(
    'failed',
    `${path} cannot be read as a gluepot state file: ${messageOf(cause)}. It was left as it is. ` +
      'Restore it from a backup, or choose another --data-dir.',
    { cause },
  );
}
