// gluepot dynamodb status
import { catalogStatus } from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import { withDynamodbCatalog, type DynamodbOptions } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';
import { renderTable } from '../table.js';

export async function dynamodbStatus(context: CommandContext, options: DynamodbOptions): Promise<Outcome> {
  const { output } = context;
  return withDynamodbCatalog(context, options, async ({ scope, settings, heading }) => {
    const status = await catalogStatus(scope, settings);
    output.print(heading);
    output.print(
      renderTable(
        {
          head: ['table', 'state', 'last crawl', 'at', 'catalog table', 'columns', 'crawler'],
          rows: status.tables.map((table) => [
            table.TableName,
            table.state,
            table.lastCrawl ?? (table.crawlerState === 'RUNNING' ? 'RUNNING' : 'none'),
            table.lastCrawlAt?.toISOString() ?? '',
            table.catalogTable ?? '',
            table.columns?.toString() ?? '',
            table.crawlerName ?? '',
          ]),
        },
        output.width,
      ),
    );
    for (const { TableName, lastCrawlMessage } of status.tables) {
      if (lastCrawlMessage !== undefined) output.print(`  ! ${TableName}: ${lastCrawlMessage}`);
    }
    for (const { TableName, objects } of status.orphans) {
      output.print(
        `  - ${TableName} is gone and left ${countText(objects.length, 'object')}: gluepot dynamodb prune`,
      );
    }
    return { result: status };
  });
}
