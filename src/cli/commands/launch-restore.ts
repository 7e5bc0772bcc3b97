// gluepot launch restore SPEC RUN-KEY
import { EXIT_CODES, GluepotError } from '../../base/errors.js';
import { undoPreparation } from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { sourceText, withLaunch, type SpecSource } from '../launch-session.js';
import type { Outcome } from '../output.js';
import { withSlowProgress } from '../slow-progress.js';

export async function launchRestore(
  context: CommandContext,
  source: SpecSource,
  runKey: string,
  { dryRun, yes }: { dryRun?: boolean; yes?: boolean },
): Promise<Outcome> {
  return withLaunch(context, source, async ({ scope, records }) => {
    const { output, signal } = context;
    const objects = (await records.manifest(runKey)) ?? [];
    const swaps = (await records.tables(runKey))?.swaps ?? [];
    if (objects.length + swaps.length === 0) {
      throw new GluepotError(
        'usage',
        `No launch of run key ${runKey} has cleared or redefined anything. gluepot launch history ${sourceText(source)} lists run keys.`,
      );
    }
    const tables = swaps.map(({ DatabaseName, TableName }) => `${DatabaseName}.${TableName}`);
    if (dryRun) {
      for (const { bucket, key } of objects) output.print(`s3://${bucket}/${key}`);
      for (const table of tables) output.print(`table ${table}`);
      return { result: { objects, tables } };
    }
    const what = [
      ...(objects.length > 0 ? [`${objects.length} objects where nothing newer is`] : []),
      ...(tables.length > 0 ? [`the earlier definition of ${tables.join(', ')}`] : []),
    ];
    await confirm(`Put back ${what.join(' and ')}?`, { isYes: yes === true, signal });
    const undone = await withSlowProgress(output.progress, 'restore', () =>
      undoPreparation(scope, records, runKey),
    );
    const { restored = 0, present = 0, missing = [], swappedBack = 0, kept = [] } = undone ?? {};
    output.print(`${restored} put back, ${present} were there.`);
    if (tables.length > 0) output.print(`${swappedBack} tables are as they were before.`);
    for (const object of missing) output.warn(`${object} is neither there nor in the trash.`);
    for (const reason of kept) output.warn(`${reason} It stays as it is.`);
    const isAll = missing.length + kept.length === 0;
    return {
      result: { restored, present, missing, swappedBack, kept },
      exitCode: isAll ? 0 : EXIT_CODES['partial-apply'],
    };
  });
}
