// gluepot dynamodb prune
import { EXIT_CODES } from '../../base/errors.js';
import {
  checkPruneLimit,
  findOrphans,
  orphanSearch,
  planCatalog,
  pruneOrphans,
  readCatalogTables,
} from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { countText } from '../count-text.js';
import { withDynamodbCatalog } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';
import { renderOrphans } from '../render-dynamodb.js';

export interface PruneOptions {
  database: string;
  includeAdopted?: boolean;
  maxDeletes?: number;
  dryRun?: boolean;
  yes?: boolean;
}

export async function dynamodbPrune(context: CommandContext, options: PruneOptions): Promise<Outcome> {
  const { output, signal } = context;
  const { database } = options;
  return withDynamodbCatalog(context, { database }, async ({ scope, settings, heading }) => {
    const plan = await planCatalog(scope, settings);
    const { includeAdopted = false } = options;
    const search = orphanSearch(plan, await readCatalogTables(scope, database), { includeAdopted });
    const orphans = await findOrphans(scope, search);
    output.print(heading);
    output.print(renderOrphans(orphans, output.colors));
    if (options.dryRun) return { result: { dryRun: true, orphans } };
    checkPruneLimit(orphans, options.maxDeletes);
    if (orphans.length > 0) await confirm('Delete all of this?', { isYes: options.yes ?? false, signal });
    const results = await pruneOrphans(scope, database, orphans, settings.concurrency);
    for (const { TableName, outcome, message } of results) {
      if (message !== undefined) output.print(`  ! ${TableName}: ${outcome}: ${message}`);
    }
    const deleted = results.reduce((sum, result) => sum + result.deleted.length, 0);
    const failed = results.filter(({ outcome }) => outcome === 'failed').length;
    output.print(`Pruned: ${deleted} deleted, ${countText(failed, 'table')} failed.`);
    const exitCode = failed === 0 ? 0 : deleted === 0 ? EXIT_CODES.failed : EXIT_CODES['partial-apply'];
    return { result: { dryRun: false, orphans, results }, exitCode };
  });
}
