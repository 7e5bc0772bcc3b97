// gluepot dynamodb crawl
import { EXIT_CODES } from '../../base/errors.js';
import {
  crawlTables,
  planCatalog,
  planCrawls,
  syncCatalogSchemas,
  type CatalogScope,
  type CatalogSettings,
  type SchemaResult,
} from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { withDynamodbCatalog, type DynamodbOptions } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';
import { renderSchemas } from '../render-dynamodb.js';
import { withSlowProgress } from '../slow-progress.js';

export interface CrawlOptions extends Omit<DynamodbOptions, 'concurrency'> {
  wait?: boolean;
  /** Minutes. */
  timeout: number;
  concurrency: number;
}

export async function dynamodbCrawl(context: CommandContext, options: CrawlOptions): Promise<Outcome> {
  const { output } = context;
  return withDynamodbCatalog(context, options, async ({ scope, settings, heading }) => {
    output.print(heading);
    const { targets, missing } = await planCrawls(scope, settings);
    for (const TableName of missing) output.warn(`${TableName} has no crawler yet: gluepot dynamodb apply`);
    const results = await withSlowProgress(output.progress, 'crawl', (at) =>
      crawlTables(scope, targets, {
        wait: options.wait ?? false,
        concurrency: options.concurrency,
        timeoutMs: options.timeout * 60_000,
        onProgress: ({ done, total }) => at(`${done} of ${total}`),
      }),
    );
    for (const { TableName, outcome, message } of results) {
      if (outcome === 'failed' || outcome === 'timed-out')
        output.print(`  ! ${TableName}: ${outcome}: ${message}`);
    }
    const count = (outcome: (typeof results)[number]['outcome']) =>
      results.filter((result) => result.outcome === outcome).length;
    const wrong = count('failed') + count('timed-out');
    output.print(
      `Crawls: ${count('succeeded')} succeeded, ${count('started')} started, ${count('failed')} failed, ` +
        `${count('timed-out')} not ended in time.`,
    );
    const exitCode =
      wrong === 0
        ? 0
        : count('failed') === 0
          ? EXIT_CODES['timed-out']
          : wrong === results.length
            ? EXIT_CODES.failed
            : EXIT_CODES['partial-apply'];
    const schemas = options.wait && settings.schemas ? await schemasOf(scope, settings) : [];
    for (const line of renderSchemas(schemas, output.colors)) output.print(line);
    return { result: { results, missing, schemas }, exitCode };
  });
}

/** A crawl may have changed columns; the plan says which tables are ours. */
async function schemasOf(scope: CatalogScope, settings: CatalogSettings): Promise<SchemaResult[]> {
  return syncCatalogSchemas(scope, await planCatalog(scope, settings));
}
