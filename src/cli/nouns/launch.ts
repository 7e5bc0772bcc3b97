// gluepot launch: its commands, options and help.
import type { Command } from 'commander';
import type { LaunchOptions } from '../commands/launch-run.js';
import { wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';

const EVENT = 'the event, as EventBridge delivers it: a JSON file, or - for stdin';

export function addLaunch(program: Command, run: Runner): void {
  const launch = program
    .command('launch')
    .description('start a Glue job when what it depends on is done, once, with a reason for every no');

  const validate = launch.command('validate <spec>').description('check a launch spec, and touch nothing');
  validate.action(async (spec: string) => {
    await run(validate, async (context) =>
      (await import('../commands/launch-validate.js')).launchValidate(context, spec),
    );
  });

  const evaluate = launch
    .command('evaluate <spec>')
    .description('print every gate and what would be decided; changes nothing')
    .option('--event <file>', EVENT)
    .option('--detailed-exitcode', 'exit with 2 when the job would be started');
  evaluate.action(async (spec: string, options: LaunchOptions) => {
    await run(evaluate, async (context) =>
      (await import('../commands/launch-run.js')).launchEvaluate(context, spec, options),
    );
  });

  const start = launch
    .command('run <spec>')
    .description('act on an event: start the job if every gate passes')
    .requiredOption('--event <file>', EVENT)
    .option('-y, --yes', 'do not ask')
    .option('--wait', 'wait for the end of the run, and fail when it does not succeed')
    .option(
      '--timeout <minutes>',
      'with --wait: no longer than so many minutes',
      wholeNumber(1, 10_080),
      2880,
    )
    .option('--dry-run', 'only evaluate')
    .option('--detailed-exitcode', 'exit with 2 when the job was, or would be, started');
  start.action(async (spec: string, options: LaunchOptions) => {
    await run(start, async (context) =>
      (await import('../commands/launch-run.js')).launchRun(context, spec, options),
    );
  });

  const sweep = launch
    .command('sweep <spec>')
    .description(
      'start the job if every gate passes and a Batch job has ended since the last run, whose event AWS may have lost',
    )
    .option('-y, --yes', 'do not ask')
    .option('--wait', 'wait for the end of the run, and fail when it does not succeed')
    .option(
      '--timeout <minutes>',
      'with --wait: no longer than so many minutes',
      wholeNumber(1, 10_080),
      2880,
    )
    .option('--dry-run', 'only evaluate')
    .option('--detailed-exitcode', 'exit with 2 when the job was, or would be, started');
  sweep.action(async (spec: string, options: LaunchOptions) => {
    await run(sweep, async (context) =>
      (await import('../commands/launch-run.js')).launchRun(context, spec, options),
    );
  });

  const status = launch
    .command('status <spec>')
    .description('show the lease and the run that was launched last');
  status.action(async (spec: string) => {
    await run(status, async (context) =>
      (await import('../commands/launch-status.js')).launchStatus(context, spec),
    );
  });

  const history = launch
    .command('history <spec>')
    .description('show what was launched, newest first')
    .option('--limit <count>', 'only the newest so many', wholeNumber(1, 10_000), 20);
  history.action(async (spec: string, options: { limit: number }) => {
    await run(history, async (context) =>
      (await import('../commands/launch-history.js')).launchHistory(context, spec, options),
    );
  });

  const release = launch
    .command('release <spec>')
    .description('free the lease of a launcher that is known to be dead, before it expires')
    .option('-y, --yes', 'do not ask');
  release.action(async (spec: string, options: { yes?: boolean }) => {
    await run(release, async (context) =>
      (await import('../commands/launch-release.js')).launchRelease(context, spec, options),
    );
  });

  const restore = launch
    .command('restore <spec> <run-key>')
    .description('put back what a launch has cleared, where nothing newer is')
    .option('--dry-run', 'only list it')
    .option('-y, --yes', 'do not ask');
  restore.action(async (spec: string, runKey: string, options: { dryRun?: boolean; yes?: boolean }) => {
    await run(restore, async (context) =>
      (await import('../commands/launch-restore.js')).launchRestore(context, spec, runKey, options),
    );
  });
}
