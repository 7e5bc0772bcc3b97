// gluepot catalog snapshot prune
import { GluepotError } from '../../base/errors.js';
import {
  findCatalogHome,
  planPrune,
  pruneSnapshots,
  type PrunePlan,
  type RetentionPolicy,
} from '../../toolkit/catalog-snapshot/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { countText } from '../count-text.js';
import type { Colors, Outcome } from '../output.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';

export type PruneOptions = StoreOptions & RetentionPolicy & { dryRun?: boolean; yes?: boolean };

export async function catalogSnapshotPrune(context: CommandContext, given: PruneOptions): Promise<Outcome> {
  const { output, signal, leaves } = context;
  const { keepLast, keepDaily, keepWeekly, dryRun = false, yes = false } = given;
  const named = { keepLast, keepDaily, keepWeekly };
  const policy = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  if (Object.keys(policy).length === 0) {
    throw new GluepotError(
      'usage',
      'What is to stay? Say so with --keep-last, --keep-daily or --keep-weekly.',
    );
  }
  return withSnapshotStore(context, given, async ({ connection, store }) => {
    const { clients, clock } = connection;
    // By AWS's clock, which its answers tell, writers of snapshots and prunes see for how long others are at work.
    await findCatalogHome(clients, { signal });
    const plan = await planPrune(store, policy, clock);
    for (const { problem } of plan.unreadable) {
      output.warn(`${problem} It stays, and so does every object, for nobody knows what it needs.`);
    }
    output.print(renderPrune(plan, output.colors));
    const result = { store: store.location, dryRun, ...plan };
    if (dryRun || plan.remove.length + plan.objects.length + plan.abandoned.length === 0) return { result };
    await confirm('Remove these?', { isYes: yes, signal });
    leaves('What was removed is gone, and what is still there is whole: the same command goes on.');
    const report = await pruneSnapshots(store, policy, { clock, signal });
    output.print(
      `Removed ${countText(report.removed.length, 'snapshot')} and ${countText(report.objects, 'object')}, ${bytesText(report.bytes)}.`,
    );
    if (report.abandoned > 0) {
      output.print(`Removed ${countText(report.abandoned, 'file')} of writers that were killed.`);
    }
    if (report.waitingFor.length > 0) {
      output.warn(
        `Objects stay while snapshots are being written (${report.waitingFor.join(', ')}); prune again later.`,
      );
    }
    if (report.isPartial) output.warn('There was more than time; prune again.');
    return { result: { ...result, report } };
  });
}

function renderPrune({ keep, remove, objects, abandoned }: PrunePlan, colors: Colors): string {
  const size = objects.reduce((sum, object) => sum + object.size, 0);
  return [
    ...keep.map(({ id, reasons }) => `    ${id} stays: ${reasons.join(', ')}`),
    ...remove.map((id) => `  ${colors.red('-')} ${id}`),
    ...abandoned.map(({ path }) => `  ${colors.red('-')} ${path} (left by a writer that was killed)`),
    `${countText(remove.length, 'snapshot')} to remove, ${keep.length} to keep; ` +
      `${countText(objects.length, 'object')} to remove, ${bytesText(size)}.`,
  ].join('\n');
}
