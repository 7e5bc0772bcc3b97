// gluepot dynamodb: its commands, options and help.
import { Option, type Command } from 'commander';
import type { DynamodbOptions } from '../dynamodb-session.js';
import type { ApplyOptions } from '../commands/dynamodb-apply.js';
import type { CrawlOptions } from '../commands/dynamodb-crawl.js';
import type { EstimateOptions } from '../commands/dynamodb-estimate.js';
import type { PruneOptions } from '../commands/dynamodb-prune.js';
import { collected, decimalNumber, wholeNumber } from '../option-values.js';
import type { Runner } from '../runner.js';

const CONCURRENCY = wholeNumber(1, 50);
const PRICE = decimalNumber(0, 1_000_000);
const MINUTES = wholeNumber(1, 10_080);

export function addDynamodb(program: Command, run: Runner): void {
  const dynamodb = program
    .command('dynamodb')
    .description(
      'every DynamoDB table in the catalog, each with a crawler and a least-privilege role of its own',
    );

  const plan = withWanted(
    dynamodb
      .command('plan')
      .description('show what apply would make and change, and what prune would take away'),
  ).option('--detailed-exitcode', 'exit with 2 when there are changes');
  plan.action(async (options: DynamodbOptions & { detailedExitcode?: boolean }) => {
    await run(plan, async (context) =>
      (await import('../commands/dynamodb-plan.js')).dynamodbPlan(context, options),
    );
  });

  const apply = withWanted(
    dynamodb.command('apply').description('make it so: roles, crawlers, and the database if it is missing'),
  )
    .option('--dry-run', 'only show the plan')
    .option('-y, --yes', 'do not ask');
  apply.action(async (options: ApplyOptions) => {
    await run(apply, async (context) =>
      (await import('../commands/dynamodb-apply.js')).dynamodbApply(context, options),
    );
  });

  const crawl = withTables(
    dynamodb.command('crawl').description('run the catalog’s own crawlers, and no others'),
  )
    .option('--no-schemas', 'no schemas in the Glue Schema Registry; they are kept with --wait only')
    .option('--wait', 'until all crawls have ended; without it until the last one is started')
    .option('--timeout <minutes>', 'wait no longer than so many minutes for a crawl', MINUTES, 180)
    .option('--concurrency <count>', 'crawls at the same time', CONCURRENCY, 10);
  crawl.action(async (options: CrawlOptions) => {
    await run(crawl, async (context) =>
      (await import('../commands/dynamodb-crawl.js')).dynamodbCrawl(context, options),
    );
  });

  const status = withWanted(
    dynamodb
      .command('status')
      .description('show each table: its crawler, its last crawl, its table in the catalog'),
  );
  status.action(async (options: DynamodbOptions) => {
    await run(status, async (context) =>
      (await import('../commands/dynamodb-status.js')).dynamodbStatus(context, options),
    );
  });

  const prune = dynamodb
    .command('prune')
    .description('delete what the catalog made for DynamoDB tables that are gone')
    .addOption(databaseOption())
    .option('--include-adopted', 'also roles and crawlers that were there before --adopt took them over')
    .option('--max-deletes <count>', 'refuse when more objects would go', wholeNumber(0, 1_000_000))
    .option('--dry-run', 'only show what would go')
    .option('-y, --yes', 'do not ask');
  prune.action(async (options: PruneOptions) => {
    await run(prune, async (context) =>
      (await import('../commands/dynamodb-prune.js')).dynamodbPrune(context, options),
    );
  });

  const policy = dynamodb
    .command('policy <table>')
    .description('print the least that a crawler of this table needs: its role’s policy and trust')
    .addOption(databaseOption());
  policy.action(async (table: string, options: { database: string }) => {
    await run(policy, async (context) =>
      (await import('../commands/dynamodb-policy.js')).dynamodbPolicy(context, table, options),
    );
  });

  const estimate = withReading(
    withTables(
      dynamodb
        .command('estimate')
        .description('read units, time and cost of crawling, before anything is read'),
    ),
  )
    .option(
      '--price-per-million-rru <dollars>',
      'price of a million read request units; what AWS published for the region when not given, where that is known',
      PRICE,
    )
    .option('--price-per-crawler-hour <dollars>', 'price of an hour of one DPU', PRICE);
  estimate.action(async (options: EstimateOptions) => {
    await run(estimate, async (context) =>
      (await import('../commands/dynamodb-estimate.js')).dynamodbEstimate(context, options),
    );
  });
}

function databaseOption(): Option {
  return new Option('--database <name>', 'database of the catalog').default('ddb_tables');
}

function withTables(command: Command): Command {
  return command
    .addOption(databaseOption())
    .option('--include <glob>', 'only tables of such names; may be repeated', collected)
    .option('--exclude <glob>', 'not tables of such names; may be repeated', collected)
    .option('--tag <key=value>', 'only tables with this tag; may be repeated', collected);
}

function withReading(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <engine>', 'crawlers of Glue, or samples that are taken by Scan itself')
        .choices(['crawler', 'direct'])
        .default('crawler'),
    )
    .addOption(
      new Option('--scan <what>', 'read a sample of each table, or every item at every crawl')
        .choices(['sample', 'all'])
        .default('sample'),
    )
    .option(
      '--scan-rate <share>',
      'share of the read capacity that is used, 0.1 to 1.5',
      decimalNumber(0.1, 1.5),
    )
    .option(
      '--max-rcu <units>',
      'read units a second of each table at most; with --engine direct only',
      wholeNumber(1, 1_000_000),
    );
}

function withWanted(command: Command): Command {
  return withReading(withTables(command))
    .option('--boundary <arn>', 'permissions boundary that every role gets')
    .option('--adopt', 'take over roles, crawlers and catalog tables of the wanted names that nobody claims')
    .option('--no-schemas', 'no schemas in the Glue Schema Registry')
    .option('--concurrency <count>', 'tables at the same time', CONCURRENCY, 8);
}
