// Without crawlers: each table's sample becomes a change of the catalog, decided from three states as all changes are.
import { asGluepotError } from '../../../aws/aws-failure.js';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import type { ObjectOf } from '../../../change/catalog-object.js';
import { decideChange, type Change } from '../../../change/index.js';
import { observeTable } from '../../../change/observe-catalog.js';
import type { CatalogScope } from '../catalog-scope.js';
import { CATALOG_PARAMETER, dynamodbTableOf } from '../catalog-table.js';
import type { CatalogPlan, TablePlan } from '../plan.js';
import { sampleTable, type SampledTable } from './sample-table.js';
import { isAsWritten, wantedDefinition } from './wanted-definition.js';

export interface DirectDecision {
  TableName: string;
  /** What was read of the table; undefined when that failed. */
  sampled?: SampledTable;
  change?: Change;
  /** Why the table could not be read. */
  message?: string;
}

/** Reads a sample of every table of the plan. A table that cannot be read does not keep the others. */
export async function planDirect(
  scope: CatalogScope,
  { tables, settings, ownCrawlers }: CatalogPlan,
  onProgress: (progress: { done: number; total: number }) => void = () => {},
): Promise<DirectDecision[]> {
  let done = 0;
  return mapConcurrently(tables, settings.concurrency, async (planned) => {
    const { TableName } = planned.table;
    try {
      const sampled = await sampleTable(scope, planned.table, settings);
      const access = { glue: scope.clients.glue, signal: scope.signal, clock: scope.clock };
      const current = await observeTable(access, settings.DatabaseName, planned.catalogName.name);
      const change = decideDirect(scope, planned, settings, sampled, current, ownCrawlers);
      return { TableName, sampled, change };
    } catch (error) {
      if (scope.signal.aborted) throw error;
      return { TableName, message: asGluepotError(error).message };
    } finally {
      onProgress({ done: ++done, total: tables.length });
    }
  });
}

/** Pure. `ownCrawlers` are the crawlers of this catalog: what they wrote is ours. */
export function decideDirect(
  scope: Pick<CatalogScope, 'stack' | 'partition' | 'region' | 'accountId'>,
  { table, catalogName }: Pick<TablePlan, 'table' | 'catalogName'>,
  settings: { DatabaseName: string; adopt: boolean },
  sampled: SampledTable,
  current: ObjectOf<'table'> | undefined,
  ownCrawlers: ReadonlySet<string>,
): Change {
  const key = {
    kind: 'table' as const,
    DatabaseName: settings.DatabaseName,
    TableName: catalogName.name,
  };
  const definition = current?.definition;
  const { Parameters = {} } = definition ?? {};
  const isCrawled = ownCrawlers.has(Parameters['UPDATED_BY_CRAWLER'] ?? '');
  const isOurs = Parameters[CATALOG_PARAMETER] === scope.stack || isCrawled;
  const isSame = definition && dynamodbTableOf(definition, scope) === table.TableName;
  const wanted = wantedDefinition(catalogName.name, table, sampled, scope, isOurs ? definition : undefined);
  const isFree =
    !definition || settings.adopt || (isOurs && isSame && (isCrawled || isAsWritten(definition)));
  if (isFree) {
    return decideChange({
      key,
      base: { known: true, definition, evidence: [] },
      wanted: { known: true, definition: wanted, evidence: [] },
      current,
    });
  }
  const reason = isOurs
    ? 'Somebody else changed it since it was written here. Overwrite it with --adopt.'
    : 'There is a table of this name that is not this catalog’s. Take it over with --adopt.';
  const { VersionId } = current?.provenance ?? {};
  const version = VersionId === undefined ? {} : { VersionId };
  return { action: 'conflict', key, current: definition, wanted, ...version, reason, evidence: [] };
}
