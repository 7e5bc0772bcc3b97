// gluepot launch: its commands, options and help.
import { Option, type Command } from 'commander';
import type { LaunchOptions } from '../commands/launch-run.js';
import type { SpecSource } from '../launch-session.js';
import { wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';

const EVENT = 'the event, as EventBridge delivers it: a JSON file, or - for stdin';

export function addLaunch(program: Command, run: Runner): void {
  const launch = program
    .command('launch')
    .description('start a Glue job when what it depends on is done, once, with a reason for every no');

  const validate = withSource(
    launch
      .command('validate [spec]')
      .description('check a launch spec, and touch nothing; with --preset, print the spec that it makes'),
  );
  validate.action(async (spec: string | undefined, options: SpecSource) => {
    await run(validate, async (context) =>
      (await import('../commands/launch-validate.js')).launchValidate(context, { ...options, spec }),
    );
  });

  const policy = withSource(
    launch
      .command('policy [spec]')
      .description('print the least that a launcher of this spec may do: the policy of its role')
      .option('--spec-uri <uri>', 'where launchers read the spec, as s3://BUCKET/KEY'),
  );
  policy.action(async (spec: string | undefined, options: SpecSource & { specUri?: string }) => {
    await run(policy, async (context) =>
      (await import('../commands/launch-policy.js')).launchPolicyCommand(
        context,
        { ...options, spec },
        options,
      ),
    );
  });

  const evaluate = withSource(
    launch
      .command('evaluate [spec]')
      .description('print every gate and what would be decided; changes nothing')
      .option('--event <file>', EVENT)
      .option('--detailed-exitcode', 'exit with 2 when the job would be started'),
  );
  evaluate.action(async (spec: string | undefined, options: SpecSource & LaunchOptions) => {
    await run(evaluate, async (context) =>
      (await import('../commands/launch-run.js')).launchEvaluate(context, { ...options, spec }, options),
    );
  });

  const start = withSource(
    withRun(
      launch
        .command('run [spec]')
        .description('act on an event: start the job if every gate passes')
        .requiredOption('--event <file>', EVENT),
    ),
  );
  const sweep = withSource(
    withRun(
      launch
        .command('sweep [spec]')
        .description(
          'start the job if every gate passes and a Batch job has ended since the last run, whose event AWS may have lost',
        ),
    ),
  );
  for (const command of [start, sweep]) {
    command.action(async (spec: string | undefined, options: SpecSource & LaunchOptions) => {
      await run(command, async (context) =>
        (await import('../commands/launch-run.js')).launchRun(context, { ...options, spec }, options),
      );
    });
  }

  const status = withSource(
    launch.command('status [spec]').description('show the lease and the run that was launched last'),
  );
  status.action(async (spec: string | undefined, options: SpecSource) => {
    await run(status, async (context) =>
      (await import('../commands/launch-status.js')).launchStatus(context, { ...options, spec }),
    );
  });

  const history = withSource(
    launch
      .command('history [spec]')
      .description('show what was launched, newest first')
      .option('--limit <count>', 'only the newest so many', wholeNumber(1, 10_000), 20),
  );
  history.action(async (spec: string | undefined, options: SpecSource & { limit: number }) => {
    await run(history, async (context) =>
      (await import('../commands/launch-history.js')).launchHistory(context, { ...options, spec }, options),
    );
  });

  const release = withSource(
    launch
      .command('release [spec]')
      .description('free the lease of a launcher that is known to be dead, before it expires')
      .option('-y, --yes', 'do not ask'),
  );
  release.action(async (spec: string | undefined, options: SpecSource & { yes?: boolean }) => {
    await run(release, async (context) =>
      (await import('../commands/launch-release.js')).launchRelease(context, { ...options, spec }, options),
    );
  });

  const restore = withSource(
    launch
      .command('restore <spec> [run-key]')
      .description(
        'put back what a launch has cleared and redefined, where nothing newer is; with --preset, give the run key alone',
      )
      .option('--dry-run', 'only list it')
      .option('-y, --yes', 'do not ask'),
  );
  restore.action(
    async (
      first: string,
      second: string | undefined,
      options: SpecSource & { dryRun?: boolean; yes?: boolean },
    ) => {
      const [spec, runKey] = second === undefined ? [undefined, first] : [first, second];
      await run(restore, async (context) =>
        (await import('../commands/launch-restore.js')).launchRestore(
          context,
          { ...options, spec },
          runKey,
          options,
        ),
      );
    },
  );
}

function withSource(command: Command): Command {
  return command
    .addOption(
      new Option('--preset <name>', 'instead of a spec: variables of dataworks-aws-glue-launcher').choices([
        'manifest',
      ]),
    )
    .option('--env-file <file>', 'with --preset: a file of NAME=value lines, instead of the environment');
}

function withRun(command: Command): Command {
  return command
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
}
