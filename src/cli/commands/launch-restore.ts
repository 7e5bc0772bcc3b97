// gluepot launch restore SPEC RUN-KEY
import { GluepotError } from '../../base/errors.js';
import { restoreFromTrash } from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { withLaunch } from '../launch-session.js';
import type { Outcome } from '../output.js';
import { withSlowProgress } from '../slow-progress.js';

export async function launchRestore(
  context: CommandContext,
  file: string,
  runKey: string,
  { dryRun, yes }: { dryRun?: boolean; yes?: boolean },
): Promise<Outcome> {
  return withLaunch(context, file, async ({ scope, records }) => {
    const { output, signal } = context;
    const objects = await records.manifest(runKey);
    if (!objects) {
      throw new GluepotError(
        'usage',
        `No launch of run key ${runKey} has cleared anything. gluepot launch history ${file} lists run keys.`,
      );
    }
    if (dryRun) {
      for (const { bucket, key } of objects) output.print(`s3://${bucket}/${key}`);
      return { result: { objects } };
    }
    await confirm(`Put back ${objects.length} objects where nothing newer is?`, {
      isYes: yes === true,
      signal,
    });
    const restored = await withSlowProgress(output.progress, 'restore', () =>
      restoreFromTrash(scope, objects),
    );
    output.print(`${restored.restored} put back, ${restored.present} were there.`);
    for (const object of restored.missing) output.warn(`${object} is neither there nor in the trash.`);
    return { result: restored, exitCode: restored.missing.length > 0 ? 4 : 0 };
  });
}
