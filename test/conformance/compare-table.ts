// Compares a crawled table with what AWS's crawler wrote for the same data.
import { isDeepStrictEqual } from 'node:util';
import type { Partition, Table } from '@aws-sdk/client-glue';
import type { RecordedCase } from './recorded-case.js';

export interface Difference {
  where: string;
  expected: unknown;
  actual: unknown;
  /** False for what was not proven: it is told, and does not fail the case. */
  isProven: boolean;
}

// They name the crawl and the crawler; dumps from before 2024 lack the first.
const NAMES = ['CRAWL_RUN_ID', 'UPDATED_BY_CRAWLER'];

/** @param incomparable parameters of which only the presence is compared */
export function compareTable(
  { expected, location }: RecordedCase,
  table: Table,
  partitions: readonly Partition[],
  incomparable: readonly string[],
): Difference[] {
  const differences: Difference[] = [];
  const compare = (
    where: string,
    wanted: unknown,
    actual: unknown,
    proof: keyof typeof expected.verified | undefined = undefined,
  ) => {
    if (wanted === undefined || isDeepStrictEqual(wanted, actual)) return;
    const isProven = proof === undefined || (expected.verified[proof] ?? true) === true;
    differences.push({ where, expected: wanted, actual, isProven });
  };
  const compareParameters = (
    where: string,
    wanted: Record<string, string>,
    actual: Record<string, string> | undefined,
    proof: 'parameters' | 'partition',
  ) => {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(actual ?? {})]);
    for (const key of [...keys].sort()) {
      if (NAMES.includes(key) || (incomparable.includes(key) && wanted[key] && actual?.[key])) continue;
      // Here absence is a value.
      compare(`${where}.${key}`, wanted[key] ?? null, actual?.[key] ?? null, proof);
    }
  };

  const descriptor = table.StorageDescriptor ?? {};
  const columns = descriptor.Columns ?? [];
  compare('column names', expected.columns.map(nameOf), columns.map(nameOf), 'columnNames');
  for (const { Name, Type } of expected.columns) {
    const column = columns.find((one) => one.Name === Name);
    if (column) compare(`type of column ${Name}`, Type, column.Type, 'columnTypes');
  }
  compare('PartitionKeys', expected.partitionKeys, table.PartitionKeys);
  if (expected.parameters)
    compareParameters('Parameters', expected.parameters, table.Parameters, 'parameters');
  compare('StorageDescriptor.Parameters', table.Parameters, descriptor.Parameters);
  compare('SerializationLibrary', expected.serde?.lib, descriptor.SerdeInfo?.SerializationLibrary, 'serde');
  compare('SerdeInfo.Parameters', expected.serde?.parameters, descriptor.SerdeInfo?.Parameters, 'serde');
  compare('InputFormat', expected.inputFormat, descriptor.InputFormat, 'serde');
  compare('OutputFormat', expected.outputFormat, descriptor.OutputFormat, 'serde');
  compare('Location', location, descriptor.Location);
  compare('Owner', expected.owner, table.Owner);
  compare('Compressed', expected.compressed, descriptor.Compressed);
  compare('NumberOfBuckets', expected.numberOfBuckets, descriptor.NumberOfBuckets);
  compare('VersionId', expected.versionId, table.VersionId);
  if (expected.createTimeEqualsLastAccessTime) {
    compare('LastAccessTime', table.CreateTime, table.LastAccessTime);
  }

  const wanted = expected.partition;
  if (!wanted) return differences;
  const partition = partitions.find((one) => isDeepStrictEqual(one.Values, wanted.Values));
  if (!partition) {
    compare(
      'partitions',
      wanted.Values,
      partitions.map((one) => one.Values),
      'partition',
    );
    return differences;
  }
  const own = partition.StorageDescriptor ?? {};
  const folder = wanted.location.split('/').at(-2);
  compare('partition Location', `${location}${folder}/`, own.Location, 'partition');
  compare('partition Parameters', wanted.Parameters, partition.Parameters, 'partition');
  compareParameters(
    'partition StorageDescriptor.Parameters',
    wanted.StorageDescriptorParameters,
    own.Parameters,
    'partition',
  );
  compare('partition Columns', columns, own.Columns, 'partition');
  compare('partition LastAccessTime', partition.CreationTime, partition.LastAccessTime, 'partition');
  return differences;
}

function nameOf({ Name }: { Name: string | undefined }): string | undefined {
  return Name;
}
