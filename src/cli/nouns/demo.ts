// gluepot demo: its options and help.
import { Option, type Command } from 'commander';
import type { DemoOptions } from '../commands/demo.js';
import type { Runner } from '../runner.js';

export function addDemo(program: Command, run: Runner): void {
  const command = program
    .command('demo')
    .description(
      'the whole way: role, bucket, two data sets, a crawl, two conversions, and the first rows of what came out',
    )
    .option('--keep', 'leave everything in place afterwards (the default)')
    .addOption(new Option('--destroy', 'take everything away again afterwards').conflicts('keep'))
    .option('--run', 'run crawler and jobs again even if nothing changed')
    .option('--dry-run', 'only show what would be made and run')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  gluepot demo\n  gluepot demo --dry-run\n  gluepot demo --target aws --profile sandbox\n  gluepot demo --destroy',
    );
  command.action(async (options: DemoOptions) => {
    await run(command, async (context) => (await import('../commands/demo.js')).demo(context, options));
  });
}
