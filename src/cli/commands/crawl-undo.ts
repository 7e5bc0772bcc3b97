// gluepot crawl undo NAME
import { GluepotError } from '../../base/errors.js';
import { parseInstant } from '../../base/instant.js';
import { findCatalogHome } from '../../toolkit/catalog-snapshot/index.js';
import {
  besideCrawls,
  findCrawls,
  findSnapshotsAround,
  planUndo,
  UNDO_OPERATIONS,
} from '../../toolkit/crawl-undo/index.js';
import { decisionOf } from '../change-options.js';
import type { CommandContext } from '../command.js';
import { carryOutUndo, sampleBackupAt, type CrawlChangeOptions } from '../carry-out-undo.js';
import { countText } from '../count-text.js';
import { endJournal } from '../end-journal.js';
import type { Outcome } from '../output.js';
import { requireQuietDatabases } from '../quiet-databases.js';
import { readSavedPlan, requireNewFile } from '../saved-plan.js';
import { withSnapshotStore } from '../snapshot-session.js';

export interface UndoOptions extends CrawlChangeOptions {
  crawl?: string;
  since?: string;
}

export async function crawlUndo(
  context: CommandContext,
  named: string | undefined,
  given: UndoOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  const crawlerName = theCrawler(named, given);
  requireNewFile(given.out);
  return withSnapshotStore(context, given, async (session) => {
    const meant = { operations: UNDO_OPERATIONS, resolved: { crawler: crawlerName } };
    const ended = await endJournal(context, session, given, meant);
    if (ended) return ended;
    if (given.plan !== undefined) {
      return carryOutUndo(context, session, given, await readSavedPlan(given.plan, meant, output.progress));
    }
    if (crawlerName === undefined) {
      throw new GluepotError('usage', 'Which crawler? Name it: gluepot crawl undo NAME.');
    }
    const { clients, clock } = session.connection;
    const { glue } = clients;
    const home = await findCatalogHome(clients, { signal });
    const since = given.since === undefined ? undefined : parseInstant(given.since, clock.now());
    const asked = { crawlerName, crawlId: given.crawl, since, DatabaseName: given.database };
    const found = await findCrawls({ glue, clock, signal }, asked);
    await requireQuietDatabases(context, clients, given, [found.DatabaseName]);
    const around = await findSnapshotsAround(session.store, home, found);
    const backup =
      given.fromBackup === undefined ? undefined : await sampleBackupAt(given.fromBackup, session, signal);
    const { plan } = await session.calls.during(output.progress, 'read the catalog', (at) =>
      planUndo(
        { glue, signal },
        home,
        {
          found,
          around: { ...around, backup: backup && besideCrawls(backup, found) },
          ...decisionOf(given),
          statistics: given.statistics === false ? 'none' : given.statistics,
        },
        { clock, onProgress: (tables) => at(countText(tables, 'table')) },
      ),
    );
    return carryOutUndo(context, session, given, plan);
  });
}

function theCrawler(named: string | undefined, { crawler }: UndoOptions): string | undefined {
  if (named === undefined || crawler === undefined || named === crawler) return named ?? crawler;
  throw new GluepotError('usage', `Which crawler, ${named} or ${crawler}? Name one.`);
}
