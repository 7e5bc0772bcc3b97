// What a store has lost or altered of a snapshot: not to be mistaken for a store that does not answer.
import { GluepotError } from '../../base/errors.js';

/** A manifest or an object is missing, or is not what its checksum says; the message names it. Of kind `failed`. */
export class DamagedSnapshotError extends GluepotError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('failed', message, options);
  }
}
