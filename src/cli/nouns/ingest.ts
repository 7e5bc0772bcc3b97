// gluepot ingest: its commands, options and help.
import { Option, type Command } from 'commander';
import type { SpecOptions } from '../ingest-session.js';
import { collected } from '../option-values.js';
import type { Runner } from '../runner.js';

export function addIngest(program: Command, run: Runner): void {
  const ingest = program
    .command('ingest')
    .description('a whole database to Parquet, full or incremental, exactly once');

  const plan = specCommand(ingest, 'plan', 'show what a run would do: load, rows, bytes, time');
  plan.action(async (file: string | undefined, options: SpecOptions) => {
    await run(plan, async (context) =>
      (await import('../commands/ingest-plan.js')).ingestPlan(context, file, options),
    );
  });

  const start = specCommand(ingest, 'run', 'load every table, and say of each what became of it').option(
    '--dry-run',
    'only show the plan',
  );
  start.action(async (file: string | undefined, options: SpecOptions & { dryRun?: boolean }) => {
    await run(start, async (context) => {
      if (options.dryRun)
        return (await import('../commands/ingest-plan.js')).ingestPlan(context, file, options);
      return (await import('../commands/ingest-run.js')).ingestRun(context, file, options);
    });
  });
}

function specCommand(ingest: Command, name: string, description: string): Command {
  return addFormerParameters(
    ingest
      .command(`${name} [spec]`)
      .description(description)
      .option('--table <name>', 'only this table; may be repeated', collected),
  );
}

/** The parameters of the original Glue job, in place of a spec file. */
function addFormerParameters(command: Command): Command {
  const former = (flags: string, description: string) => new Option(flags, description);
  return command
    .addOption(former('--athena_database_name <name>', 'instead of a spec: the database'))
    .addOption(former('--output_path <place>', 'instead of a spec: where the Parquet files go'))
    .addOption(former('--cdc_path <place>', 'instead of a spec: where the trackers are'))
    .addOption(former('--load_type <type>', 'instead of a spec: full, incremental or cdc'))
    .addOption(former('--primary_key_s3_prefix <place>', 'instead of a spec: where the key files are'));
}
