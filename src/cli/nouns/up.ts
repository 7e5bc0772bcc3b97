// gluepot up: its options and help.
import type { Command } from 'commander';
import type { UpOptions } from '../commands/up.js';
import { eventFaults } from '../event-faults.js';
import { wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';

export function addUp(program: Command, run: Runner): void {
  const command = program
    .command('up')
    .description('serve the embedded AWS on one port until it is stopped')
    .option('--port <number>', 'port; 0 takes any free one', wholeNumber(0, 65535), 4566)
    .option('--host <address>', 'address to listen on; others than the loopback need keys', '127.0.0.1')
    .option('--iam-delay <ms>', 'how long new roles stay invisible to Glue', wholeNumber(0, 600_000))
    .option('--no-iam', 'let crawlers and jobs do everything, whatever their roles allow')
    .option(
      '--event-faults <list>',
      'let events go wrong as on AWS, e.g. duplicate=0.1,drop=0.01,delay=5000,seed=7: shares, and milliseconds',
      eventFaults,
    )
    .option('--access-key <id>', 'verify signatures with this key (also GLUEPOT_ACCESS_KEY)')
    .option(
      '--secret-key <secret>',
      'its secret (better GLUEPOT_SECRET_KEY: arguments can be seen by others)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  gluepot up --port 4566 --data-dir .gluepot\n  gluepot up --port 0 --json',
    );
  command.action(async (options: UpOptions) => {
    await run(command, async (context) => (await import('../commands/up.js')).up(context, options));
  });
}
