// The least privilege of one table's crawler, as apply would give it.
import type { RoleMembers } from '../stack/role.js';
import type { CatalogScope } from './catalog-scope.js';
import { planCatalog } from './plan.js';
import type { CatalogSettings } from './settings.js';
import { POLICY_NAME } from './least-privilege.js';

export interface TablePolicy {
  roleName: string;
  trust: unknown;
  policy: unknown;
}

/** All tables are looked at, for the name in the catalog depends on the others'. Undefined when there is no such table. */
export async function planPolicy(
  scope: CatalogScope,
  settings: CatalogSettings,
  TableName: string,
): Promise<TablePolicy | undefined> {
  const { tables } = await planCatalog(scope, { ...settings, engine: 'crawler' });
  const found = tables.find(({ table }) => table.TableName === TableName);
  const wanted = found?.changes.find(({ change }) => change.kind === 'role')?.wanted;
  if (!wanted) return undefined;
  const { AssumeRolePolicyDocument, inlinePolicies } = wanted.members as RoleMembers;
  return { roleName: wanted.name, trust: AssumeRolePolicyDocument, policy: inlinePolicies[POLICY_NAME] };
}
