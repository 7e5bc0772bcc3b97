// Jobs as the services use them: definitions, runs, and the runner behind them.
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { silentLog, type Log } from '../base/log.js';
import type { Tags } from '../catalog/tag.js';
import { tellNobody, type EmitEvent } from '../events/event.js';
import type { RoleDirectory } from '../identity/role-directory.js';
import type { LogGroups } from '../logs/log-groups.js';
import type { State } from '../state/state.js';
import { openBookmarkTable, type BookmarkTable } from './bookmarks/bookmark-table.js';
import type { Engine } from './engine.js';
import { openJobTable, type JobTable } from './job.js';
import { openJobRunTable, type JobRunTable } from './job-run.js';
import { openJobRunner, type JobRunner } from './job-runner.js';
import { refuseScripts, type RunScript } from './script.js';

export interface Jobs extends Pick<JobRunner, 'start' | 'stop' | 'onEnd' | 'close'> {
  definitions: Pick<JobTable, 'create' | 'update' | 'get' | 'find' | 'list'>;
  runs: Pick<JobRunTable, 'get' | 'find' | 'list'>;
  bookmarks: Pick<BookmarkTable, 'get' | 'reset'>;
  /** Deletes the job, ends its runs and forgets them. No error when it is not there. */
  delete(name: string): void;
}

export interface JobsOptions {
  engine: Engine;
  /** Of jobs without a graph; all are refused when not given. */
  runScript?: RunScript;
  roles: RoleDirectory;
  logs: LogGroups;
  tags: Tags;
  clock: Clock;
  ids: Ids;
  accountId: string;
  region: string;
  log?: Log;
  emit?: EmitEvent;
}

/** `state` must have been opened with documentsSchema and jobsSchema. Runs found unfinished are ended as FAILED. */
export function openJobs(state: State, options: JobsOptions): Jobs {
  const definitions = openJobTable(state, options);
  const runs = openJobRunTable(state);
  const bookmarks = openBookmarkTable(state);
  const runner = openJobRunner(state, {
    emit: tellNobody,
    runScript: refuseScripts,
    ...options,
    log: options.log ?? silentLog,
    jobs: definitions,
    runs,
    bookmarks,
  });
  return {
    definitions,
    runs,
    bookmarks,
    start: (input, triggerName) => runner.start(input, triggerName),
    onEnd: (listener) => runner.onEnd(listener),
    stop: (jobName, runId) => runner.stop(jobName, runId),
    delete: (name) =>
      state.transaction(() => {
        if (definitions.delete(name)) runner.forget(name);
      }),
    close: () => runner.close(),
  };
}
