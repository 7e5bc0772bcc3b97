// Decide: the exact table and partitions that AWS's crawlers write for a group of files.
import type { Column, PartitionInput, SerDeInfo, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';
import type { FileColumn, FileSchema } from '../../tabular/file-schema.js';
import { formatHiveType } from '../../tabular/hive-type.js';
import { mergeFileSchemas } from '../../tabular/merge-schemas.js';
import type { Pause } from '../in-turns.js';
import type { ObservedFile } from '../observe/read-files.js';
import type { Leaf, TableGroup } from './group-tables.js';
import { partitionFolders, type PartitionFolders } from './partition-keys.js';

/** Who crawls, as it goes into the parameters of every table. */
export interface CrawlIdentity {
  crawlerName: string;
  crawlId: string;
}

/** A table as the crawl found it, before anything is known of the catalog. */
export interface CrawledTable {
  name: string;
  input: TableInput;
  partitions: PartitionInput[];
  isPartitionIndexed: boolean;
  reasons: string[];
}

/** Set on a table whose partitions have an index. */
export const PARTITION_FILTERING = 'partition_filtering.enabled';

// What a crawler writes for a file that nothing recognises; text formats are a guess.
const UNKNOWN_FORMAT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
};

/** Seen in dumps of crawled tables: keys, constants and that a table and its descriptor hold the same parameters. */
export async function crawledTable(
  group: TableGroup,
  name: string,
  identity: CrawlIdentity,
  options: {
    exclusions: string[];
    isPartitionIndexed: boolean;
    /** Of a table that was there before; else what its folders say. */
    partitioning?: PartitionFolders;
  },
  pause: Pause,
): Promise<CrawledTable> {
  const files = group.leaves.flatMap((leaf) => leaf.files);
  const schema = mergeFiles(files);
  const { keys, values } =
    options.partitioning ?? partitionFolders(group.leaves.map((leaf) => leaf.segments));
  const isPartitionIndexed = options.isPartitionIndexed && keys.length > 0;
  const parameters: Record<string, string> = {
    ...identityParameters(identity),
    ...contentParameters(schema),
    ...(group.isFile ? {} : { objectCount: String(files.length) }),
    ...(options.exclusions.length > 0 ? { exclusions: JSON.stringify(options.exclusions) } : {}),
    ...(isPartitionIndexed ? { [PARTITION_FILTERING]: 'true' } : {}),
  };
  const partitions: PartitionInput[] = [];
  for (const [leaf, leafValues] of keys.length === 0 ? [] : distinctValues(group.leaves, values)) {
    await pause();
    partitions.push(partitionInput(leaf, leafValues));
  }
  return {
    name,
    isPartitionIndexed,
    reasons: group.reasons,
    input: {
      Name: name,
      Owner: 'owner',
      Retention: 0,
      StorageDescriptor: storageDescriptor(schema, group.location, parameters),
      PartitionKeys: keys,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { ...parameters },
    },
    partitions,
  };
}

/** A partition has no parameters of its own, and its descriptor none that name the crawler. */
export function partitionInput(leaf: Leaf, values: string[]): PartitionInput {
  const schema = mergeFiles(leaf.files);
  return {
    Values: values,
    StorageDescriptor: storageDescriptor(schema, leaf.location, {
      ...contentParameters(schema),
      objectCount: String(leaf.files.length),
    }),
    Parameters: {},
  };
}

/** Under InheritFromTable a partition has its table's columns, formats and SerDe, and keeps location and counts. */
export function inheritFromTable(partition: PartitionInput, table: StorageDescriptor): PartitionInput {
  return {
    ...partition,
    StorageDescriptor: {
      ...partition.StorageDescriptor,
      Columns: table.Columns,
      InputFormat: table.InputFormat,
      OutputFormat: table.OutputFormat,
      SerdeInfo: table.SerdeInfo,
    },
  };
}

export function identityParameters({ crawlerName, crawlId }: CrawlIdentity): Record<string, string> {
  return {
    CrawlerSchemaDeserializerVersion: '1.0',
    CrawlerSchemaSerializerVersion: '1.0',
    UPDATED_BY_CRAWLER: crawlerName,
    CRAWL_RUN_ID: crawlId,
  };
}

function contentParameters(schema: FileSchema): Record<string, string> {
  return {
    ...schema.formatParameters,
    classification: schema.classification,
    compressionType: schema.compressionType,
    typeOfData: 'file',
    averageRecordSize: String(schema.averageRecordSize),
    recordCount: String(schema.recordCount),
    sizeKey: String(schema.sizeKey),
  };
}

function storageDescriptor(
  schema: FileSchema,
  location: string,
  parameters: Record<string, string>,
): StorageDescriptor {
  const format = schema.format ?? UNKNOWN_FORMAT;
  return {
    Columns: columnsOf(schema.columns),
    Location: location,
    InputFormat: format.inputFormat,
    OutputFormat: format.outputFormat,
    Compressed: schema.compressionType !== 'none',
    NumberOfBuckets: -1,
    SerdeInfo: serdeOf(format.serializationLibrary, schema.serdeParameters),
    BucketColumns: NO_COLUMNS,
    SortColumns: NO_COLUMNS,
    Parameters: parameters,
    StoredAsSubDirectories: false,
  };
}

// Thousands of partitions share one list of columns and one SerDe: what compares or writes them sees it at a glance.
const NO_COLUMNS: never[] = [];
const serdes = new WeakMap<Readonly<Record<string, string>>, SerDeInfo>();

function serdeOf(library: string, parameters: Readonly<Record<string, string>>): SerDeInfo {
  let serde = serdes.get(parameters);
  if (serde?.SerializationLibrary !== library) {
    serde = { SerializationLibrary: library, Parameters: { ...parameters } };
    serdes.set(parameters, serde);
  }
  return serde;
}

const formattedColumns = new WeakMap<readonly FileColumn[], Column[]>();

function columnsOf(columns: readonly FileColumn[]): Column[] {
  let formatted = formattedColumns.get(columns);
  if (!formatted) {
    formatted = columns.map(({ name, type }) => ({ Name: name, Type: formatHiveType(type) }));
    formattedColumns.set(columns, formatted);
  }
  return formatted;
}

function mergeFiles(files: readonly ObservedFile[]): FileSchema {
  return mergeFileSchemas(files.map((file) => file.schema));
}

// `k=a%20b` and `k=a b` decode to one value: the later folder then keeps its name as it is spelt.
function distinctValues(leaves: readonly Leaf[], values: readonly string[][]): [Leaf, string[]][] {
  const seen = new Set<string>();
  return leaves.map((leaf, index) => {
    const decoded = values[index] as string[];
    const key = JSON.stringify(decoded);
    if (seen.has(key)) return [leaf, leaf.segments];
    seen.add(key);
    return [leaf, decoded];
  });
}
