// Decide: what a table becomes when a crawl finds its data again.
import { isDeepStrictEqual } from 'node:util';
import type {
  Partition,
  PartitionInput,
  SerDeInfo,
  StorageDescriptor,
  Table,
  TableInput,
} from '@aws-sdk/client-glue';
import { addNewColumns } from './merge-columns.js';
import { partitionInputOf, tableInputOf } from '../../catalog/stored-definition.js';
import { PARTITION_FILTERING } from './table-input.js';

// Keys that a crawler takes away when it no longer has a value for them. All others are somebody else's and survive:
// seen when a live catalog was crawled again. DEPRECATED_BY_CRAWLER is not here: AWS is reported never to remove it.
const CRAWLER_KEYS = new Set([
  'CrawlerSchemaDeserializerVersion',
  'CrawlerSchemaSerializerVersion',
  'UPDATED_BY_CRAWLER',
  'CRAWL_RUN_ID',
  'classification',
  'compressionType',
  'typeOfData',
  'averageRecordSize',
  'recordCount',
  'sizeKey',
  'objectCount',
  'exclusions',
  'areColumnsQuoted',
  'columnsOrdered',
  'delimiter',
  'skip.header.line.count',
  'commentCharacter',
  'avro.schema.literal',
  'jsonPath',
  'rowTag',
  'hashKey',
  'rangeKey',
  'connectionName',
  'delta.lastUpdateVersion',
  'delta.lastCommitTimestamp',
  'spark.sql.sources.schema.numParts',
]);
/** The schema of a Delta table, in as many parts as it needs. */
const SCHEMA_PART = /^spark\.sql\.sources\.schema\.part\.\d+$/;
const SERDE_KEYS = new Set([
  'field.delim',
  'paths',
  'serialization.format',
  'separatorChar',
  'quoteChar',
  'input.format',
  'input.grokCustomPatterns',
  'rowTag',
  'avro.schema.literal',
  'path',
]);

type Parameters = Record<string, string>;

/**
 * The stored table with what the crawl found in it: columns, formats, location, partition keys and the crawler's own
 * parameters are replaced; owner, description and other people's parameters stay. Column comments are lost (a guess).
 */
export function mergeTable(
  stored: Table,
  crawled: TableInput,
  options: { isMergingNewColumns: boolean },
): TableInput {
  const merged: TableInput = {
    ...tableInputOf(stored),
    StorageDescriptor: mergeDescriptor(stored.StorageDescriptor, crawled.StorageDescriptor!, options),
    PartitionKeys: crawled.PartitionKeys ?? [],
    TableType: crawled.TableType,
    Parameters: mergeParameters(stored.Parameters, crawled.Parameters, CRAWLER_KEYS),
  };
  // The flag goes with the index, which is made when the table is: a later crawl cannot promise it.
  if (stored.Parameters?.[PARTITION_FILTERING] === undefined) {
    delete merged.Parameters?.[PARTITION_FILTERING];
    delete merged.StorageDescriptor?.Parameters?.[PARTITION_FILTERING];
  }
  return merged;
}

export function mergePartition(stored: Partition, crawled: PartitionInput): PartitionInput {
  return {
    ...partitionInputOf(stored),
    StorageDescriptor: mergeDescriptor(stored.StorageDescriptor, crawled.StorageDescriptor!, {
      isMergingNewColumns: false,
    }),
    Parameters: mergeParameters(stored.Parameters, crawled.Parameters, CRAWLER_KEYS),
  };
}

/**
 * True when writing `merged` would change nothing that a crawl determines. The id of the run does not count, nor comments of
 * columns that the crawl has none for, so that a second crawl of unchanged data leaves the table and its version alone.
 */
export function isSameTable(stored: Table, merged: TableInput): boolean {
  return isDeepStrictEqual(essence(stored), essence(merged)) && hasColumnNotes(stored, merged);
}

/** What a crawl says of columns beside their types, where it says anything. */
function hasColumnNotes(stored: Table, merged: TableInput): boolean {
  const known = stored.StorageDescriptor?.Columns ?? [];
  return (merged.StorageDescriptor?.Columns ?? []).every(
    ({ Comment, Parameters }, index) =>
      (Comment === undefined || Comment === known[index]?.Comment) &&
      (Parameters === undefined || isDeepStrictEqual({ ...Parameters }, { ...known[index]?.Parameters })),
  );
}

export function isSamePartition(stored: Partition, merged: PartitionInput): boolean {
  return isDeepStrictEqual(essence(stored), essence(merged));
}

/** Why MergeNewColumns cannot go on with the table, or undefined. Source: AWS docs, MergeNewColumns. */
export function incompatibility(stored: Table, crawled: TableInput): string | undefined {
  for (const key of ['classification', 'compressionType', 'delimiter']) {
    const [was, is] = [stored.Parameters?.[key], crawled.Parameters?.[key]];
    if (was !== undefined && was !== is) return `its ${key} changed from ${was} to ${is ?? 'none'}`;
  }
  return undefined;
}

function mergeDescriptor(
  stored: StorageDescriptor | undefined,
  crawled: StorageDescriptor,
  { isMergingNewColumns }: { isMergingNewColumns: boolean },
): StorageDescriptor {
  return {
    ...stored,
    ...crawled,
    Columns: isMergingNewColumns
      ? addNewColumns(stored?.Columns ?? [], crawled.Columns ?? [])
      : crawled.Columns,
    SerdeInfo: mergeSerde(stored?.SerdeInfo, crawled.SerdeInfo),
    Parameters: mergeParameters(stored?.Parameters, crawled.Parameters, CRAWLER_KEYS),
  };
}

function mergeSerde(stored: SerDeInfo | undefined, crawled: SerDeInfo | undefined): SerDeInfo | undefined {
  if (stored?.SerializationLibrary !== crawled?.SerializationLibrary) return crawled;
  return {
    ...stored,
    ...crawled,
    Parameters: mergeParameters(stored?.Parameters, crawled?.Parameters, SERDE_KEYS),
  };
}

function mergeParameters(
  stored: Parameters | undefined,
  crawled: Parameters | undefined,
  ownKeys: ReadonlySet<string>,
): Parameters {
  const foreign = Object.entries(stored ?? {}).filter(([key]) => !ownKeys.has(key) && !SCHEMA_PART.test(key));
  return { ...Object.fromEntries(foreign), ...crawled };
}

function essence(object: Table | TableInput | Partition | PartitionInput): unknown {
  const descriptor = object.StorageDescriptor;
  return {
    columns: descriptor?.Columns?.map(({ Name, Type }) => [Name, Type]),
    location: normalLocation(descriptor?.Location),
    formats: [descriptor?.InputFormat, descriptor?.OutputFormat, descriptor?.Compressed ?? false],
    serde: [descriptor?.SerdeInfo?.SerializationLibrary, { ...descriptor?.SerdeInfo?.Parameters }],
    descriptorParameters: withoutRunId(descriptor?.Parameters),
    parameters: withoutRunId(object.Parameters),
    keys: 'PartitionKeys' in object ? (object.PartitionKeys ?? []).map(({ Name, Type }) => [Name, Type]) : [],
  };
}

function withoutRunId(parameters: Parameters | undefined): Parameters {
  return Object.fromEntries(Object.entries(parameters ?? {}).filter(([key]) => key !== 'CRAWL_RUN_ID'));
}

/** A location with one spelling: s3 scheme, no slash at its end. */
export function normalLocation(location: string | undefined): string {
  return (location ?? '').replace(/^s3[an]:/, 's3:').replace(/\/$/, '');
}
