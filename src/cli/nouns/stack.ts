// gluepot stack: its commands, options and help.
import type { Command } from 'commander';
import type { Runner } from '../runner.js';

export function addStack(program: Command, run: Runner): void {
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
        (await import('../commands/stack-plan.js')).stackPlan(context, file, options),
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
        (await import('../commands/stack-apply.js')).stackApply(context, file, options),
      );
    },
  );

  const verify = stack
    .command('verify <file>')
    .description('check tables and outputs against what the file expects');
  verify.action(async (file: string) => {
    await run(verify, async (context) =>
      (await import('../commands/stack-verify.js')).stackVerify(context, file),
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
        (await import('../commands/stack-destroy.js')).stackDestroy(context, file, options),
      );
    },
  );
}
