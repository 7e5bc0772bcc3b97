// DynamoDB catalogs as people read them: the plan table by table, what came of each, what is left of tables that are gone.
import {
  countCatalogPlan,
  type CatalogPlan,
  type Orphan,
  type TableResult,
} from '../toolkit/dynamodb-catalog/index.js';
import type { Colors } from './output.js';
import { renderChange } from './render-plan.js';

export function renderCatalogPlan(plan: CatalogPlan, orphans: readonly Orphan[], colors: Colors): string {
  const changes = [plan.database, ...plan.tables.flatMap((table) => table.changes)];
  const lines = changes.flatMap(({ change }) => renderChange(change, colors));
  const counts = countCatalogPlan(plan);
  const parts = [
    `${counts.create} to create`,
    `${counts.update} to change`,
    `${counts.unchanged} unchanged`,
    ...(counts.conflict > 0 ? [colors.red(`${counts.conflict} in conflict`)] : []),
  ];
  const tables = `${plan.tables.length} tables, ${plan.excluded.length} not asked for`;
  return [
    ...lines,
    `Plan: ${parts.join(', ')} (${tables}).`,
    ...(orphans.length > 0
      ? [`${orphans.length} tables are gone and left something: gluepot dynamodb prune`]
      : []),
  ].join('\n');
}

export function renderOrphans(orphans: readonly Orphan[], colors: Colors): string {
  const lines = orphans.flatMap(({ TableName, objects }) => [
    `  table ${TableName} is gone:`,
    ...objects.map(
      ({ kind, name, evidence }) =>
        `  ${colors.red('-')} ${kind === 'table' ? 'catalog table' : kind} ${name} ${colors.dim(`(${evidence})`)}`,
    ),
  ]);
  const count = orphans.reduce((sum, { objects }) => sum + objects.length, 0);
  return [...lines, `Plan: ${count} to delete.`].join('\n');
}

/** One line a table that is not well; nothing for the others. */
export function renderFailures(results: readonly TableResult[], colors: Colors): string[] {
  return results.flatMap(({ TableName, outcome, message }) =>
    outcome === 'conflict' || outcome === 'failed'
      ? [`  ${colors.red('!')} ${TableName}: ${outcome}: ${message}`]
      : [],
  );
}
