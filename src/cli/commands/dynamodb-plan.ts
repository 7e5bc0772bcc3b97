// gluepot dynamodb plan
import {
  countCatalogPlan,
  findOrphans,
  orphanSearch,
  planCatalog,
  readCatalogTables,
  type CatalogPlan,
  type Orphan,
} from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { withDynamodbCatalog, type DynamodbOptions, type DynamodbSession } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';
import { renderCatalogPlan } from '../render-dynamodb.js';
import { withSlowProgress } from '../slow-progress.js';

const CHANGES_PRESENT = 2;

export async function dynamodbPlan(
  context: CommandContext,
  options: DynamodbOptions & { detailedExitcode?: boolean },
): Promise<Outcome> {
  return withDynamodbCatalog(context, options, async (session) => {
    const { plan, orphans } = await showPlan(context, session);
    const counts = countCatalogPlan(plan);
    const isChange = counts.create + counts.update + counts.conflict > 0;
    return {
      result: catalogPlanResult(plan, orphans),
      exitCode: options.detailedExitcode && isChange ? CHANGES_PRESENT : 0,
    };
  });
}

/** Makes the plan and prints it. */
export async function showPlan(
  { output }: CommandContext,
  { scope, settings, heading }: DynamodbSession,
): Promise<{ plan: CatalogPlan; orphans: Orphan[] }> {
  const plan = await withSlowProgress(output.progress, 'look at tables', (at) =>
    planCatalog(scope, settings, { onSampled: ({ done, total }) => at(`${done} of ${total} sampled`) }),
  );
  const tables = await readCatalogTables(scope, settings.DatabaseName);
  const orphans = await findOrphans(scope, orphanSearch(plan, tables));
  output.print(heading);
  output.print(renderCatalogPlan(plan, orphans, output.colors));
  return { plan, orphans };
}

/** A plan as --json prints it. */
export function catalogPlanResult(plan: CatalogPlan, orphans: readonly Orphan[]) {
  return {
    counts: countCatalogPlan(plan),
    database: plan.database.change,
    tables: plan.tables.map(({ table, catalogName, changes }) => ({
      TableName: table.TableName,
      catalogTable: catalogName.name,
      changes: changes.map(({ change }) => change),
    })),
    samples: plan.direct.map(({ TableName, sampled, change, message }) => ({
      TableName,
      ...(change ? { action: change.action, reason: change.reason } : {}),
      ...(sampled ? { sampled } : {}),
      ...(message === undefined ? {} : { message }),
    })),
    excluded: plan.excluded,
    orphans,
  };
}
