// Bookmarks of jobs as they are kept: the present one, and what it was after each run that moved it.
import type { JobBookmarkEntry } from '@aws-sdk/client-glue';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import { AwsError } from '../../wire/aws-error.js';
import type { SourceMark } from './source-mark.js';

export interface Bookmark {
  /** One more with every change. */
  version: number;
  /** Runs that moved it. */
  run: number;
  attempt: number;
  runId?: string;
  previousRunId?: string;
  /** By node. */
  sources: Record<string, SourceMark>;
}

export interface BookmarkTable {
  find(jobName: string): Bookmark | undefined;
  /** As it was when the run was over; undefined for a run that moved none. */
  findAfter(jobName: string, runId: string): Bookmark | undefined;
  /** Must be called within the transaction that records the run's end. */
  put(jobName: string, runId: string, bookmark: Bookmark): void;
  /** @throws AwsError EntityNotFoundException */
  get(jobName: string, runId?: string): JobBookmarkEntry;
  /** Back to the beginning, or to what it was after a run. @throws AwsError EntityNotFoundException */
  reset(jobName: string, runId?: string): JobBookmarkEntry;
  forget(jobName: string): void;
}

export function openBookmarkTable(state: State): BookmarkTable {
  const current = openDocuments<Bookmark>(state, 'glue-job-bookmark');
  const afterRuns = openDocuments<Bookmark>(state, 'glue-job-bookmark-after-run');
  const keyOf = (jobName: string, runId: string) => `${encodeURIComponent(jobName)}/${runId}`;
  const find: BookmarkTable['find'] = (jobName) => current.get(jobName);
  const findAfter: BookmarkTable['findAfter'] = (jobName, runId) => afterRuns.get(keyOf(jobName, runId));
  const require = (jobName: string, runId: string | undefined): Bookmark => {
    const found = runId === undefined ? find(jobName) : findAfter(jobName, runId);
    if (found) return found;
    const of = runId === undefined ? '' : ` and run ${runId}`;
    throw new AwsError('EntityNotFoundException', `Continuation for job ${jobName}${of} not found`);
  };
  return {
    find,
    findAfter,
    put(jobName, runId, bookmark) {
      current.put(jobName, bookmark);
      afterRuns.put(keyOf(jobName, runId), bookmark);
    },
    get: (jobName, runId) => entryOf(jobName, require(jobName, runId)),
    reset(jobName, runId) {
      return state.transaction(() => {
        const { version, run } = require(jobName, undefined);
        const bookmark = {
          ...stateAfterReset(runId === undefined ? undefined : require(jobName, runId)),
          version: version + 1,
          run,
        };
        current.put(jobName, bookmark);
        return entryOf(jobName, bookmark);
      });
    },
    forget(jobName) {
      current.delete(jobName);
      for (const { key } of afterRuns.list({ prefix: `${encodeURIComponent(jobName)}/` }))
        afterRuns.delete(key);
    },
  };
}

/**
 * AWS docs say of ResetJobBookmark with a RunId only that it names a run, and of rewinding that the next run reads "data only
 * from the bookmarked job run" on. Taken here as: the bookmark is what it was when that run was over.
 */
function stateAfterReset(after: Bookmark | undefined): Pick<Bookmark, 'attempt' | 'runId' | 'sources'> {
  if (!after) return { attempt: 0, sources: {} };
  const { attempt, runId, sources } = after;
  return { attempt, ...(runId === undefined ? {} : { runId }), sources };
}

function entryOf(
  JobName: string,
  { version, run, attempt, runId, previousRunId, sources }: Bookmark,
): JobBookmarkEntry {
  return {
    JobName,
    Version: version,
    Run: run,
    Attempt: attempt,
    PreviousRunId: previousRunId,
    RunId: runId,
    JobBookmark: JSON.stringify(sources),
  };
}
