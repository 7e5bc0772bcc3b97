// gluepot catalog snapshot restore SNAPSHOT
import { GluepotError } from '../../base/errors.js';
import {
  applyRestore,
  findCatalogHome,
  planRestore,
  readSnapshot,
  resolveSnapshotId,
  snapshotAfterRestore,
  type RestoreAsked,
} from '../../toolkit/catalog-snapshot/index.js';
import type { Plan } from '../../change/index.js';
import { carryOutPlan } from '../carry-out-plan.js';
import { decisionOf, type ChangeOptions } from '../change-options.js';
import type { CommandContext } from '../command.js';
import { commandToType } from '../command-to-type.js';
import { countText } from '../count-text.js';
import { endJournal } from '../end-journal.js';
import type { Outcome } from '../output.js';
import { requireQuietDatabases } from '../quiet-databases.js';
import { readSavedPlan, requireNewFile } from '../saved-plan.js';
import { withSnapshotStore, type SnapshotSession } from '../snapshot-session.js';
import { readVersion } from '../version.js';

export interface RestoreOptions extends ChangeOptions {
  database?: string[];
}

export async function catalogSnapshotRestore(
  context: CommandContext,
  text: string | undefined,
  given: RestoreOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  requireNewFile(given.out);
  return withSnapshotStore(context, given, async (session) => {
    const { connection, store } = session;
    const snapshotId = text === undefined ? undefined : await resolveSnapshotId(store, text);
    const meant = { operations: ['snapshot-restore' as const], resolved: { snapshot: snapshotId } };
    const ended = await endJournal(context, session, given, meant, (plan, report) =>
      snapshotAfterRestore(connection.clients, store, plan, report, {
        ...{ version: readVersion(), signal, clock: connection.clock },
      }),
    );
    if (ended) return ended;
    if (given.plan !== undefined) {
      return carryOut(context, session, given, await readSavedPlan(given.plan, meant, output.progress));
    }
    if (snapshotId === undefined) {
      throw new GluepotError(
        'usage',
        'Which snapshot is to be restored? Give one that catalog snapshot list shows.',
      );
    }
    const { glue } = connection.clients;
    const { manifest } = await readSnapshot(store, snapshotId);
    const databases = given.database ?? manifest.databases.map(({ DatabaseName }) => DatabaseName);
    await requireQuietDatabases(context, connection.clients, given, databases);
    const home = await findCatalogHome(connection.clients, { signal });
    const { plan } = await session.calls.during(output.progress, 'read the catalog', (at) =>
      planRestore({ glue, signal }, home, store, askedOf(snapshotId, given), {
        clock: connection.clock,
        onProgress: ({ tables, partitions }) => at(`${tables} tables, ${partitions} partitions`),
      }),
    );
    return carryOut(context, session, given, plan);
  });
}

function carryOut(
  context: CommandContext,
  session: SnapshotSession,
  given: RestoreOptions,
  plan: Plan,
): Promise<Outcome> {
  const { options, output, signal } = context;
  const { connection, store } = session;
  return carryOutPlan(context, session, given, {
    plan,
    advice: ', or take a snapshot first, which then knows them',
    apply: (watching) =>
      applyRestore(connection.clients, store, plan, {
        ...{ version: readVersion(), clock: connection.clock, signal },
        ...watching,
      }),
    print({ applied, journalId, beforeId }) {
      output.print(`${countText(applied, 'change')} made, read back and verified. Journal ${journalId}.`);
      const back = commandToType({ options, given }, 'catalog', 'snapshot', 'restore', beforeId);
      output.print(`As it was: snapshot ${beforeId}; to undo this: ${back}`);
    },
  });
}

function askedOf(snapshotId: string, given: RestoreOptions): RestoreAsked {
  return { snapshotId, databases: given.database, ...decisionOf(given) };
}
