// gluepot catalog snapshot diff BEFORE AFTER
import {
  compareSnapshots,
  findCatalogHome,
  type ObjectDifference,
} from '../../toolkit/catalog-snapshot/index.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import type { Outcome } from '../output.js';
import { PackedValues } from '../packed-values.js';
import { differencePrinter, leftOutText } from '../render-differences.js';
import { withSlowProgress } from '../slow-progress.js';
import { withSnapshotStore } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';

const CHANGES_PRESENT = 2;

export async function catalogSnapshotDiff(
  context: CommandContext,
  [before, after]: readonly [string, string],
  given: StoreOptions & { detailedExitcode?: boolean },
): Promise<Outcome> {
  const { output, signal } = context;
  return withSnapshotStore(context, given, async ({ connection, store, calls }) => {
    const { glue } = connection.clients;
    const home = await findCatalogHome(connection.clients, { signal });
    const compared = await calls.during(output.progress, 'read the catalog', (at) =>
      compareSnapshots({ glue, signal }, home, store, [before, after], {
        onProgress: ({ tables, partitions }) => at(`${tables} tables, ${partitions} partitions`),
      }),
    );
    try {
      const printer = differencePrinter((text) => output.print(text), output.colors);
      const differences = new PackedValues();
      output.print(`From ${compared.before} to ${compared.after}:`);
      for (const one of compared.leftOut) output.print(leftOutText(one, compared[one.knownTo]));
      await withSlowProgress(output.progress, 'compare', async (at) => {
        let count = 0;
        for await (const difference of compared.differences) {
          printer.print(difference);
          if (output.isJson) differences.add(documentOf(difference));
          at(countText(++count, 'difference'));
        }
      });
      printer.finish();
      const { counts } = printer;
      const isChange = counts.create + counts.update + counts.delete > 0;
      return {
        result: {
          ...{ before: compared.before, after: compared.after, leftOut: compared.leftOut },
          ...{ counts, differences },
        },
        exitCode: given.detailedExitcode && isChange ? CHANGES_PRESENT : 0,
      };
    } finally {
      await compared.close();
    }
  });
}

/** Whole definitions where an object came or went, the differing members where it changed. */
function documentOf({ action, key, before, after, differences }: ObjectDifference) {
  if (action === 'update') return { action, key, differences };
  return { action, key, ...(before ? { before: before.definition } : { after: after?.definition }) };
}
