// Iceberg, Delta and Hudi tables: parameters that point at data are the table format's, and never put back.
import type { TableInput } from '@aws-sdk/client-glue';

export type TableFormat = 'iceberg' | 'delta' | 'hudi';

const FORMATS: readonly TableFormat[] = ['iceberg', 'delta', 'hudi'];

/** Parameters in which engines name a table's format (seen in tables of Athena, Iceberg, Spark and of Glue's crawlers). */
const FORMAT_PARAMETERS = ['table_type', 'spark.sql.sources.provider', 'classification', 'provider'];

/**
 * Parameters that say which state of the data is the current one: Iceberg's pointers and its summary of them (Iceberg's
 * Java catalogs write them), the last commit that Delta's and Hudi's writers have published.
 */
const POINTERS = new Set([
  'metadata_location',
  'previous_metadata_location',
  'current-schema',
  'current-snapshot-id',
  'current-snapshot-summary',
  'current-snapshot-timestamp-ms',
  'default-partition-spec',
  'default-sort-order',
  'snapshot-count',
  'uuid',
  'delta.lastUpdateVersion',
  'delta.lastCommitTimestamp',
  'last_commit_time_sync',
  'last_commit_completion_time_sync',
]);

/** The open table format of a table; undefined for one that is just files. */
export function tableFormatOf({ Parameters = {}, StorageDescriptor }: TableInput): TableFormat | undefined {
  if (Parameters.metadata_location !== undefined) return 'iceberg';
  const names = FORMAT_PARAMETERS.map((name) => Parameters[name]?.toLowerCase());
  const named = FORMATS.find((format) => names.includes(format));
  if (named) return named;
  return StorageDescriptor?.InputFormat?.startsWith('org.apache.hudi.') ? 'hudi' : undefined;
}

/** `definition` with the pointers that `current` has, and no others; crawlers write them into the storage descriptor, too. */
export function withPointersOf(definition: TableInput, current: TableInput): TableInput {
  const Parameters = withPointers(definition.Parameters, current.Parameters);
  const { StorageDescriptor } = definition;
  if (!StorageDescriptor) return { ...definition, Parameters };
  const ofStorage = withPointers(StorageDescriptor.Parameters, current.StorageDescriptor?.Parameters);
  return { ...definition, StorageDescriptor: { ...StorageDescriptor, Parameters: ofStorage }, Parameters };
}

type Parameters = Record<string, string>;

function withPointers(definition: Parameters | undefined, current: Parameters | undefined): Parameters {
  const pick = (parameters: Parameters = {}, isPointer: boolean) =>
    Object.entries(parameters).filter(([name]) => POINTERS.has(name) === isPointer);
  return Object.fromEntries([...pick(definition, false), ...pick(current, true)]);
}
