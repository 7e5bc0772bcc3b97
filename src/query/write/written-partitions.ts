// Partitions of what is written: their folders, and their place in the catalog.
import type { PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';
import { partitionName } from '../ddl/partition-path.js';
import type { StatementRun } from '../execution/statement-run.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { StagedFile } from './stage-files.js';

const CREATED_PARTITIONS_A_CALL = 100;

export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

export function partitionFolder(names: readonly string[], values: readonly (string | null)[]): string {
  if (names.length === 0) return '';
  return `${partitionName(
    names.map((Name) => ({ Name })),
    values.map((value) => value ?? DEFAULT_PARTITION),
  )}/`;
}

export const withSlash = (location: string) => (location.endsWith('/') ? location : `${location}/`);

export function addPartitions(
  files: readonly StagedFile[],
  descriptor: StorageDescriptor,
  keyNames: readonly string[],
  folder: string,
  database: string,
  name: string,
  { catalog }: StatementRun,
): void {
  if (keyNames.length === 0) return;
  const inputs = new Map<string, PartitionInput>();
  for (const { values } of files) {
    const Location = folder + partitionFolder(keyNames, values);
    inputs.set(Location, {
      Values: values.map((value) => value ?? DEFAULT_PARTITION),
      StorageDescriptor: { ...descriptor, Location },
    });
  }
  const all = [...inputs.values()];
  for (let at = 0; at < all.length; at += CREATED_PARTITIONS_A_CALL) {
    const [first] = catalog.createPartitions(database, name, all.slice(at, at + CREATED_PARTITIONS_A_CALL));
    if (first && first.ErrorDetail?.ErrorCode !== 'AlreadyExistsException') {
      throw new QueryFailure(
        `HIVE_METASTORE_ERROR: ${first.ErrorDetail?.ErrorMessage ?? 'a partition could not be recorded'}`,
      );
    }
  }
}
