// gluepot local: its commands, options and help.
import type { Command } from 'commander';
import type { Runner } from '../runner.js';

export function addLocal(program: Command, run: Runner): void {
  const local = program
    .command('local')
    .description(
      'the data directory of the embedded AWS: back up, restore, check. Nobody may hold it meanwhile',
    );

  const backup = local
    .command('backup <folder>')
    .description('copy the data directory into a new folder, with a checksum of every file');
  backup.action(async (folder: string) => {
    await run(backup, async (context) =>
      (await import('../commands/local-backup.js')).localBackup(context, folder),
    );
  });

  const restore = local
    .command('restore <folder>')
    .description('make a new data directory of a backup, comparing every file with its checksum')
    .option('--dry-run', 'only show what would be restored')
    .option('-y, --yes', 'do not ask');
  restore.action(async (folder: string, options: { dryRun?: boolean; yes?: boolean }) => {
    await run(restore, async (context) =>
      (await import('../commands/local-restore.js')).localRestore(context, folder, options),
    );
  });

  const check = local
    .command('check')
    .description('look for damage and for what does not fit together; changes nothing')
    .option('--content', 'also read every object and compare its MD5');
  check.action(async (options: { content?: boolean }) => {
    await run(check, async (context) =>
      (await import('../commands/local-check.js')).localCheck(context, options),
    );
  });
}
