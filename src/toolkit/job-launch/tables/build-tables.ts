// New definitions of tables, made by Athena under names that nobody reads, and looked at before anything is changed.
import { BatchDeleteTableCommand, paginateGetPartitions, type TableInput } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';
import { isSameDefinition, tableFormatOf } from '../../../change/index.js';
import { observeTable } from '../../../change/observe-catalog.js';
import type { LaunchScope } from '../launch-scope.js';
import type { PlaceholderValues } from '../placeholders.js';
import type { LaunchSpec, TableSpec } from '../spec.js';
import { createStatement } from './create-statement.js';
import { runStatement } from './run-statement.js';

export interface TableName {
  DatabaseName: string;
  TableName: string;
}

/** What a table was, and what it is to be. */
export interface TableSwap extends TableName {
  /** Undefined for a table that is not there yet. */
  before: TableInput | undefined;
  after: TableInput;
}

/** Seconds since 1970 at which Hive last saw a table's DDL: no two builds have the same. */
const DDL_TIME = 'transient_lastDdlTime';

/** The names under which a launch builds its tables: each launch has its own. */
export function buildNames({ tables }: LaunchSpec['prepare'], runKey: string): TableName[] {
  const infix = runKey.toLowerCase().replace(/[^a-z0-9]/g, '_');
  return tables.map(({ database, table }) => ({
    DatabaseName: database,
    TableName: `gluepot_${infix}_${table}`,
  }));
}

/**
 * Has Athena make every table of the spec beside the one that is there, and takes it away again.
 * @param keepLease called after each table
 * @returns a swap for each table that differs from what is there
 * @throws GluepotError `failed` with Athena's reason; `guard-refused` for a table that is a view, Iceberg, Delta or Hudi, or
 *   whose partitions would not fit the new definition
 */
export async function buildTables(
  scope: LaunchScope,
  prepare: LaunchSpec['prepare'],
  values: PlaceholderValues,
  keepLease: () => Promise<void>,
): Promise<TableSwap[]> {
  const names = buildNames(prepare, values.runKey);
  const swaps: TableSwap[] = [];
  for (const [index, spec] of prepare.tables.entries()) {
    const swap = await buildTable(scope, prepare, spec, names[index] as TableName, values);
    if (swap) swaps.push(swap);
    await keepLease();
  }
  await removeTables(scope, names);
  return swaps;
}

async function buildTable(
  scope: LaunchScope,
  { athena }: LaunchSpec['prepare'],
  spec: TableSpec,
  { DatabaseName, TableName: builtName }: TableName,
  values: PlaceholderValues,
): Promise<TableSwap | undefined> {
  const access = { glue: scope.clients.glue, signal: scope.signal };
  const { table: TableName } = spec;
  const label = `${DatabaseName}.${TableName}`;
  const before = (await observeTable(access, DatabaseName, TableName))?.definition;
  if (before) requireExternal(label, before);
  await runStatement(scope, athena, {
    what: label,
    database: DatabaseName,
    sql: createStatement(spec, builtName, values),
    requestKey: `${values.runKey} ${label}`,
  });
  const built = (await observeTable(access, DatabaseName, builtName))?.definition;
  if (!built) {
    throw new GluepotError(
      'failed',
      `Athena says that it made ${label}, but Glue has no ${DatabaseName}.${builtName}. Is prepare.athena.workGroup of this account and region?`,
    );
  }
  const after = { ...built, Name: TableName };
  requireExternal(label, after);
  if (before) await requireFittingPartitions(scope, { DatabaseName, TableName, before, after });
  if (isSameDefinition('table', before && withoutTime(before), withoutTime(after))) return undefined;
  return { DatabaseName, TableName, before, after };
}

function requireExternal(label: string, table: TableInput): void {
  const format = tableFormatOf(table);
  const kind = format ?? (table.TableType === 'EXTERNAL_TABLE' ? undefined : table.TableType);
  if (kind === undefined) return;
  throw new GluepotError(
    'guard-refused',
    `${label} is of the kind ${kind}, and a launch only remakes external tables. Nothing was done. Leave it out of prepare.tables.`,
  );
}

/** Partitions stay when a table is redefined: nobody has to find them anew, and nobody misses them meanwhile. */
async function requireFittingPartitions(
  scope: LaunchScope,
  { DatabaseName, TableName, before, after }: TableSwap & { before: TableInput },
): Promise<void> {
  const keysOf = ({ PartitionKeys = [] }: TableInput) =>
    PartitionKeys.map(({ Name, Type }) => `${Name} ${Type}`).join(', ');
  const placeOf = ({ StorageDescriptor }: TableInput) => StorageDescriptor?.Location?.replace(/\/*$/, '/');
  const isFitting = keysOf(before) === keysOf(after) && placeOf(before) === placeOf(after);
  if (isFitting || !(await hasPartitions(scope, { DatabaseName, TableName }, before))) return;
  throw new GluepotError(
    'guard-refused',
    `${DatabaseName}.${TableName} has partitions by (${keysOf(before)}) in ${placeOf(before)}, which do not fit what it is to be: ` +
      `by (${keysOf(after)}) in ${placeOf(after)}. Nothing was done. Remove the partitions, or keep keys and location.`,
  );
}

async function hasPartitions(
  scope: LaunchScope,
  names: TableName,
  { PartitionKeys = [] }: TableInput,
): Promise<boolean> {
  if (PartitionKeys.length === 0) return false;
  const input = { ...names, ExcludeColumnSchema: true };
  const paging = { client: scope.clients.glue, pageSize: 1 };
  for await (const { Partitions = [] } of paginateGetPartitions(paging, input, {
    abortSignal: scope.signal,
  })) {
    if (Partitions.length > 0) return true;
  }
  return false;
}

/** Takes built tables away, also those that were never made. @throws GluepotError `partial-apply` when one stays */
export async function removeTables(scope: LaunchScope, names: readonly TableName[]): Promise<void> {
  for (const DatabaseName of new Set(names.map((name) => name.DatabaseName))) {
    const TablesToDelete = names
      .filter((name) => name.DatabaseName === DatabaseName)
      .map(({ TableName }) => TableName);
    const { Errors = [] } = await scope.clients.glue.send(
      new BatchDeleteTableCommand({ DatabaseName, TablesToDelete }),
      { abortSignal: scope.signal },
    );
    const left = Errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'EntityNotFoundException');
    if (!left) continue;
    throw new GluepotError(
      'partial-apply',
      `${DatabaseName}.${left.TableName}, which the launch made for itself, could not be removed: ` +
        `${left.ErrorDetail?.ErrorCode} ${left.ErrorDetail?.ErrorMessage ?? ''}`,
    );
  }
}

function withoutTime({ Parameters = {}, ...table }: TableInput): TableInput {
  const kept = Object.entries(Parameters).filter(([name]) => name !== DDL_TIME);
  return { ...table, Parameters: Object.fromEntries(kept) };
}
