// gluepot lambda: its commands, options and help.
import type { Command } from 'commander';
import type { InvokeOptions } from '../commands/lambda-invoke.js';
import type { DeployOptions } from '../lambda-session.js';
import { collected } from '../option-values.js';
import type { Runner } from '../runner.js';

const ENV = 'a variable of its environment; may be repeated';
const AS = 'name of the function, when it is not to be the same';

export function addLambda(program: Command, run: Runner): void {
  const lambda = program
    .command('lambda')
    .description('the Lambda functions that come with gluepot: run here what is deployed on AWS');

  const list = lambda.command('list').description('show them, and what each has to be told');
  list.action(async () => {
    await run(list, async (context) => (await import('../commands/lambda-list.js')).lambdaList(context));
  });

  const deploy = lambda
    .command('deploy <name>')
    .description('put one into the embedded Lambda, for rules and schedules to invoke')
    .option('--env <name=value>', ENV, collected)
    .option('--as <function>', AS)
    .option('--dry-run', 'only show what would be done');
  deploy.action(async (name: string, options: DeployOptions) => {
    await run(deploy, async (context) =>
      (await import('../commands/lambda-deploy.js')).lambdaDeploy(context, name, options),
    );
  });

  const invoke = lambda
    .command('invoke <name>')
    .description('invoke one with an event; here it is deployed first, with --target aws it must be there')
    .option('--event <file>', 'the event: a JSON file, or - for stdin; {} without it')
    .option('--env <name=value>', ENV, collected)
    .option('--as <function>', AS)
    .option('--dry-run', 'only show what would be deployed, or whether it may be invoked')
    .option('-y, --yes', 'do not ask, with --target aws')
    .addHelpText(
      'after',
      `
The log goes to stderr, the answer to stdout. The exit code is 1 when the function fails, and that of the command
that does the same when it refuses: 5 for a conflict, 6 for a guard, 4 when it got only half-way.

Examples:
  gluepot lambda invoke catalog-snapshot --env GLUEPOT_SNAPSHOT_STORE=s3://kept/snapshots
  gluepot lambda invoke crawl-undo --event plan.json --env GLUEPOT_SNAPSHOT_STORE=s3://kept/snapshots
  gluepot --target aws lambda invoke stack-CatalogSnapshotFunction-1A2B3C --yes`,
    );
  invoke.action(async (name: string, options: InvokeOptions) => {
    await run(invoke, async (context) =>
      (await import('../commands/lambda-invoke.js')).lambdaInvoke(context, name, options),
    );
  });
}
