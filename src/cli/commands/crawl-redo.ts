// gluepot crawl redo [UNDO]
import { databasesOf, listJournals, type DocumentStore } from '../../change/index.js';
import { findCatalogHome } from '../../toolkit/catalog-snapshot/index.js';
import {
  findLastUndo,
  findUndo,
  planFromBackup,
  planInverse,
  UNDO_OPERATIONS,
} from '../../toolkit/crawl-undo/index.js';
import { carryOutUndo, sampleBackupAt, type CrawlChangeOptions } from '../carry-out-undo.js';
import { decisionOf } from '../change-options.js';
import type { CommandContext } from '../command.js';
import { endJournal } from '../end-journal.js';
import type { Outcome } from '../output.js';
import { requireQuietDatabases } from '../quiet-databases.js';
import { readSavedPlan, requireNewFile } from '../saved-plan.js';
import { withSnapshotStore } from '../snapshot-session.js';

export async function crawlRedo(
  context: CommandContext,
  undoId: string | undefined,
  given: CrawlChangeOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  const { crawler: crawlerName, database: DatabaseName } = given;
  requireNewFile(given.out);
  return withSnapshotStore(context, given, async (session) => {
    const { connection, store, calls } = session;
    const ofScope = { crawler: crawlerName, database: DatabaseName?.toLowerCase() };
    const meant = { operations: UNDO_OPERATIONS, resolved: { ...ofScope, inverseOf: undoId } };
    const ended = await endJournal(context, session, given, meant);
    if (ended) return ended;
    if (given.plan !== undefined) {
      return carryOutUndo(context, session, given, await readSavedPlan(given.plan, meant, output.progress));
    }
    const { clock } = connection;
    const access = { glue: connection.clients.glue, signal };
    const home = await findCatalogHome(connection.clients, { signal });
    const scope = { crawlerName, DatabaseName };
    const quiet = (databases: readonly string[]) =>
      requireQuietDatabases(context, connection.clients, given, databases);
    const place = given.fromBackup ?? (await sampleBackupOf(given, undoId, store));
    if (place !== undefined) {
      const backup = await sampleBackupAt(place, session, signal);
      const plan = await calls.during(output.progress, 'read the catalog', () =>
        planFromBackup(access, home, backup, scope, decisionOf(given), { clock }),
      );
      await quiet(databasesOf(plan));
      return carryOutUndo(context, session, given, plan);
    }
    const journal = await calls.during(output.progress, 'read the journal', () =>
      undoId === undefined ? findLastUndo(store, home, scope) : findUndo(store, undoId, scope),
    );
    await quiet(databasesOf(journal.plan));
    const plan = await calls.during(output.progress, 'read the catalog', () =>
      planInverse(access, home, journal, decisionOf(given), { clock }),
    );
    return carryOutUndo(context, session, given, plan);
  });
}

/**
 * The sample script's --backup-location is where its own backups are; that of `crawl undo`, which takes the same flag, has
 * journals instead.
 */
async function sampleBackupOf(
  { backupLocation }: CrawlChangeOptions,
  undoId: string | undefined,
  store: DocumentStore,
): Promise<string | undefined> {
  if (backupLocation === undefined || undoId !== undefined) return undefined;
  return (await listJournals(store)).length === 0 ? backupLocation : undefined;
}
