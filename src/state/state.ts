// The embedded AWS's state: one SQLite file, opened by one process, upgraded step by step.
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { GluepotError } from '../base/errors.js';
import { stateFailure, tornState } from './failure.js';
import { openLogSync, type LogSync, type SyncFile } from './log-sync.js';
import { createStateFile, IN_MEMORY, refuseUnreadableFile } from './state-file.js';

/** The tables of one part of the product. Steps are only ever appended; step n upgrades version n to n + 1. */
export interface StateSchema {
  component: string;
  steps: readonly string[];
}

export type SqlValue = null | number | bigint | string | Uint8Array;

/** Every method throws a GluepotError when the file fails: a full disk, an I/O error, a damaged page. */
export interface Statement {
  /** The first row, or undefined. */
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint };
  iterate(...values: SqlValue[]): Iterable<unknown>;
}

export interface State {
  /** A prepared statement, cached by its text. */
  sql(text: string): Statement;
  /**
   * Runs `body` in one transaction (BEGIN IMMEDIATE). When it returns, a killed process loses nothing of it; a power
   * failure does until `durable()` has resolved. `body` must be synchronous. When it throws, nothing of it is kept. A nested call joins the outer one: when it throws, nothing of itself is kept, and the outer one goes on if
   * it catches the error.
   */
  transaction<T>(body: () => T): T;
  /** Another number than before whenever something was written, or taken back, since. */
  revision(): number;
  /**
   * Resolves when all that was committed before the call is on the disk: await it before anything is acknowledged.
   * @throws GluepotError `failed` when the disk does not take it, and ever after
   */
  durable(): Promise<void>;
  /** Lets go of the file and its lock; a second call does nothing. */
  close(): void;
}

/** Pages of 4 KiB that the log holds before SQLite moves them into the file, which stops everything while it syncs both. */
const CHECKPOINT_PAGES = 4000;

/** What is not opened by openState() has each transaction synced by SQLite, by itself. */
const SYNCED_BY_SQLITE: LogSync = { noteCommit() {}, durable: () => Promise.resolve(), close() {} };

/** What surely writes nothing; a sync too many does no harm, one too few would. */
const READS = /^\s*(SELECT|EXPLAIN)\b/i;

/** A file of up to this many bytes is checked whole when it is opened, which takes up to about 20 ms. */
const QUICK_CHECK_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Opens or creates the SQLite file at `path` and holds an operating-system lock on it until close() or process death.
 * @throws GluepotError `guard-refused` when another process holds it or when it was written by a newer gluepot,
 *   `failed` when it is torn or cannot be written, `usage` when its folder cannot be one. It is then left as it is.
 */
export function openState(
  path: string,
  schemas: readonly StateSchema[],
  options: { syncFile?: SyncFile } = {},
): State {
  createStateFile(path);
  const prepare: Prepare = (database, versions) => {
    // The log is synced by durable(), once for all who wait, and by SQLite before a checkpoint moves it into the file.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
    );
    upgrade(database, schemas, versions);
  };
  const logSync = path === IN_MEMORY ? SYNCED_BY_SQLITE : openLogSync(path, options.syncFile);
  return openLocked(path, schemas, prepare, logSync);
}

type Prepare = (database: DatabaseSyncInstance, versions: ReadonlyMap<string, number>) => void;

/** A state opened for a look, or for repairs: not upgraded. */
export interface StateAsItIs extends State {
  /** False when this gluepot would upgrade it: tables are not then as today's schemas say. */
  readonly isCurrent: boolean;
}

/** Opens and locks the file that is there. @throws GluepotError as openState, and `usage` when there is none */
export function openStateAsItIs(path: string, schemas: readonly StateSchema[]): StateAsItIs {
  if (!existsSync(path)) {
    throw new GluepotError('usage', `There is no gluepot state at ${path}. Name the folder with --data-dir.`);
  }
  let isCurrent = false;
  const prepare: Prepare = (_database, versions) => {
    isCurrent = schemas.every(({ component, steps }) => versions.get(component) === steps.length);
  };
  return { ...openLocked(path, schemas, prepare, SYNCED_BY_SQLITE), isCurrent };
}

function openLocked(
  path: string,
  schemas: readonly StateSchema[],
  prepare: Prepare,
  logSync: LogSync,
): State {
  refuseUnreadableFile(path);
  const database = openDatabase(path);
  try {
    lock(database);
    const versions = readVersions(database);
    refuseNewer(path, schemas, versions);
    refuseDamaged(path, database);
    prepare(database, versions);
  } catch (error) {
    letGo(database);
    throw stateFailure(path, error);
  }
  return stateOver(database, path, logSync);
}

function openDatabase(path: string): DatabaseSyncInstance {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw stateFailure(path, error);
  }
}

function stateOver(database: DatabaseSyncInstance, path: string, logSync: LogSync): State {
  const statements = new Map<string, Statement>();
  let depth = 0;
  // Some failures make SQLite roll a whole transaction back. What is tried after that must not be kept by itself.
  let lost: Error | undefined;
  let isClosed = false;
  let isWritten = false;
  let revision = 0;

  const attempt: Attempt = (act) => {
    if (lost !== undefined) throw lost;
    try {
      return act();
    } catch (error) {
      const failure = stateFailure(path, error);
      if (depth > 0 && !database.isTransaction) lost = failure as Error;
      throw failure;
    }
  };
  const attemptWrite: Attempt = (act) => {
    const result = attempt(act);
    revision++;
    isWritten = true;
    if (depth === 0) noteCommit();
    return result;
  };
  const noteCommit = () => {
    if (isWritten) logSync.noteCommit();
    isWritten = false;
  };
  const exec = (text: string) => attempt(() => database.exec(text));

  const nested = <T>(body: () => T): T => {
    const savepoint = `nested_${depth}`;
    exec(`SAVEPOINT ${savepoint}`);
    depth++;
    try {
      const result = body();
      exec(`RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      revision++;
      if (lost === undefined) exec(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
      throw error;
    } finally {
      depth--;
    }
  };

  return {
    sql(text) {
      let statement = statements.get(text);
      if (!statement) {
        statement = guarded(
          attempt(() => database.prepare(text)),
          READS.test(text) ? attempt : attemptWrite,
        );
        statements.set(text, statement);
      }
      return statement;
    },
    transaction(body) {
      if (depth > 0) return nested(body);
      exec('BEGIN IMMEDIATE');
      depth = 1;
      try {
        const result = body();
        exec('COMMIT');
        noteCommit();
        return result;
      } catch (error) {
        revision++;
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      } finally {
        depth = 0;
        isWritten = false;
        lost = undefined;
      }
    },
    revision: () => revision,
    durable: () => logSync.durable(),
    close() {
      if (isClosed) return;
      isClosed = true;
      logSync.close();
      letGo(database);
    },
  };
}

type Attempt = <T>(act: () => T) => T;

function guarded(statement: StatementSyncInstance, attempt: Attempt): Statement {
  return {
    get: (...values) => attempt(() => statement.get(...values) as unknown),
    all: (...values) => attempt(() => statement.all(...values) as unknown[]),
    run: (...values) => attempt(() => statement.run(...values)),
    *iterate(...values) {
      const rows = attempt(() => statement.iterate(...values));
      try {
        for (;;) {
          const next = attempt(() => rows.next());
          if (next.done) return;
          yield next.value as unknown;
        }
      } finally {
        // A reader that is left half-way would keep the log from being emptied.
        rows.return?.();
      }
    },
  };
}

// Prepared statements keep a closed database open, lock and all, until they are garbage collected. Leaving WAL is the
// one way out of an exclusive lock.
function letGo(database: DatabaseSyncInstance): void {
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
function lock(database: DatabaseSyncInstance): void {
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

function readVersions(database: DatabaseSyncInstance): Map<string, number> {
  const isNew = !database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_versions'").get();
  if (isNew) return new Map();
  const rows = database.prepare('SELECT component, version FROM schema_versions').all() as {
    component: string;
    version: number;
  }[];
  return new Map(rows.map(({ component, version }) => [component, version]));
}

function refuseNewer(
  path: string,
  schemas: readonly StateSchema[],
  versions: ReadonlyMap<string, number>,
): void {
  const known = new Map(schemas.map((schema) => [schema.component, schema.steps.length]));
  for (const [component, version] of versions) {
    if (version <= (known.get(component) ?? 0)) continue;
    throw new GluepotError(
      'guard-refused',
      `${path} was written by a newer gluepot (${component} is at version ${version}, this gluepot knows ` +
        `${known.get(component) ?? 'none'}). It was left as it is. Upgrade gluepot, or choose another --data-dir.`,
    );
  }
}

// Larger files are read page by page as they are needed; a page that is damaged fails the request that needs it.
function refuseDamaged(path: string, database: DatabaseSyncInstance): void {
  if (path === IN_MEMORY || statSync(path).size > QUICK_CHECK_BYTES_MAX) return;
  const [row] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  if (row?.quick_check !== 'ok') throw tornState(path, `a page of it is damaged: ${row?.quick_check ?? ''}`);
}

function upgrade(
  database: DatabaseSyncInstance,
  schemas: readonly StateSchema[],
  versions: ReadonlyMap<string, number>,
): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(
    'CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER NOT NULL)',
  );
  const record = database.prepare(
    'INSERT INTO schema_versions VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
  );
  for (const { component, steps } of schemas) {
    const version = versions.get(component) ?? 0;
    for (const step of steps.slice(version)) database.exec(step);
    if (version !== steps.length) record.run(component, steps.length);
  }
  database.exec('COMMIT');
}
