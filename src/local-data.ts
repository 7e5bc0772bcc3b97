// The data directory of the embedded AWS as files: backup, restore, check. Nobody may hold it meanwhile.
import { GluepotError } from './base/errors.js';
import { findServer } from './server-file.js';
import type { Finding } from './state/finding.js';
import type { BackupReport } from './upkeep/backup.js';
import type { RestorePlan } from './upkeep/restore.js';

export type { BackupReport, Finding, RestorePlan };

/** @throws GluepotError as backUp of src/upkeep/backup.ts, naming the server when one holds the folder */
export async function backUpLocal(
  dataDir: string,
  backup: string,
  options: { version: string },
): Promise<BackupReport> {
  const [{ backUp }, { STATE_SCHEMAS: schemas }] = await Promise.all([
    import('./upkeep/backup.js'),
    import('./state-schemas.js'),
  ]);
  return namingTheServer(dataDir, () => backUp(dataDir, backup, { ...options, schemas, now: new Date() }));
}

/** Changes nothing. @throws GluepotError as planRestore of src/upkeep/restore.ts */
export async function planRestoreLocal(backup: string, dataDir: string): Promise<RestorePlan> {
  const { planRestore } = await import('./upkeep/restore.js');
  return planRestore(backup, dataDir);
}

/** @throws GluepotError as restore of src/upkeep/restore.ts */
export async function restoreLocal(plan: RestorePlan): Promise<void> {
  const [{ restore }, { STATE_SCHEMAS }] = await Promise.all([
    import('./upkeep/restore.js'),
    import('./state-schemas.js'),
  ]);
  await restore(plan, STATE_SCHEMAS);
}

/** @throws GluepotError as checkDataDirectory of src/upkeep/check.ts, naming the server when one holds the folder */
export async function checkLocal(dataDir: string, options: { content: boolean }): Promise<Finding[]> {
  const [{ checkDataDirectory }, { STATE_SCHEMAS: schemas }] = await Promise.all([
    import('./upkeep/check.js'),
    import('./state-schemas.js'),
  ]);
  return namingTheServer(dataDir, () => checkDataDirectory(dataDir, { ...options, schemas }));
}

async function namingTheServer<T>(dataDir: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const isHeld = error instanceof GluepotError && error.kind === 'guard-refused';
    const server = isHeld ? await findServer(dataDir) : undefined;
    if (!server) throw error;
    throw new GluepotError(
      'guard-refused',
      `${dataDir} is served at ${server.endpoint} by process ${server.pid}, and changes while it is. ` +
        'Stop the server (Ctrl-C where it runs), and try again.',
      { cause: error },
    );
  }
}
