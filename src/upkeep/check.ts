// Checks a data directory that nobody holds, and changes nothing in it.
import { checkCatalog } from '../catalog/check-catalog.js';
import { checkState } from '../state/check-state.js';
import type { Finding } from '../state/finding.js';
import { openStateAsItIs, type StateSchema } from '../state/state.js';
import { checkStorage } from '../storage/check-storage.js';
import { objectsPath, statePath } from './data-directory.js';

/**
 * What is wrong: nothing when the list is empty.
 * @param options.content also reads every object that was written through S3 and compares its MD5
 * @throws GluepotError `guard-refused` when a process holds it, `usage` when there is none, `failed` when it cannot be
 *   opened at all
 */
export async function checkDataDirectory(
  dataDir: string,
  options: { schemas: readonly StateSchema[]; content: boolean },
): Promise<Finding[]> {
  const state = openStateAsItIs(statePath(dataDir), options.schemas);
  try {
    const damage = checkState(state);
    // What a damaged file says of its content means nothing.
    if (damage.length > 0) return damage;
    if (!state.isCurrent) return [OLDER];
    return [...checkCatalog(state), ...(await checkStorage(state, objectsPath(dataDir), options))];
  } finally {
    state.close();
  }
}

const OLDER: Finding = {
  severity: 'warning',
  area: 'state',
  message:
    'An older gluepot wrote this, and its content was not checked, only its file. Any command that opens it upgrades it; ' +
    'make a backup first.',
};
