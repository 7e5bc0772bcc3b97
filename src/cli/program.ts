// The command tree: names, options and help. What a command does is loaded only when it is run.
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from './command.js';
import { addGlobalOptions } from './global-options.js';
import type { Outcome } from './output.js';
import { readVersion } from './version.js';

/** Called with the words of the command, e.g. `stack plan`, and what it does. */
export type Runner = (command: Command, act: (context: CommandContext) => Promise<Outcome>) => Promise<void>;

export function createProgram(run: Runner): Command {
  const program = new Command('gluepot')
    .description('AWS Glue pipelines in one file, and an AWS Glue of your own to run them on')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', HELP);
  addGlobalOptions(program);
  addDemo(program, run);
  addUp(program, run);
  addStack(program, run);
  addLocal(program, run);
  return program;
}

const HELP = `
Examples:
  gluepot demo                              provision, crawl and convert two data sets, and show what came out
  gluepot up --port 4566                    serve S3, Glue, IAM, STS and CloudWatch Logs on one port
  gluepot stack plan pipeline.yaml          what would change
  gluepot stack apply pipeline.yaml --yes   make it so, and run it
  gluepot --target aws stack plan pipeline.yaml
  gluepot local backup ../kept              copy the data directory, with checksums

Exit codes: 0 done, 1 failed, 2 changes present (--detailed-exitcode), 3 usage, 4 partly applied, 5 conflict,
6 refused, 7 not permitted, 8 timed out, 130 interrupted`;

function addDemo(program: Command, run: Runner): void {
  const command = program
    .command('demo')
    .description(
      'the whole way: role, bucket, two data sets, a crawl, two conversions, and the first rows of what came out',
    )
    .option('--keep', 'leave everything in place afterwards (the default)')
    .addOption(new Option('--destroy', 'take everything away again afterwards').conflicts('keep'))
    .option('--run', 'run crawler and jobs again even if nothing changed')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  gluepot demo\n  gluepot demo --target aws --profile sandbox\n  gluepot demo --destroy',
    );
  command.action(async (options: { destroy?: boolean; run?: boolean; yes?: boolean }) => {
    await run(command, async (context) => (await import('./commands/demo.js')).demo(context, options));
  });
}

function addUp(program: Command, run: Runner): void {
  const command = program
    .command('up')
    .description('serve the embedded AWS on one port until it is stopped')
    .option('--port <number>', 'port; 0 takes any free one', wholeNumber(0, 65535), 4566)
    .option('--host <address>', 'address to listen on; others than the loopback need keys', '127.0.0.1')
    .option('--iam-delay <ms>', 'how long new roles stay invisible to Glue', wholeNumber(0, 600_000))
    .option('--access-key <id>', 'verify signatures with this key (also GLUEPOT_ACCESS_KEY)')
    .option(
      '--secret-key <secret>',
      'its secret (better GLUEPOT_SECRET_KEY: arguments can be seen by others)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  gluepot up --port 4566 --data-dir .gluepot\n  gluepot up --port 0 --json',
    );
  command.action(
    async (options: {
      port: number;
      host: string;
      iamDelay?: number;
      accessKey?: string;
      secretKey?: string;
    }) => {
      await run(command, async (context) => (await import('./commands/up.js')).up(context, options));
    },
  );
}

function addStack(program: Command, run: Runner): void {
  const stack = program
    .command('stack')
    .description('a pipeline in one file: role, bucket and data, database, crawlers, jobs');

  const plan = stack
    .command('plan <file>')
    .description('show what apply would change, and why')
    .option('--adopt', 'take over resources of the same name that are not this stack’s')
    .option('--run', 'run crawlers and jobs even if nothing changed')
    .option('--detailed-exitcode', 'exit with 2 when there are changes');
  plan.action(
    async (file: string, options: { adopt?: boolean; run?: boolean; detailedExitcode?: boolean }) => {
      await run(plan, async (context) =>
        (await import('./commands/stack-plan.js')).stackPlan(context, file, options),
      );
    },
  );

  const apply = stack
    .command('apply <file>')
    .description('make the changes of the plan, then run crawlers and jobs that need it')
    .option('--adopt', 'take over resources of the same name that are not this stack’s')
    .option('--run', 'run crawlers and jobs even if nothing changed')
    .option('--dry-run', 'only show the plan')
    .option('-y, --yes', 'do not ask');
  apply.action(
    async (file: string, options: { adopt?: boolean; run?: boolean; dryRun?: boolean; yes?: boolean }) => {
      await run(apply, async (context) =>
        (await import('./commands/stack-apply.js')).stackApply(context, file, options),
      );
    },
  );

  const verify = stack
    .command('verify <file>')
    .description('check tables and outputs against what the file expects');
  verify.action(async (file: string) => {
    await run(verify, async (context) =>
      (await import('./commands/stack-verify.js')).stackVerify(context, file),
    );
  });

  const destroy = stack
    .command('destroy <file>')
    .description('delete what the stack made, and report what is left')
    .option('--include-foreign', 'also tables and objects that others put into its database and bucket')
    .option('--dry-run', 'only show the plan')
    .option('-y, --yes', 'do not ask');
  destroy.action(
    async (file: string, options: { includeForeign?: boolean; dryRun?: boolean; yes?: boolean }) => {
      await run(destroy, async (context) =>
        (await import('./commands/stack-destroy.js')).stackDestroy(context, file, options),
      );
    },
  );
}

function addLocal(program: Command, run: Runner): void {
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
      (await import('./commands/local-backup.js')).localBackup(context, folder),
    );
  });

  const restore = local
    .command('restore <folder>')
    .description('make a new data directory of a backup, comparing every file with its checksum')
    .option('--dry-run', 'only show what would be restored')
    .option('-y, --yes', 'do not ask');
  restore.action(async (folder: string, options: { dryRun?: boolean; yes?: boolean }) => {
    await run(restore, async (context) =>
      (await import('./commands/local-restore.js')).localRestore(context, folder, options),
    );
  });

  const check = local
    .command('check')
    .description('look for damage and for what does not fit together; changes nothing')
    .option('--content', 'also read every object and compare its MD5');
  check.action(async (options: { content?: boolean }) => {
    await run(check, async (context) =>
      (await import('./commands/local-check.js')).localCheck(context, options),
    );
  });
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
