// What undo and redo of a crawl have in common: their options, and how their plans are carried out.
import { openDocumentStore, type Plan } from '../change/index.js';
import { applyUndo, readSampleBackup, type SampleBackup } from '../toolkit/crawl-undo/index.js';
import { carryOutPlan } from './carry-out-plan.js';
import type { ChangeOptions } from './change-options.js';
import type { CommandContext } from './command.js';
import { commandToType } from './command-to-type.js';
import { countText } from './count-text.js';
import type { FormerOptions } from './former-flags.js';
import type { Outcome } from './output.js';
import type { SnapshotSession } from './snapshot-session.js';
import { readVersion } from './version.js';

export interface CrawlChangeOptions extends ChangeOptions, FormerOptions {
  database?: string;
  fromBackup?: string;
  /** False with --no-statistics. */
  statistics: 'tables' | 'all' | false;
  /** The crawler, when it is named by an option: by the former flag of undo. */
  crawler?: string;
}

/** @throws as `carryOutPlan` */
export function carryOutUndo(
  context: CommandContext,
  session: SnapshotSession,
  given: CrawlChangeOptions,
  plan: Plan,
): Promise<Outcome> {
  const { options, output, signal } = context;
  const { connection, store } = session;
  return carryOutPlan(context, session, given, {
    plan,
    apply: (watching) =>
      applyUndo(connection.clients, store, plan, {
        version: readVersion(),
        clock: connection.clock,
        statistics: given.statistics === false ? 'none' : 'tables',
        signal,
        ...watching,
      }),
    print({ applied, journalId, snapshotId }) {
      output.print(
        `${countText(applied, 'change')} made, read back and verified. Journal ${journalId}, snapshot from before ${snapshotId}.`,
      );
      if (applied > 0 && journalId !== undefined) {
        output.print(`To take it back: ${commandToType({ options, given }, 'crawl', 'redo', journalId)}`);
      }
    },
  });
}

/** @throws GluepotError `usage` when there is none, or it is torn or foreign */
export function sampleBackupAt(
  place: string,
  { connection }: SnapshotSession,
  signal: AbortSignal,
): Promise<SampleBackup> {
  return readSampleBackup(openDocumentStore(place, connection.clients, { signal }));
}
