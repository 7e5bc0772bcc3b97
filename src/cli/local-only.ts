// Commands that are about the embedded AWS's files and mean nothing elsewhere.
import { GluepotError } from '../base/errors.js';
import type { GlobalOptions } from './global-options.js';

/** @throws GluepotError `usage` for --target aws and --endpoint-url */
export function refuseAws({ target, endpointUrl }: GlobalOptions): void {
  if (target === 'local' && endpointUrl === undefined) return;
  throw new GluepotError(
    'usage',
    'gluepot local works on the files of a data directory; it has no --target aws and no --endpoint-url.',
  );
}
