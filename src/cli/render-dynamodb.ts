// DynamoDB catalogs as people read them: the plan table by table, what came of each, what is left of tables that are gone.
import {
  countCatalogPlan,
  type CatalogPlan,
  type DirectDecision,
  type Orphan,
  type SchemaResult,
  type TableResult,
} from '../toolkit/dynamodb-catalog/index.js';
import { countText } from './count-text.js';
import type { Colors } from './output.js';
import { renderChange } from './render-plan.js';

export function renderCatalogPlan(plan: CatalogPlan, orphans: readonly Orphan[], colors: Colors): string {
  const changes = [plan.database, ...plan.tables.flatMap((table) => table.changes)];
  const lines = changes.flatMap(({ change }) => renderChange(change, colors));
  for (const decision of plan.direct) lines.push(...renderDirect(decision, colors));
  const counts = countCatalogPlan(plan);
  const parts = [
    `${counts.create} to create`,
    `${counts.update} to change`,
    `${counts.unchanged} unchanged`,
    ...(counts.conflict > 0 ? [colors.red(`${counts.conflict} in conflict`)] : []),
  ];
  const tables = `${countText(plan.tables.length, 'table')}, ${plan.excluded.length} not asked for`;
  return [
    ...lines,
    `Plan: ${parts.join(', ')} (${tables}).`,
    ...(orphans.length > 0
      ? [
          `${countText(orphans.length, 'table is', 'tables are')} gone and left something: gluepot dynamodb prune`,
        ]
      : []),
  ].join('\n');
}

const ACTION_SIGNS: Readonly<Record<string, string>> = { create: '+', update: '~', conflict: '!' };

/** A table's sample: one line an attribute, with the types seen and in how many of the items it is. */
function renderDirect({ TableName, sampled, change, message }: DirectDecision, colors: Colors): string[] {
  if (!sampled || !change) return [`  ${colors.red('!')} ${TableName}: ${message}`];
  const sign = ACTION_SIGNS[change.action];
  if (sign === undefined) return [];
  const name = change.key.kind === 'table' ? change.key.TableName : '';
  return [
    `  ${sign} catalog table ${name} of ${TableName} ${colors.dim(`(${change.reason})`)}`,
    `      ${sampled.items} items${sampled.isWhole ? ', all there are' : ''}, ${sampled.readUnits} read units`,
    ...sampled.attributes.map(
      ({ attribute, hiveType, types, presence }) =>
        `      ${attribute} ${hiveType} ${colors.dim(`(${types.join(', ')}; ${presence} %)`)}`,
    ),
  ];
}

export function renderSchemas(results: readonly SchemaResult[], colors: Colors): string[] {
  const registered = results.filter(({ outcome }) => outcome === 'registered').length;
  const unchanged = results.filter(({ outcome }) => outcome === 'unchanged').length;
  const wrong = results.filter(({ message }) => message !== undefined);
  if (results.length === 0) return [];
  return [
    ...wrong.map(
      ({ TableName, outcome, message }) =>
        `  ${colors.red('!')} schema of ${TableName}: ${outcome}: ${message}`,
    ),
    `Schemas: ${registered} registered, ${unchanged} unchanged, ${wrong.length} not compatible or failed.`,
  ];
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
