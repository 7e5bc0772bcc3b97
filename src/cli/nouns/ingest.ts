// gluepot ingest: its commands, options and help.
import { Option, type Command } from 'commander';
import type { PolicyOptions } from '../commands/ingest-policy.js';
import type { InitOptions, ResetOptions } from '../commands/ingest-tables.js';
import type { SpecOptions } from '../ingest-session.js';
import { collected } from '../option-values.js';
import type { Runner } from '../runner.js';

export function addIngest(program: Command, run: Runner): void {
  const ingest = program
    .command('ingest')
    .description('a whole database to Parquet, full or incremental, exactly once');

  const init = ingest
    .command('init <database>')
    .description('write a spec with the key and cursor of each table, as far as they can be seen')
    .requiredOption('--output <place>', 'where the Parquet files go: s3://BUCKET/PREFIX')
    .requiredOption('--trackers <place>', 'where trackers are kept: s3://BUCKET/PREFIX or a folder')
    .option('--connection <name>', 'read DATABASE of PostgreSQL or MySQL through this Glue connection')
    .option('--keys <place>', 'the prefix of key files: table_name,primary_key_column')
    .option('--out <file>', 'write it there, and not on the screen');
  init.action(async (database: string, options: InitOptions) => {
    await run(init, async (context) =>
      (await import('../commands/ingest-tables.js')).ingestInit(context, database, options),
    );
  });

  const plan = specCommand(ingest, 'plan', 'show what a run would do: load, rows, bytes, time').addOption(
    loadOption(),
  );
  plan.action(async (file: string | undefined, options: SpecOptions) => {
    await run(plan, async (context) =>
      (await import('../commands/ingest-plan.js')).ingestPlan(context, file, options),
    );
  });

  const start = specCommand(ingest, 'run', 'load every table, and say of each what became of it')
    .addOption(loadOption())
    .option('--dry-run', 'only show the plan');
  start.action(async (file: string | undefined, options: SpecOptions & { dryRun?: boolean }) => {
    await run(start, async (context) => {
      if (options.dryRun)
        return (await import('../commands/ingest-plan.js')).ingestPlan(context, file, options);
      return (await import('../commands/ingest-run.js')).ingestRun(context, file, options);
    });
  });

  const policy = addFormerParameters(
    ingest
      .command('policy [spec]')
      .description('print the least that a run of this spec may do: the policy of its role')
      .option(
        '--source <place>',
        'what is read, instead of where the tables are now; may be repeated',
        collected,
      )
      .option('--spec-uri <uri>', 'where runs read the spec, as s3://BUCKET/KEY'),
  );
  policy.action(async (file: string | undefined, options: PolicyOptions) => {
    await run(policy, async (context) =>
      (await import('../commands/ingest-policy.js')).ingestPolicyCommand(context, file, options),
    );
  });

  const backfill = specCommand(ingest, 'backfill', 'read a range again; the high-water mark stays')
    .requiredOption('--from <position>', 'first position of the cursor, e.g. 2024-05-01T00:00:00Z')
    .requiredOption('--to <position>', 'last position of the cursor');
  backfill.action(async (file: string | undefined, options: SpecOptions & { from: string; to: string }) => {
    await run(backfill, async (context) =>
      (await import('../commands/ingest-run.js')).ingestRun(context, file, options, options),
    );
  });
  addUpkeep(ingest, run);
}

function addUpkeep(ingest: Command, run: Runner): void {
  const status = specCommand(ingest, 'status', 'show how far each table got');
  status.action(async (file: string | undefined, options: SpecOptions) => {
    await run(status, async (context) =>
      (await import('../commands/ingest-tables.js')).ingestShowStatus(context, file, options),
    );
  });

  const verify = specCommand(
    ingest,
    'verify',
    'check files, rows, keys and catalog against the trackers',
  ).option('--detailed-exitcode', 'exit with 2 when something differs');
  verify.action(async (file: string | undefined, options: SpecOptions & { detailedExitcode?: boolean }) => {
    await run(verify, async (context) =>
      (await import('../commands/ingest-tables.js')).ingestVerify(context, file, options),
    );
  });

  const compact = specCommand(ingest, 'compact', 'make few files of many small ones');
  compact.action(async (file: string | undefined, options: SpecOptions) => {
    await run(compact, async (context) =>
      (await import('../commands/ingest-tables.js')).ingestCompact(context, file, options),
    );
  });

  const reset = ingest
    .command('reset <table>')
    .description('set the high-water mark of a table, or make a lost tracker anew')
    .requiredOption('--spec <file>', 'the spec')
    .option('--to <position>', 'the next run goes on from there')
    .option('--rebuild', 'make the tracker, which is gone, from the last manifest')
    .option('-y, --yes', 'do not ask');
  reset.action(async (table: string, options: ResetOptions) => {
    await run(reset, async (context) =>
      (await import('../commands/ingest-tables.js')).ingestReset(context, table, options),
    );
  });
}

function loadOption(): Option {
  return new Option('--load <load>', "instead of the spec file's load").choices(['full', 'incremental']);
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
