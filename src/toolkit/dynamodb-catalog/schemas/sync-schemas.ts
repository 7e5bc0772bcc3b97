// Keeps a schema of each catalog table in the Glue Schema Registry, a version for each change, and links the table to it.
//
// The link is in the table's parameters. A SchemaReference in its place would take the columns' place, too: AWS refuses a
// table that has both ("Both SchemaReference and Columns are populated"), crawlers write columns, and Lake Formation
// supports no tables with schemas from the registry (hashicorp/terraform-provider-aws#19739 and #33374).
import { createHash } from 'node:crypto';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  GetSchemaVersionCommand,
  RegisterSchemaVersionCommand,
  type GetSchemaVersionResponse,
  type TableInput,
} from '@aws-sdk/client-glue';
import { asGluepotError, isAwsError } from '../../../aws/aws-failure.js';
import { poll } from '../../../aws/poll.js';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import { keyText } from '../../../change/catalog-key.js';
import type { ObjectOf } from '../../../change/catalog-object.js';
import { decideChange, type Change } from '../../../change/index.js';
import { ownershipTags } from '../../stack/ownership.js';
import type { CatalogScope } from '../catalog-scope.js';
import { CATALOG_PARAMETER, dynamodbTableOf, SCHEMA_PARAMETERS } from '../catalog-table.js';
import { applyChanges } from '../direct/apply-direct.js';
import { readCatalogTables } from '../find-orphans.js';
import type { CatalogPlan } from '../plan.js';
import type { CatalogSettings } from '../settings.js';
import { avroSchemaOf } from './avro-schema.js';

const ARN_PARAMETER = `${SCHEMA_PARAMETERS}-arn`;
const VERSION_PARAMETER = `${SCHEMA_PARAMETERS}-version`;
/** Hash of the definition that the version has. */
const HASH_PARAMETER = `${SCHEMA_PARAMETERS}-hash`;
/** Hash of the definition that the registry refused as incompatible. */
const REFUSED_PARAMETER = `${SCHEMA_PARAMETERS}-refused`;

/** What a registry does with a new version is over in moments. */
const VERSION_TIMEOUT_MS = 60_000;

export interface SchemaResult {
  /** Of DynamoDB. */
  TableName: string;
  catalogTable: string;
  outcome: 'registered' | 'unchanged' | 'incompatible' | 'failed';
  version?: number;
  message?: string;
}

export interface SchemaPlan {
  TableName: string;
  table: ObjectOf<'table'>;
  definition: string;
  hash: string;
  state: 'new' | 'unchanged' | 'refused';
}

/** Pure: which tables need a version. `isOurs` tells of the catalog table of a DynamoDB table whether it is this catalog's. */
export function planSchemas(
  scope: Pick<CatalogScope, 'partition' | 'region' | 'accountId'>,
  catalogTables: readonly ObjectOf<'table'>[],
  isOurs: (TableName: string, catalogTable: string) => boolean,
): SchemaPlan[] {
  return catalogTables.flatMap((table) => {
    const TableName = dynamodbTableOf(table.definition, scope);
    const { TableName: name } = table.key;
    if (TableName === undefined || !isOurs(TableName, name)) return [];
    const definition = avroSchemaOf(name, table.definition.StorageDescriptor?.Columns ?? []);
    const hash = createHash('sha256').update(definition).digest('hex').slice(0, 32);
    const { Parameters = {} } = table.definition;
    const state =
      Parameters[HASH_PARAMETER] === hash
        ? 'unchanged'
        : Parameters[REFUSED_PARAMETER] === hash
          ? 'refused'
          : 'new';
    return [{ TableName, table, definition, hash, state }];
  });
}

/** Reads the catalog's database and keeps the schemas of the tables of `plan` that are ours. */
export async function syncCatalogSchemas(
  scope: CatalogScope,
  plan: Pick<CatalogPlan, 'settings' | 'tables' | 'ownCrawlers'>,
): Promise<SchemaResult[]> {
  return syncSchemas(scope, plan.settings, await planCatalogSchemas(scope, plan));
}

/** Reads the catalog's database: which of the tables of `plan` need a version of their schema. */
export async function planCatalogSchemas(
  scope: CatalogScope,
  { settings, tables, ownCrawlers }: Pick<CatalogPlan, 'settings' | 'tables' | 'ownCrawlers'>,
): Promise<SchemaPlan[]> {
  const names = new Map(tables.map(({ table, catalogName }) => [table.TableName, catalogName.name]));
  const writers = new Set([...ownCrawlers, ...tables.flatMap(({ objectName }) => objectName ?? [])]);
  const catalogTables = (await readCatalogTables(scope, settings.DatabaseName)).filter(({ definition }) => {
    const { Parameters = {} } = definition;
    return (
      Parameters[CATALOG_PARAMETER] === scope.stack || writers.has(Parameters['UPDATED_BY_CRAWLER'] ?? '')
    );
  });
  return planSchemas(scope, catalogTables, (TableName, name) => names.get(TableName) === name);
}

/** Registers what is new and links the tables. What fails at one table is its result. */
export async function syncSchemas(
  scope: CatalogScope,
  settings: CatalogSettings,
  plans: readonly SchemaPlan[],
): Promise<SchemaResult[]> {
  const RegistryName = settings.DatabaseName;
  if (plans.some(({ state }) => state === 'new')) await makeRegistry(scope, RegistryName);
  const links: Change[] = [];
  const results = await mapConcurrently(plans, settings.concurrency, async (plan): Promise<SchemaResult> => {
    const { TableName, table, state, hash } = plan;
    const result = { TableName, catalogTable: table.key.TableName };
    const version = Number(table.definition.Parameters?.[VERSION_PARAMETER]);
    if (state === 'unchanged') return { ...result, outcome: 'unchanged', version };
    if (state === 'refused') return { ...result, outcome: 'incompatible', message: incompatible(version) };
    try {
      const made = await registerVersion(scope, RegistryName, plan);
      if (made.isCompatible) {
        links.push(
          linkOf(table, {
            [ARN_PARAMETER]: made.schemaArn,
            [VERSION_PARAMETER]: String(made.version),
            [HASH_PARAMETER]: hash,
            [CATALOG_PARAMETER]: scope.stack,
          }),
        );
        return { ...result, outcome: 'registered', version: made.version };
      }
      links.push(linkOf(table, { [REFUSED_PARAMETER]: hash }));
      return { ...result, outcome: 'incompatible', message: incompatible(version) };
    } catch (error) {
      if (scope.signal.aborted) throw error;
      return { ...result, outcome: 'failed', message: asGluepotError(error).message };
    }
  });
  const short = await applyChanges(scope, settings, links);
  return results.map((result): SchemaResult => {
    const key = {
      kind: 'table' as const,
      DatabaseName: settings.DatabaseName,
      TableName: result.catalogTable,
    };
    const failure = short.get(keyText(key));
    return failure ? { ...result, outcome: 'failed', message: failure.message } : result;
  });
}

function incompatible(version: number): string {
  return Number.isNaN(version)
    ? 'The registry has another schema of this name that the columns are not compatible with.'
    : `The columns are not compatible with version ${version}, to which the table stays linked.`;
}

async function makeRegistry(
  { clients, signal, ...scope }: CatalogScope,
  RegistryName: string,
): Promise<void> {
  const Tags = ownershipTags(scope);
  const Description = 'Schemas of DynamoDB tables, kept by gluepot';
  try {
    await clients.glue.send(new CreateRegistryCommand({ RegistryName, Description, Tags }), {
      abortSignal: signal,
    });
  } catch (error) {
    if (!isAwsError(error, 'AlreadyExistsException')) throw error;
  }
}

async function registerVersion(
  scope: CatalogScope,
  RegistryName: string,
  { TableName, table, definition: SchemaDefinition }: SchemaPlan,
): Promise<{ isCompatible: boolean; schemaArn: string; version: number }> {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  const SchemaName = table.key.TableName;
  try {
    const made = await glue.send(
      new CreateSchemaCommand({
        RegistryId: { RegistryName },
        SchemaName,
        DataFormat: 'AVRO',
        Compatibility: 'BACKWARD',
        Description: `DynamoDB table ${TableName}`,
        Tags: ownershipTags(scope),
        SchemaDefinition,
      }),
      { abortSignal },
    );
    return {
      isCompatible: true,
      schemaArn: made.SchemaArn as string,
      version: made.LatestSchemaVersion ?? 1,
    };
  } catch (error) {
    if (!isAwsError(error, 'AlreadyExistsException')) throw error;
  }
  const SchemaId = { RegistryName, SchemaName };
  const { SchemaVersionId } = await glue.send(
    new RegisterSchemaVersionCommand({ SchemaId, SchemaDefinition }),
    { abortSignal },
  );
  const wait = { what: `schema ${SchemaName}`, timeoutMs: VERSION_TIMEOUT_MS };
  const version = await poll<GetSchemaVersionResponse>(scope, wait, async () => {
    const answer = await glue.send(new GetSchemaVersionCommand({ SchemaVersionId }), { abortSignal });
    return answer.Status === 'PENDING' ? { state: answer.Status } : { done: answer };
  });
  return {
    isCompatible: version.Status === 'AVAILABLE',
    schemaArn: version.SchemaArn as string,
    version: version.VersionNumber as number,
  };
}

/** Only parameters change; whoever changed the table since it was read stands in the way. */
function linkOf(table: ObjectOf<'table'>, parameters: Record<string, string>): Change {
  const { definition, key } = table;
  const wanted: TableInput = { ...definition, Parameters: { ...definition.Parameters, ...parameters } };
  return decideChange({
    key,
    base: { known: true, definition, evidence: [] },
    wanted: { known: true, definition: wanted, evidence: [] },
    current: table,
  });
}
