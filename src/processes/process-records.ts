// Which processes run for this data directory, so that those of a gluepot that died are ended: at once, or at its next start.
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { killProcessGroup } from './local-process.js';
import { openProcessGuard } from './process-guard.js';
import { processStartTime } from './process-start-time.js';

interface ProcessRecord {
  /** Undefined when it was gone before it could be looked at. */
  startTime?: string;
}

export interface ProcessRecords {
  /** To be called in the transaction that records what the process is for. */
  add(pid: number): void;
  remove(pid: number): void;
  /** Lets go of what watches over them. */
  close(): void;
}

/**
 * Kills what an earlier gluepot left running: processes whose id and start time are the recorded ones, with all that they
 * started in their group. `state` must have been opened with documentsSchema, and holds the lock on the data directory, so
 * that no other gluepot can still be in charge of them.
 */
export function openProcessRecords(state: State): ProcessRecords {
  const records = openDocuments<ProcessRecord>(state, 'process');
  state.transaction(() => {
    for (const { key, document } of records.list()) {
      const pid = Number(key);
      if (document.startTime !== undefined && processStartTime(pid) === document.startTime) {
        killProcessGroup(pid, 'SIGKILL');
      }
      records.delete(key);
    }
  });
  const guard = openProcessGuard();
  return {
    add(pid) {
      guard.watch(pid);
      const startTime = processStartTime(pid);
      records.put(String(pid), startTime === undefined ? {} : { startTime });
    },
    remove(pid) {
      guard.forget(pid);
      records.delete(String(pid));
    },
    close: () => guard.close(),
  };
}
