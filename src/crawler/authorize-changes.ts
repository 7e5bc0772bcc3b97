// What a crawl needs to be allowed in the catalog, asked for before any of it is written.
import { catalogResources, type CatalogPlace } from '../catalog/authorized-catalog.js';
import type { RoleSession } from '../identity/role-session.js';
import type { CatalogChange, TableDecision } from './decide/catalog-change.js';

/** @throws AwsError AccessDeniedException for the first that the role may not do */
export function authorizeChanges(
  decisions: readonly TableDecision[],
  database: string,
  session: RoleSession,
  place: CatalogPlace,
): void {
  for (const { table, changes } of decisions) {
    const resources = catalogResources(place, database, table);
    const actions = new Set(['glue:GetTable', ...changes.map(actionOf)]);
    for (const action of actions) session.require(action, resources);
  }
}

/** Which of Glue's operations a crawler calls is not documented: these are a guess. */
function actionOf({ kind, action }: CatalogChange): string {
  const verb = { create: 'Create', update: 'Update', delete: 'Delete' }[action];
  if (kind === 'table') return `glue:${verb}Table`;
  return action === 'update' ? 'glue:UpdatePartition' : `glue:Batch${verb}Partition`;
}
