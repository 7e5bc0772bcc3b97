// What a catalog made for DynamoDB tables that are gone. Tags say whose an object is, DynamoDB itself says that the table is gone.
import { GetRoleCommand, paginateListRoles } from '@aws-sdk/client-iam';
import type { TableInput } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { observeTables as observeCatalogTables } from '../../change/observe-catalog.js';
import type { ObjectOf } from '../../change/catalog-object.js';
import { ownershipOf } from '../stack/ownership.js';
import { rolePath, TABLE_TAG, type CatalogScope } from './catalog-scope.js';
import { CATALOG_PARAMETER, dynamodbTableOf } from './catalog-table.js';
import { isObjectName } from './object-names.js';
import { crawlerTags } from './observe-crawlers.js';
import { describeTable } from './observe-tables.js';

const CONCURRENCY = 4;

export interface OrphanObject {
  kind: 'crawler' | 'role' | 'table';
  name: string;
  /** What says that it was made for that table. */
  evidence: string;
}

/** A DynamoDB table that is gone, with what was made for it. */
export interface Orphan {
  TableName: string;
  objects: OrphanObject[];
}

export interface OrphanSearch {
  /** Names of the crawlers that the catalog's tags claim. */
  ownCrawlers: Iterable<string>;
  /** Names under which tables that are there have their objects. */
  inUse: ReadonlySet<string>;
  /** Names of DynamoDB tables that are known to be there. */
  existing: ReadonlySet<string>;
  /** Also what was there before the catalog took it over. */
  includeAdopted: boolean;
  /** The tables of the catalog's database. */
  catalogTables: readonly ObjectOf<'table'>[];
}

export async function findOrphans(scope: CatalogScope, search: OrphanSearch): Promise<Orphan[]> {
  const { ownCrawlers, inUse, existing, includeAdopted, catalogTables } = search;
  const tableOf = (tags: Readonly<Record<string, string>>) => tableOfTags(scope, tags, includeAdopted);
  const claims = new Map<string, OrphanObject[]>();
  const claim = (TableName: string | undefined, object: OrphanObject) => {
    if (TableName === undefined || existing.has(TableName)) return;
    claims.set(TableName, [...(claims.get(TableName) ?? []), object]);
  };
  const spare = [...ownCrawlers].filter((name) => !inUse.has(name));
  await mapConcurrently(spare, CONCURRENCY, async (name) => {
    const evidence = `its tag ${TABLE_TAG}`;
    claim(tableOf(await crawlerTags(scope, name)), { kind: 'crawler', name, evidence });
  });
  const roles = (await ownRoleNames(scope, includeAdopted)).filter((name) => !inUse.has(name));
  await mapConcurrently(roles, CONCURRENCY, async (name) => {
    const evidence = `its tag ${TABLE_TAG}`;
    claim(tableOf(await roleTags(scope, name)), { kind: 'role', name, evidence });
  });
  for (const { key, definition } of catalogTables) {
    const TableName = dynamodbTableOf(definition, scope);
    if (TableName === undefined) continue;
    const evidence = ownEvidence(definition, claims.get(TableName) ?? [], scope);
    if (evidence !== undefined) claim(TableName, { kind: 'table', name: key.TableName, evidence });
  }
  const gone = await mapConcurrently([...claims], CONCURRENCY, async ([TableName, objects]) => {
    // The list of tables is of a moment ago; only DynamoDB's own word that there is no such table counts.
    return (await describeTable(scope, TableName)) ? [] : [{ TableName, objects: inOrder(objects) }];
  });
  return gone.flat().sort((a, b) => (a.TableName < b.TableName ? -1 : 1));
}

/** What says that a catalog table is ours: its own parameter, or that one of our crawlers for its source wrote it. */
function ownEvidence(
  { Parameters = {} }: TableInput,
  claimed: readonly OrphanObject[],
  { stack }: CatalogScope,
): string | undefined {
  if (Parameters[CATALOG_PARAMETER] === stack) return `its parameter ${CATALOG_PARAMETER}`;
  const writer = Parameters['UPDATED_BY_CRAWLER'];
  return claimed.some(({ name }) => name === writer) ? `crawler ${writer} wrote it` : undefined;
}

/** The table that our tags name; undefined for what is not ours, does not say, or was there before us and is to stay. */
function tableOfTags(
  scope: CatalogScope,
  tags: Readonly<Record<string, string>>,
  includeAdopted: boolean,
): string | undefined {
  const { kind } = ownershipOf(tags, scope);
  return kind === 'ours' || (kind === 'adopted' && includeAdopted) ? tags[TABLE_TAG] : undefined;
}

/** Of roles that may be ours: those under the catalog's own path; those that were taken over are elsewhere, with our names. */
async function ownRoleNames(scope: CatalogScope, includeAdopted: boolean): Promise<string[]> {
  const { iam } = scope.clients;
  const names: string[] = [];
  const pages = paginateListRoles(
    { client: iam },
    { PathPrefix: includeAdopted ? '/' : rolePath(scope) },
    { abortSignal: scope.signal },
  );
  for await (const page of pages) {
    for (const { Path, RoleName = '' } of page.Roles ?? []) {
      if (Path === rolePath(scope) || isObjectName(RoleName)) names.push(RoleName);
    }
  }
  return names;
}

async function roleTags(
  { clients, signal }: CatalogScope,
  RoleName: string,
): Promise<Record<string, string>> {
  try {
    const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName }), { abortSignal: signal });
    return Object.fromEntries((Role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    if (isAwsError(error, 'NoSuchEntityException', 'NoSuchEntity')) return {};
    throw error;
  }
}

/** All tables of the catalog's database; none when there is no such database. */
export async function readCatalogTables(
  { clients, signal }: CatalogScope,
  DatabaseName: string,
): Promise<ObjectOf<'table'>[]> {
  const tables: ObjectOf<'table'>[] = [];
  for await (const page of observeCatalogTables({ glue: clients.glue, signal }, DatabaseName))
    tables.push(...page);
  return tables;
}

// A crawler first, so that no crawl makes the table anew; the role last, for until then a crawl may need it.
function inOrder(objects: OrphanObject[]): OrphanObject[] {
  const order = ['crawler', 'table', 'role'];
  return objects.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
