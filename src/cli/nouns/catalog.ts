// gluepot catalog: its commands, options and help.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { addChangeOptions } from '../change-options.js';
import type { CreateOptions } from '../commands/catalog-snapshot-create.js';
import type { PruneOptions } from '../commands/catalog-snapshot-prune.js';
import type { RestoreOptions } from '../commands/catalog-snapshot-restore.js';
import { collected, wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';
import { storeOption, type StoreOptions } from '../store-option.js';

const COUNT = wholeNumber(0, 100_000);

export function addCatalog(program: Command, run: Runner): void {
  const catalog = program
    .command('catalog')
    .description('the Data Catalog: copies of it that can be put back');
  const snapshot = catalog
    .command('snapshot')
    .description(
      'copies of databases, tables, partitions, indexes and statistics; what did not change costs nothing',
    );

  const create = snapshot
    .command('create')
    .description('take a snapshot')
    .addOption(storeOption())
    .option('--database <name>', 'only this database; may be repeated', collected)
    .option('--table <glob>', 'only tables whose name matches, e.g. "orders_*"')
    .addOption(
      new Option(
        '--include-statistics [of]',
        'also column statistics; of all costs a call a partition',
      ).choices(['tables', 'all']),
    )
    .option('--label <name=value>', 'what it is for; may be repeated', labelled);
  create.action(async (options: CreateOptions) => {
    await run(create, async (context) =>
      (await import('../commands/catalog-snapshot-create.js')).catalogSnapshotCreate(context, options),
    );
  });

  const list = snapshot
    .command('list')
    .description('show snapshots, newest first')
    .addOption(storeOption())
    .option('--limit <count>', 'only the newest so many', wholeNumber(1, 100_000));
  list.action(async (options: StoreOptions & { limit?: number }) => {
    await run(list, async (context) =>
      (await import('../commands/catalog-snapshot-list.js')).catalogSnapshotList(context, options),
    );
  });

  const show = snapshot
    .command('show <snapshot> [object]')
    .description('show what is in a snapshot: all tables, or one DATABASE or DATABASE.TABLE as JSON')
    .addOption(storeOption())
    .option('--partitions', 'with a table: its partitions, too');
  show.action(
    async (id: string, object: string | undefined, options: StoreOptions & { partitions?: boolean }) => {
      await run(show, async (context) =>
        (await import('../commands/catalog-snapshot-show.js')).catalogSnapshotShow(
          context,
          [id, object],
          options,
        ),
      );
    },
  );

  const diff = snapshot
    .command('diff <before> <after>')
    .description(
      'show what changed between two snapshots; @now is the catalog as it is, latest the newest snapshot',
    )
    .addOption(storeOption())
    .option('--detailed-exitcode', 'exit with 2 when there are differences');
  diff.action(
    async (before: string, after: string, options: StoreOptions & { detailedExitcode?: boolean }) => {
      await run(diff, async (context) =>
        (await import('../commands/catalog-snapshot-diff.js')).catalogSnapshotDiff(
          context,
          [before, after],
          options,
        ),
      );
    },
  );

  const restore = snapshot
    .command('restore [snapshot]')
    .description(
      'make the catalog what it was in a snapshot; what changed since the last snapshot is a conflict',
    )
    .option('--database <name>', 'only this database; may be repeated', collected);
  addChangeOptions(restore, ['database']);
  restore.action(async (id: string | undefined, options: RestoreOptions) => {
    await run(restore, async (context) =>
      (await import('../commands/catalog-snapshot-restore.js')).catalogSnapshotRestore(context, id, options),
    );
  });

  const prune = snapshot
    .command('prune')
    .description('remove snapshots that are not to be kept, and objects that none needs')
    .addOption(storeOption())
    .option('--keep-last <count>', 'keep the newest so many of each scope', wholeNumber(1, 100_000))
    .option('--keep-daily <count>', 'keep the last one of each of so many days', COUNT)
    .option('--keep-weekly <count>', 'keep the last one of each of so many weeks', COUNT)
    .option('--dry-run', 'only show what would be removed')
    .option('-y, --yes', 'do not ask');
  prune.action(async (options: PruneOptions) => {
    await run(prune, async (context) =>
      (await import('../commands/catalog-snapshot-prune.js')).catalogSnapshotPrune(context, options),
    );
  });

  const verify = snapshot
    .command('verify [snapshot]')
    .description('read everything that one snapshot needs, or all of them, and compare it with its checksums')
    .addOption(storeOption());
  verify.action(async (id: string | undefined, options: StoreOptions) => {
    await run(verify, async (context) =>
      (await import('../commands/catalog-snapshot-verify.js')).catalogSnapshotVerify(context, id, options),
    );
  });
}

function labelled(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([\w.-]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...before, [name]: value };
}
