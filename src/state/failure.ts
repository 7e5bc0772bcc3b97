// What SQLite's errors mean to people: which file, what is wrong with it, what to do.
import { GluepotError, messageOf } from '../base/errors.js';

/** SQLite's primary result codes, as far as they speak of the file and not of the statement. */
const CODES = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** SQLite's primary result code, if `error` is SQLite's. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}

/**
 * The GluepotError for a failure of the file itself (full disk, I/O error, damage, another process, no permission);
 * any other error as it is. Whatever was not committed then is not kept.
 */
export function stateFailure(path: string, error: unknown): unknown {
  const reason = messageOf(error);
  switch (resultCode(error)) {
    case CODES.busy:
    case CODES.locked:
      return new GluepotError(
        'guard-refused',
        `${path} is in use by another process. Stop that process, or choose another --data-dir.`,
        { cause: error },
      );
    case CODES.full:
      return new GluepotError(
        'failed',
        `${path} cannot grow: the disk is full (${reason}). What was asked for was not done and nothing of it is kept. ` +
          'Free some space and try again.',
        { cause: error },
      );
    case CODES.io:
      return new GluepotError(
        'failed',
        `${path} cannot be read or written (${reason}). What was asked for was not done. ` +
          'Look after the disk and its quota, then try again.',
        { cause: error },
      );
    case CODES.corrupt:
    case CODES.notADatabase:
      return tornState(path, reason, error);
    case CODES.readOnly:
    case CODES.cannotOpen:
      return unusableState(path, reason, error);
    default:
      return error;
  }
}

/** The disk did not take what was committed: what it holds now is known only after the file is opened again. */
export function syncFailure(path: string, error: unknown): GluepotError {
  return new GluepotError(
    'failed',
    `${path} could not be brought to the disk (${messageOf(error)}), so nothing is acknowledged any more. ` +
      'Look after the disk, then start again.',
    { cause: error },
  );
}

/** The file holds what no gluepot has written. */
export function tornState(path: string, reason: string, cause?: unknown): GluepotError {
  return new GluepotError(
    'failed',
    `${path} cannot be read as a gluepot state file: ${reason}. It was left as it is. ` +
      'Restore it from a backup (gluepot local restore), or choose another --data-dir.',
    { cause },
  );
}

/** The file or its folder does not let itself be opened for writing. */
export function unusableState(path: string, reason: string, cause?: unknown): GluepotError {
  return new GluepotError(
    'failed',
    `${path} cannot be opened for writing (${reason}). The folder must be one that this user may write to. ` +
      'Change its permissions, or choose another --data-dir.',
    { cause },
  );
}
