// gluepot dynamodb estimate
import { formatDuration } from '../../aws/poll.js';
import { estimateScan, observeTables, pricesOf, totalOf } from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import { withDynamodbCatalog, type DynamodbOptions } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';
import { renderTable } from '../table.js';

export interface EstimateOptions extends DynamodbOptions {
  /** US dollars. */
  pricePerMillionRru?: number;
  /** US dollars. */
  pricePerCrawlerHour?: number;
}

export async function dynamodbEstimate(context: CommandContext, options: EstimateOptions): Promise<Outcome> {
  const { output } = context;
  const { pricePerMillionRru, pricePerCrawlerHour } = options;
  return withDynamodbCatalog(context, options, async ({ scope, settings, heading }) => {
    const { tables } = await observeTables(scope, settings);
    const prices = pricesOf(scope.region, {
      ...(pricePerMillionRru === undefined ? {} : { perMillionReadUnits: pricePerMillionRru }),
      ...(pricePerCrawlerHour === undefined ? {} : { perCrawlerHour: pricePerCrawlerHour }),
    });
    const estimates = tables.map((table) => estimateScan(table, settings, prices));
    const totals = totalOf(estimates);
    output.print(heading);
    output.print(
      renderTable(
        {
          head: ['table', 'items', 'bytes', 'read units', 'units a second', 'takes', 'reads', 'crawl'],
          rows: estimates.map((estimate) => [
            estimate.TableName,
            estimate.items.toString(),
            estimate.bytes.toString(),
            estimate.readUnits.toString(),
            estimate.readUnitsPerSecond.toString(),
            formatDuration(estimate.seconds * 1000),
            dollars(estimate.readCost),
            dollars(estimate.crawlCost),
          ]),
        },
        output.width,
      ),
    );
    output.print(
      `${countText(totals.tables, 'table')}: ${countText(totals.readUnits, 'read unit')}, ${dollars(totals.readCost)} for reads, ` +
        `${dollars(totals.crawlCost)} for crawls, each time.`,
    );
    output.print(`Prices ${prices.source}. Sizes are AWS’s own count, up to six hours old.`);
    return { result: { estimates, totals, prices } };
  });
}

function dollars(cost: number | undefined): string {
  return cost === undefined ? 'unknown' : `$${cost.toFixed(cost > 0 && cost < 0.01 ? 6 : 2)}`;
}
