// The table that the catalog benches make: 20 columns, an answer of about 2 KB.
import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';

const TYPES = ['string', 'bigint', 'double', 'date'] as const;

function descriptor(location: string): StorageDescriptor {
  return {
    Columns: Array.from({ length: 20 }, (_, index) => ({
      Name: `measure_${index}`,
      Type: TYPES[index % TYPES.length],
      Comment: `Measure number ${index}`,
    })),
    Location: location,
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    Parameters: { classification: 'parquet', typeOfData: 'file' },
  };
}

export function sampleTable(name: string, parameters: Record<string, string> = {}): TableInput {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { classification: 'parquet', ...parameters },
    PartitionKeys: [
      { Name: 'day', Type: 'date' },
      { Name: 'region', Type: 'string' },
      { Name: 'hour', Type: 'int' },
    ],
    StorageDescriptor: descriptor(`s3://lake/${name}/`),
  };
}

const REGION_COUNT = 10;
const HOUR_COUNT = 24;
const DAY_MS = 86_400_000;

/** Values of the partition at `index`: day by day, all regions and hours of each. */
export function partitionValues(index: number): [day: string, region: string, hour: string] {
  const hour = index % HOUR_COUNT;
  const region = Math.floor(index / HOUR_COUNT) % REGION_COUNT;
  const day = Math.floor(index / (HOUR_COUNT * REGION_COUNT));
  return [
    new Date(Date.UTC(2010, 0, 1) + day * DAY_MS).toISOString().slice(0, 10),
    `region-${region}`,
    String(hour),
  ];
}

export function samplePartition(table: string, index: number): PartitionInput {
  const [day, region, hour] = partitionValues(index);
  return {
    Values: [day, region, hour],
    StorageDescriptor: descriptor(`s3://lake/${table}/day=${day}/region=${region}/hour=${hour}/`),
    Parameters: { rowCount: String(index) },
  };
}
