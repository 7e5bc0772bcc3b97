// observe and decide: an account and settings in, a plan out, table by table. Nothing is changed.
import { mapConcurrently } from '../../base/map-concurrently.js';
import { databaseHandler } from '../stack/database.js';
import type { StackChange } from '../stack/decide.js';
import type { ObservedResource, Resource } from '../stack/resource.js';
import { roleHandler, type RoleMembers } from '../stack/role.js';
import { tableArn, tableScope, type CatalogScope } from './catalog-scope.js';
import { chooseName, decideObject, type NameObservation } from './decide-table.js';
import { planDirect, type DirectDecision } from './direct/plan-direct.js';
import type { DynamodbTable } from './dynamodb-table.js';
import { assignCatalogNames, nameCandidates, type CatalogName } from './object-names.js';
import { observeCrawlers, ownCrawlerNames, type ObservedCrawler } from './observe-crawlers.js';
import { observeTables } from './observe-tables.js';
import type { CatalogSettings } from './settings.js';
import { wantedCrawler, wantedRole } from './wanted-table.js';

export interface PlannedChange {
  change: StackChange;
  wanted: Resource;
}

export interface TablePlan {
  table: DynamodbTable;
  catalogName: CatalogName;
  /** Of its role and its crawler; undefined with the direct engine. */
  objectName: string | undefined;
  /** In the order in which they are made; also those that change nothing. */
  changes: PlannedChange[];
}

export interface CatalogPlan {
  settings: CatalogSettings;
  database: PlannedChange;
  tables: TablePlan[];
  /** Names of tables that are there and were not asked for. */
  excluded: string[];
  /** Names of the crawlers that the catalog's tags claim. */
  ownCrawlers: ReadonlySet<string>;
  /** What samples ask for, with the direct engine. */
  direct: DirectDecision[];
}

export interface PlanCatalogOptions {
  /** False leaves out the samples of the direct engine, which take read units. */
  isSampling?: boolean;
  onSampled?: (progress: { done: number; total: number }) => void;
  /** Plans for these tables alone. The names of the others count all the same, so that none is given twice. */
  only?: ReadonlySet<string>;
}

export async function planCatalog(
  scope: CatalogScope,
  settings: CatalogSettings,
  options: PlanCatalogOptions = {},
): Promise<CatalogPlan> {
  const { DatabaseName, engine } = settings;
  const { tables, excluded, named } = await observeTables(scope, settings, options.only);
  const ownCrawlers = new Set(await ownCrawlerNames(scope));
  const database = await planDatabase(scope, DatabaseName);
  const all = named.map((TableName) => ({ TableName, TableArn: tableArn(scope, TableName) }));
  const candidates = new Map(all.map((table) => [table.TableName, nameCandidates(table, DatabaseName)]));
  const looked = tables.flatMap(({ TableName }) => candidates.get(TableName) as string[]);
  const crawlers = await observeCrawlers(scope, [...new Set([...ownCrawlers, ...looked])], ownCrawlers);
  const heldPrefixes = prefixesHeld(all, candidates, crawlers);
  const catalogNames = assignCatalogNames(all, DatabaseName, heldPrefixes);
  const nameOf = (table: DynamodbTable) => catalogNames.get(table.TableName) as CatalogName;
  const plans =
    engine === 'direct'
      ? tables.map((table) => ({ table, catalogName: nameOf(table), objectName: undefined, changes: [] }))
      : await planCrawlers(scope, settings, tables, nameOf, candidates, crawlers);
  const plan = { settings, database, tables: plans, excluded, ownCrawlers, direct: [] };
  const isSampling = engine === 'direct' && (options.isSampling ?? true);
  return isSampling ? { ...plan, direct: await planDirect(scope, plan, options.onSampled) } : plan;
}

async function planDatabase(scope: CatalogScope, name: string): Promise<PlannedChange> {
  const current = await databaseHandler(scope).observe(name);
  const wanted: Resource = {
    kind: 'database',
    name,
    members: { Name: name, Description: 'Tables of DynamoDB, catalogued by gluepot' },
  };
  const change: StackChange = {
    kind: 'database',
    name,
    action: current ? 'skip' : 'create',
    reason: current ? 'it is there' : 'it is not there yet',
    differences: [],
  };
  return { change, wanted };
}

/** A crawler of ours says by its prefix which name in the catalog its table has. */
function prefixesHeld(
  tables: readonly { TableName: string }[],
  candidates: ReadonlyMap<string, readonly string[]>,
  crawlers: ReadonlyMap<string, ObservedCrawler>,
): Map<string, string> {
  const held = new Map<string, string>();
  for (const { TableName } of tables) {
    for (const name of candidates.get(TableName) ?? []) {
      const found = crawlers.get(name);
      if (found && found.ownership.kind !== 'foreign') held.set(TableName, found.crawler.TablePrefix ?? '');
    }
  }
  return held;
}

async function planCrawlers(
  scope: CatalogScope,
  settings: CatalogSettings,
  tables: readonly DynamodbTable[],
  nameOf: (table: DynamodbTable) => CatalogName,
  candidates: ReadonlyMap<string, readonly string[]>,
  crawlers: ReadonlyMap<string, ObservedCrawler>,
): Promise<TablePlan[]> {
  const found = await mapConcurrently(
    tables,
    settings.concurrency,
    async (table): Promise<NameObservation[]> => {
      const names = candidates.get(table.TableName) as string[];
      const roles = roleHandler(tableScope(scope, table.TableName));
      // Of a table that has its crawler no other name needs to be looked at.
      const known = names.find((name) => isOwn(crawlers.get(name)));
      const looked = known === undefined ? names : [known];
      return Promise.all(
        looked.map(async (name) => ({ name, crawler: crawlers.get(name), role: await roles.observe(name) })),
      );
    },
  );
  const claimed = new Set<string>();
  const chosen = new Map<number, NameObservation>();
  // Who has a name already goes first, so that no newcomer takes it.
  const order = [...tables.keys()].sort(
    (a, b) => Number(!hasOwn(found[a])) - Number(!hasOwn(found[b])) || a - b,
  );
  for (const index of order) {
    const choice = chooseName(found[index] ?? [], (name) => claimed.has(name.toLowerCase()));
    if (!choice) continue;
    claimed.add(choice.name.toLowerCase());
    chosen.set(index, choice);
  }
  return tables.map((table, index) => {
    const catalogName = nameOf(table);
    const choice = chosen.get(index);
    if (!choice)
      return { table, catalogName, objectName: undefined, changes: [noName(table, found[index] ?? [])] };
    const { name, role, crawler } = choice;
    const path = (role?.members as RoleMembers | undefined)?.Path;
    const wanted = wantedRole(name, table, catalogName, settings, scope, path);
    const crawlerWanted = wantedCrawler(name, table, catalogName, settings, scope, wanted);
    return {
      table,
      catalogName,
      objectName: name,
      changes: [
        { wanted, change: decideObject(wanted, role, settings.adopt) },
        { wanted: crawlerWanted, change: decideObject(crawlerWanted, crawler, settings.adopt) },
      ],
    };
  });
}

function noName({ TableName }: DynamodbTable, found: readonly { name: string }[]): PlannedChange {
  const names = found.map(({ name }) => name).join(' and ');
  return {
    wanted: { kind: 'role', name: TableName, members: {} },
    change: {
      kind: 'role',
      name: TableName,
      action: 'conflict',
      reason: `${names} belong to other tables, regions or catalogs. Prune those, or delete them`,
      differences: [],
    },
  };
}

function isOwn(item: ObservedResource | undefined): boolean {
  return item !== undefined && item.ownership.kind !== 'foreign';
}

function hasOwn(found: readonly NameObservation[] = []): boolean {
  return found.some(({ role, crawler }) => isOwn(role) || isOwn(crawler));
}

export interface CatalogPlanCounts {
  create: number;
  update: number;
  conflict: number;
  unchanged: number;
}

/** Of objects: the database, roles, crawlers, and catalog tables with the direct engine. */
export function countCatalogPlan({
  database,
  tables,
  direct,
}: Pick<CatalogPlan, 'database' | 'tables' | 'direct'>): CatalogPlanCounts {
  const changes = [database, ...tables.flatMap((table) => table.changes)];
  const actions = [
    ...changes.map(({ change }) => change.action),
    ...direct.flatMap(({ change }) => change?.action ?? []),
  ];
  const count = (action: StackChange['action']) => actions.filter((one) => one === action).length;
  return {
    create: count('create'),
    update: count('update'),
    conflict: count('conflict'),
    unchanged: count('skip'),
  };
}
