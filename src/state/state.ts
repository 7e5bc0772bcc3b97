// The embedded AWS's state: one SQLite file, opened by one process, upgraded step by step.
import { existsSync } from 'node:fs';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { GluepotError } from '../base/errors.js';
import { stateFailure } from './failure.js';
import { letGo, lock, openDatabase, refuseDamaged } from './locked-database.js';
import { openLogSync, type LogSync, type SyncFile } from './log-sync.js';
import { readVersions, refuseNewer, upgrade, type StateSchema } from './schema-versions.js';
import { createStateFile, IN_MEMORY, refuseUnreadableFile } from './state-file.js';

export type { StateSchema } from './schema-versions.js';

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
   * failure does until `durable()` has resolved. `body` must be synchronous. When it throws, nothing of it is kept. A
   * nested call joins the outer one: when it throws, nothing of itself is kept, and the outer one goes on if it catches
   * the error.
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
