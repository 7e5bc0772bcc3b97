// gluepot catalog snapshot verify [SNAPSHOT]
import { resolveSnapshotId, verifySnapshots } from '../../toolkit/catalog-snapshot/index.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import type { Outcome } from '../output.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';

const DAMAGED = 1;

export async function catalogSnapshotVerify(
  context: CommandContext,
  text: string | undefined,
  given: StoreOptions,
): Promise<Outcome> {
  const { output } = context;
  return withSnapshotStore(context, given, async ({ store }) => {
    const id = text === undefined ? undefined : await resolveSnapshotId(store, text);
    const result = await verifySnapshots(store, id);
    for (const { snapshots, problem } of result.problems) {
      output.print(`${output.colors.red('damaged')} ${problem} It is needed by ${snapshots.join(', ')}.`);
    }
    output.print(
      `${countText(result.snapshots, 'snapshot')}, ${countText(result.objects, 'object')}: ` +
        (result.problems.length === 0
          ? 'every one is as its checksum says.'
          : `${countText(result.problems.length, 'is', 'are')} damaged or missing.`),
    );
    if (result.unreferenced) {
      output.print(
        `${countText(result.unreferenced, 'object is', 'objects are')} needed by none; catalog snapshot prune removes them.`,
      );
    }
    return {
      result: { store: store.location, ...result },
      exitCode: result.problems.length === 0 ? 0 : DAMAGED,
    };
  });
}
