// gluepot local restore FOLDER
import { planRestoreLocal, restoreLocal } from '../../local-data.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { countText } from '../count-text.js';
import { refuseAws } from '../local-only.js';
import type { Outcome } from '../output.js';

export async function localRestore(
  { options, output, signal }: CommandContext,
  folder: string,
  { dryRun = false, yes = false }: { dryRun?: boolean; yes?: boolean },
): Promise<Outcome> {
  refuseAws(options);
  const plan = await planRestoreLocal(folder, options.dataDir);
  const { createdAt, gluepot, files, folders } = plan.manifest;
  const result = {
    dryRun,
    backup: folder,
    dataDir: options.dataDir,
    createdAt,
    gluepot,
    fileCount: files.length,
    bucketCount: folders.length,
    size: plan.size,
    unlisted: plan.unlisted,
  };
  for (const path of plan.unlisted)
    output.warn(`${path} is not in the backup's manifest, and is not restored.`);
  output.print(
    `Restore ${folder}, made ${createdAt} by gluepot ${gluepot}, to ${options.dataDir}: ` +
      `${countText(files.length, 'file')}, ${countText(folders.length, 'bucket')}, ${bytesText(plan.size)}.`,
  );
  if (dryRun) return { result };
  await confirm('Restore this?', { isYes: yes, signal });
  await restoreLocal(plan);
  output.print('Restored: every file is as its checksum says.');
  return { result };
}
