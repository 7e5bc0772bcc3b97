// A run's use of its job's bookmark: which files are new to it, and where the bookmark stands when it succeeds.
import type { JobRunRecord } from '../job-run.js';
import type { Bookmark, BookmarkTable } from './bookmark-table.js';
import {
  isRead,
  nextMark,
  NOTHING_READ,
  withinBand,
  type ListedFile,
  type SourceMark,
} from './source-mark.js';

/** AWS's model, MaxBand and MaxFilesInBand of the S3 sources. */
const BAND_MS_DEFAULT = 900_000;
const FILES_IN_BAND_DEFAULT = 1000;

export interface SourceLimits {
  /** Milliseconds. */
  MaxBand?: number | undefined;
  MaxFilesInBand?: number | undefined;
}

export interface RunBookmark {
  /**
   * The files of a source that the run reads. `bound` leaves of the new ones as many as the source asks for; what it leaves
   * out is new to the next run, too.
   */
  takeFiles<File extends ListedFile>(
    source: string,
    files: readonly File[],
    limits: SourceLimits,
    bound: (files: File[]) => File[],
  ): File[];
}

export interface OpenedBookmark extends RunBookmark {
  /**
   * Moves the job's bookmark to what was taken; must be called within the transaction that records the run's success.
   * Answers why that cannot be, when it was moved by another.
   */
  commit(): string | undefined;
}

const OPTIONS = ['job-bookmark-enable', 'job-bookmark-disable', 'job-bookmark-pause'];

/**
 * @returns undefined when the run has none
 * @throws Error for an option that is unknown, and a range of runs that cannot be
 */
export function openRunBookmark(
  table: BookmarkTable,
  run: Pick<JobRunRecord, 'jobName' | 'runId' | 'attempt'>,
  args: Readonly<Record<string, string>>,
  now: () => number,
): OpenedBookmark | undefined {
  const option = args['--job-bookmark-option'] ?? 'job-bookmark-disable';
  if (!OPTIONS.includes(option)) {
    throw new Error(`--job-bookmark-option is "${option}"; it can be ${OPTIONS.join(', ')}.`);
  }
  if (option === 'job-bookmark-disable') return undefined;
  if (option === 'job-bookmark-pause') return openPaused(table, run.jobName, args, now);
  const base = table.find(run.jobName);
  const sources: Record<string, SourceMark> = { ...base?.sources };
  return {
    takeFiles(source, files, limits, bound) {
      const mark = base?.sources[source] ?? NOTHING_READ;
      const { MaxBand: bandMs = BAND_MS_DEFAULT, MaxFilesInBand: fileCountMax = FILES_IN_BAND_DEFAULT } =
        limits;
      const band = { listedMs: now(), bandMs, fileCountMax };
      const fresh = files.filter((file) => !isRead(mark, file));
      const taken = bound(withinBand(mark, fresh, band));
      const isTaken = new Set(taken);
      sources[source] = nextMark(mark, { taken, left: fresh.filter((file) => !isTaken.has(file)), band });
      return taken;
    },
    commit() {
      const current = table.find(run.jobName);
      const [expected, found] = [base?.version ?? 0, current?.version ?? 0];
      // AWS's words, seen in reports of jobs whose runs overlapped.
      if (expected !== found) {
        return (
          `Continuation update failed due to version mismatch. Expected version ${expected} but found version ${found}. ` +
          'Another run of the job, or a reset, moved its bookmark meanwhile: let runs with bookmarks not overlap (MaxConcurrentRuns 1).'
        );
      }
      table.put(run.jobName, run.runId, moved(base, run, sources));
      return undefined;
    },
  };
}

function moved(
  base: Bookmark | undefined,
  { runId, attempt }: Pick<JobRunRecord, 'runId' | 'attempt'>,
  sources: Record<string, SourceMark>,
): Bookmark {
  return {
    version: (base?.version ?? 0) + 1,
    run: (base?.run ?? 0) + 1,
    attempt,
    runId,
    ...(base?.runId === undefined ? {} : { previousRunId: base.runId }),
    sources,
  };
}

/** AWS docs: what is new since the last run, or what the runs behind job-bookmark-from up to job-bookmark-to read; nothing moves. */
function openPaused(
  table: BookmarkTable,
  jobName: string,
  args: Readonly<Record<string, string>>,
  now: () => number,
): OpenedBookmark {
  const [from, to] = [args['--job-bookmark-from'], args['--job-bookmark-to']];
  if ((from === undefined) !== (to === undefined)) {
    throw new Error(
      '--job-bookmark-from and --job-bookmark-to name a range of runs together; give both or neither.',
    );
  }
  const after = (runId: string) => {
    const found = table.findAfter(jobName, runId);
    if (!found)
      throw new Error(
        `The run ${runId} of ${jobName} has moved no bookmark, so nothing can be read from or to it.`,
      );
    return found;
  };
  const first = from === undefined ? table.find(jobName) : after(from);
  const last = to === undefined ? undefined : after(to);
  return {
    takeFiles(source, files, limits, bound) {
      const mark = first?.sources[source] ?? NOTHING_READ;
      const fresh = files.filter((file) => !isRead(mark, file));
      if (last) {
        const end = last.sources[source] ?? NOTHING_READ;
        return bound(fresh.filter((file) => isRead(end, file)));
      }
      const { MaxBand: bandMs = BAND_MS_DEFAULT, MaxFilesInBand: fileCountMax = FILES_IN_BAND_DEFAULT } =
        limits;
      return bound(withinBand(mark, fresh, { listedMs: now(), bandMs, fileCountMax }));
    },
    commit: () => undefined,
  };
}
