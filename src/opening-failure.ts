// What it means when a data directory does not let itself be opened beyond its state file.
import { GluepotError, messageOf, systemErrorCode } from './base/errors.js';

/** The GluepotError for a refusal of the file system, naming the path; any other error as it is. */
export function openingFailure(dataDir: string, error: unknown): unknown {
  const path = error instanceof Error && 'path' in error ? String(error.path) : dataDir;
  switch (systemErrorCode(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new GluepotError(
        'usage',
        `${dataDir} cannot be a data directory: ${path} must be a folder, and there is a file (${messageOf(error)}). ` +
          'Move the file away, or choose another --data-dir.',
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new GluepotError(
        'failed',
        `${path} cannot be written to (${messageOf(error)}). All of ${dataDir} must belong to the user who runs gluepot. ` +
          'Change its permissions, or choose another --data-dir.',
        { cause: error },
      );
    default:
      return error;
  }
}
