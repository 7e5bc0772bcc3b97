// gluepot catalog snapshot restore SNAPSHOT
import { GluepotError } from '../../base/errors.js';
import {
  checkGuards,
  countActions,
  isActing,
  parseDeleteLimit,
  planText,
  resumeApply,
  rollBackApply,
  type ApplyEvent,
  type ApplyReport,
} from '../../change/index.js';
import {
  applyRestore,
  findCatalogHome,
  planRestore,
  resolveSnapshotId,
  type RestoreAsked,
} from '../../toolkit/catalog-snapshot/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import type { Outcome, Output } from '../output.js';
import { renderChangePlan } from '../render-change-plan.js';
import { withSlowProgress } from '../slow-progress.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';
import { readVersion } from '../version.js';

export interface RestoreOptions extends StoreOptions {
  database?: string[];
  table?: string;
  onConflict?: 'abort' | 'keep-current' | 'force';
  includeTableFormats?: boolean;
  maxChanges?: number;
  maxDeletes?: string;
  resume?: string;
  rollBack?: string;
  dryRun?: boolean;
  yes?: boolean;
}

export async function catalogSnapshotRestore(
  context: CommandContext,
  text: string | undefined,
  given: RestoreOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  if (given.resume !== undefined || given.rollBack !== undefined) return endJournal(context, given);
  if (text === undefined) {
    throw new GluepotError(
      'usage',
      'Which snapshot is to be restored? Give one that catalog snapshot list shows.',
    );
  }
  const { maxChanges, dryRun = false, yes = false } = given;
  const maxDeletes = given.maxDeletes === undefined ? undefined : parseDeleteLimit(given.maxDeletes);
  return withSnapshotStore(context, given, async ({ connection, store }) => {
    const { glue } = connection.clients;
    const home = await findCatalogHome(connection.clients, { signal });
    const asked = askedOf(await resolveSnapshotId(store, text), given);
    const { plan, objectCount } = await withSlowProgress(output.progress, 'read the catalog', (at) =>
      planRestore({ glue, signal }, home, store, asked, {
        onProgress: ({ tables, partitions }) => at(`${tables} tables, ${partitions} partitions`),
      }),
    );
    output.print(
      `Restore ${asked.snapshotId}, taken ${plan.subject.resolved.takenAt} (${connection.description})`,
    );
    output.print(renderChangePlan(plan, output.colors));
    const counts = countActions(plan.changes);
    const planned = { dryRun, plan: JSON.parse(planText(plan)) as unknown, counts };
    if (dryRun) return { result: planned };
    if (!plan.changes.some(isActing)) {
      output.print('Nothing to do.');
      return { result: planned };
    }
    if (counts.conflict > 0) {
      throw new GluepotError(
        'conflict',
        `Nothing was done: ${counts.conflict} objects were changed since the last snapshot. Keep them with --on-conflict ` +
          'keep-current, overwrite them with --on-conflict force, or take a snapshot first, which then knows them.',
      );
    }
    checkGuards(plan, { maxChanges, maxDeletes, objectCount });
    await confirm('Make these changes?', { isYes: yes, signal });
    const report = await withSlowProgress(output.progress, 'restore', (at) =>
      applyRestore(connection.clients, store, plan, { version: readVersion(), signal, onEvent: telling(at) }),
    );
    printReport(output, report);
    output.print(
      `As it was: snapshot ${report.beforeId}; to undo this: gluepot catalog snapshot restore ${report.beforeId}`,
    );
    return { result: { ...planned, report } };
  });
}

/** Finishes or takes back a restore that was cut short. */
async function endJournal(context: CommandContext, given: RestoreOptions): Promise<Outcome> {
  const { output, signal } = context;
  const { resume, rollBack } = given;
  return withSnapshotStore(context, given, async ({ connection, store }) => {
    const access = { glue: connection.clients.glue, signal };
    const report = await withSlowProgress(output.progress, 'restore', (at) =>
      resume !== undefined
        ? resumeApply(access, store, resume, { signal, onEvent: telling(at) })
        : rollBackApply(access, store, rollBack as string, { signal, onEvent: telling(at) }),
    );
    printReport(output, report);
    return { result: { report } };
  });
}

function telling(at: (detail: string) => void): (event: ApplyEvent) => void {
  return ({ done, total }) => at(`${done} of ${total}`);
}

function printReport(output: Output, report: ApplyReport): void {
  for (const loss of report.notRestored) output.warn(loss);
  output.print(
    `${report.applied} changes made${report.alreadySo > 0 ? `, ${report.alreadySo} already so` : ''}` +
      `${report.verified ? '; all was read back and is as it was to be' : ''}. Journal ${report.journalId}.`,
  );
}

function askedOf(snapshotId: string, given: RestoreOptions): RestoreAsked {
  const { database, table, onConflict, includeTableFormats } = given;
  return {
    snapshotId,
    scope: {
      ...(database ? { databases: database } : {}),
      ...(table === undefined ? {} : { tables: table }),
    },
    ...(onConflict ? { onConflict } : {}),
    ...(includeTableFormats ? { tableFormats: 'without-pointers' } : {}),
  };
}
