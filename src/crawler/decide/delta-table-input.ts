// Decide: the table that a crawler writes for a Delta table.
import type { Column, PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';
import type { DeltaColumn } from '../../tabular/delta/delta-schema.js';
import type { DeltaSnapshot } from '../../tabular/delta/delta-snapshot.js';
import { MANIFEST_FOLDER } from '../../tabular/delta/symlink-manifests.js';
import { formatHiveType } from '../../tabular/hive-type.js';
import type { ObservedDeltaTable } from '../observe/read-delta-table.js';
import type { Discovery } from './discovery.js';
import {
  identityParameters,
  PARTITION_FILTERING,
  type CrawledTable,
  type CrawlIdentity,
} from './table-input.js';

/** Where Spark's catalog cuts a schema, in characters (Spark: spark.sql.sources.schemaStringLengthThreshold). */
const SCHEMA_PART_LENGTH = 4000;

/** The kinds of table that Delta targets make differ in all but name and columns. */
export function discoveredDeltaTable(
  table: ObservedDeltaTable,
  identity: CrawlIdentity,
  { isPartitionIndexed }: { isPartitionIndexed: boolean },
): Discovery {
  return table.target.isNative
    ? { location: table.url, describe: (name) => nativeTable(table, name, identity) }
    : {
        location: table.url + MANIFEST_FOLDER,
        namedAfter: table.url,
        describe: (name) => manifestTable(table, name, identity, isPartitionIndexed),
      };
}

/**
 * Formats, SerDe and parameters were seen in a table that AWS's crawler made. That columns by which the table is partitioned
 * stand among the PartitionKeys is a guess, as is that there are no partitions: engines find those in the log.
 */
function nativeTable(
  { url, snapshot }: ObservedDeltaTable,
  name: string,
  identity: CrawlIdentity,
): CrawledTable {
  const parameters = {
    ...identityParameters(identity),
    EXTERNAL: 'true',
    classification: 'delta',
    table_type: 'delta',
    'delta.lastUpdateVersion': String(snapshot.version),
    'delta.lastCommitTimestamp': String(snapshot.timestampMs),
    'spark.sql.partitionProvider': 'catalog',
    'spark.sql.sources.provider': 'delta',
    ...schemaParameters(snapshot.schemaString),
  };
  return deltaTable(name, snapshot, [], {
    isPartitionIndexed: false,
    parameters,
    descriptor: {
      Location: url,
      InputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        Parameters: { 'serialization.format': '1', path: url },
      },
    },
  });
}

/** Formats and location are documented (AWS docs: Delta crawlers make tables of SymlinkTextInputFormat); the parameters are a guess. */
function manifestTable(
  { url, snapshot, manifests = [] }: ObservedDeltaTable,
  name: string,
  identity: CrawlIdentity,
  isPartitionIndexed: boolean,
): CrawledTable {
  const isPartitioned = snapshot.partitionColumns.length > 0;
  const isIndexed = isPartitionIndexed && isPartitioned;
  const descriptor = {
    Location: url + MANIFEST_FOLDER,
    InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: {
      SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
      Parameters: { 'serialization.format': '1' },
    },
  };
  const partitions = manifests.map(({ values, folder }): PartitionInput => ({
    Values: values,
    StorageDescriptor: {
      ...baseDescriptor(snapshot),
      ...descriptor,
      Location: descriptor.Location + folder,
      Parameters: { classification: 'parquet' },
    },
    Parameters: {},
  }));
  return deltaTable(name, snapshot, isPartitioned ? partitions : [], {
    isPartitionIndexed: isIndexed,
    parameters: {
      ...identityParameters(identity),
      EXTERNAL: 'true',
      classification: 'parquet',
      'delta.lastUpdateVersion': String(snapshot.version),
      'delta.lastCommitTimestamp': String(snapshot.timestampMs),
      ...(isIndexed ? { [PARTITION_FILTERING]: 'true' } : {}),
    },
    descriptor,
  });
}

function deltaTable(
  name: string,
  snapshot: DeltaSnapshot,
  partitions: PartitionInput[],
  kind: {
    isPartitionIndexed: boolean;
    parameters: Record<string, string>;
    descriptor: StorageDescriptor;
  },
): CrawledTable {
  return {
    name,
    isPartitionIndexed: kind.isPartitionIndexed,
    reasons: [
      `The log of the Delta table has version ${snapshot.version}, with ${snapshot.columns.length} columns.`,
    ],
    input: {
      Name: name,
      Owner: 'owner',
      Retention: 0,
      StorageDescriptor: { ...baseDescriptor(snapshot), ...kind.descriptor, Parameters: kind.parameters },
      PartitionKeys: snapshot.partitionColumns.flatMap((key) =>
        snapshot.columns.filter((column) => column.name === key).map(columnOf),
      ),
      TableType: 'EXTERNAL_TABLE',
      Parameters: { ...kind.parameters },
    },
    partitions,
  };
}

function baseDescriptor({ columns, partitionColumns }: DeltaSnapshot): StorageDescriptor {
  return {
    Columns: columns.filter((column) => !partitionColumns.includes(column.name)).map(columnOf),
    Compressed: false,
    NumberOfBuckets: -1,
    BucketColumns: [],
    SortColumns: [],
    StoredAsSubDirectories: false,
  };
}

function columnOf({ name, type, comment }: DeltaColumn): Column {
  return {
    Name: name.toLowerCase(),
    Type: formatHiveType(type),
    ...(comment === undefined ? {} : { Comment: comment }),
  };
}

function schemaParameters(schema: string): Record<string, string> {
  const parts: string[] = [];
  for (let at = 0; at < schema.length; at += SCHEMA_PART_LENGTH) {
    parts.push(schema.slice(at, at + SCHEMA_PART_LENGTH));
  }
  return {
    'spark.sql.sources.schema.numParts': String(parts.length),
    ...Object.fromEntries(parts.map((part, index) => [`spark.sql.sources.schema.part.${index}`, part])),
  };
}
