// What the parameters of tables say in which a plan changes something, though not the tables themselves: some are protected so.
import {
  isActing,
  keyText,
  readObjects,
  tableKeyOf,
  type CatalogAccess,
  type GuardLimits,
  type ObjectOf,
  type Plan,
} from '../../change/index.js';

/** Reads those tables; for `checkGuards`. */
export async function parametersOfOwners(
  access: CatalogAccess,
  plan: Plan,
): Promise<NonNullable<GuardLimits['parametersOf']>> {
  const own = new Set<string>();
  const owners = new Map<string, ObjectOf<'table'>['key']>();
  for (const { key } of plan.changes.filter(isActing)) {
    if (key.kind === 'table') own.add(keyText(key));
    const table = tableKeyOf(key);
    if (table) owners.set(keyText(table), table);
  }
  const found = new Map<string, ObjectOf<'table'>>();
  const unread = [...owners].filter(([text]) => !own.has(text)).map(([, key]) => ({ key }));
  await readObjects(access, unread, ({ key }, table) => {
    if (table) found.set(keyText(key), table as ObjectOf<'table'>);
  });
  return (DatabaseName, TableName) =>
    found.get(keyText({ kind: 'table', DatabaseName, TableName }))?.definition.Parameters;
}
