// gluepot dynamodb apply
import { EXIT_CODES } from '../../base/errors.js';
import {
  applyCatalog,
  countCatalogPlan,
  syncCatalogSchemas,
  type TableResult,
} from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { withDynamodbCatalog, type DynamodbOptions } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';
import { renderFailures, renderSchemas } from '../render-dynamodb.js';
import { withSlowProgress } from '../slow-progress.js';
import { catalogPlanResult, showPlan } from './dynamodb-plan.js';

export interface ApplyOptions extends DynamodbOptions {
  dryRun?: boolean;
  yes?: boolean;
}

export async function dynamodbApply(context: CommandContext, options: ApplyOptions): Promise<Outcome> {
  const { output, signal } = context;
  return withDynamodbCatalog(context, options, async (session) => {
    const { plan, orphans } = await showPlan(context, session);
    const planned = catalogPlanResult(plan, orphans);
    if (options.dryRun) return { result: { dryRun: true, plan: planned } };
    const counts = countCatalogPlan(plan);
    if (counts.create + counts.update > 0) {
      await confirm('Apply these changes?', { isYes: options.yes ?? false, signal });
    }
    const report = await withSlowProgress(output.progress, 'apply', (at) =>
      applyCatalog(session.scope, plan, ({ done, total }) => at(`${done} of ${total}`)),
    );
    const schemas = session.settings.schemas ? await syncCatalogSchemas(session.scope, plan) : [];
    for (const line of renderFailures(report.results, output.colors)) output.print(line);
    const count = (outcome: TableResult['outcome']) =>
      report.results.filter((result) => result.outcome === outcome).length;
    output.print(
      `Applied: ${count('changed')} tables changed, ${count('unchanged')} unchanged, ${count('conflict')} in conflict, ` +
        `${count('failed')} failed, in ${(report.durationMs / 1000).toFixed(1)} s.`,
    );
    for (const line of renderSchemas(schemas, output.colors)) output.print(line);
    const failedSchemas = schemas.filter(({ outcome }) => outcome === 'failed');
    return {
      result: { dryRun: false, plan: planned, ...report, schemas },
      exitCode: exitCodeOf(report.results) || (failedSchemas.length > 0 ? EXIT_CODES['partial-apply'] : 0),
    };
  });
}

/** Of tables that go each its own way: failed when none went well, partly applied when some did, conflict when that is all. */
export function exitCodeOf(results: readonly Pick<TableResult, 'outcome'>[]): number {
  const failed = results.filter(({ outcome }) => outcome === 'failed').length;
  const conflicts = results.filter(({ outcome }) => outcome === 'conflict').length;
  if (failed + conflicts === 0) return 0;
  if (failed === 0) return EXIT_CODES.conflict;
  return failed + conflicts === results.length ? EXIT_CODES.failed : EXIT_CODES['partial-apply'];
}
