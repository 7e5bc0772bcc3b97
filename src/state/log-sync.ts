// Group commit: one sync of the write-ahead log makes durable what many transactions have put into it.
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { syncFailure } from './failure.js';
import { syncFolder } from './state-file.js';

/** Makes what was written to a file survive a power failure. */
export type SyncFile = (descriptor: number) => Promise<void>;

export interface LogSync {
  /** Something was committed: it is in the log, and not yet surely on the disk. */
  noteCommit(): void;
  /**
   * Resolves when all that was committed before the call is on the disk. Calls that come together share one sync.
   * After close() there is nothing to wait for.
   * @throws GluepotError `failed` when the disk does not take it, and ever after: what the disk then holds is unknown
   */
  durable(): Promise<void>;
  /** Brings to the disk what is not there yet, and lets go of the log. */
  close(): void;
}

/** Of the database at `path`, whose log is made by SQLite with the first transaction. */
export function openLogSync(path: string, syncFile: SyncFile = promisify(fdatasync)): LogSync {
  let committed = 0;
  let synced = 0;
  let descriptor: number | undefined;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;

  const open = () => {
    if (descriptor === undefined) {
      // SQLite holds no lock on its log, which closing this descriptor would take away.
      descriptor = openSync(`${path}-wal`, 'r+');
      syncFolder(dirname(path));
    }
    return descriptor;
  };

  const sync = async () => {
    const covered = committed;
    try {
      await syncFile(open());
      synced = Math.max(synced, covered);
    } catch (error) {
      failure = syncFailure(path, error);
    } finally {
      running = undefined;
    }
  };

  return {
    noteCommit() {
      committed++;
    },
    async durable() {
      const wanted = committed;
      for (;;) {
        if (failure !== undefined) throw failure;
        if (synced >= wanted) return;
        // A sync under way may have begun before the last commit.
        await (running ??= sync());
      }
    },
    close() {
      try {
        // SQLite will move the log into the file, and sync that, unless there is no room for it.
        if (synced < committed && failure === undefined) fdatasyncSync(open());
        synced = committed;
      } catch (error) {
        failure = syncFailure(path, error);
      }
      const closeLog = () => {
        if (descriptor !== undefined) closeSync(descriptor);
        descriptor = undefined;
      };
      // While it is being synced, its number must not become another file's.
      if (running) void running.then(closeLog);
      else closeLog();
    },
  };
}
