// gluepot local backup FOLDER
import { backUpLocal } from '../../local-data.js';
import { countText } from '../count-text.js';
import { refuseAws } from '../local-only.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import type { Outcome } from '../output.js';
import { readVersion } from '../version.js';

export async function localBackup({ options, output }: CommandContext, folder: string): Promise<Outcome> {
  refuseAws(options);
  const report = await backUpLocal(options.dataDir, folder, { version: readVersion() });
  for (const path of report.leftOut) output.warn(`s3/${path} is no file, and is not in the backup.`);
  output.print(
    `Backed up ${options.dataDir} to ${folder}: ${countText(report.fileCount, 'file')}, ${bytesText(report.size)}.\n` +
      `Restore it with: gluepot local restore ${folder} --data-dir <new folder>`,
  );
  return { result: report };
}
