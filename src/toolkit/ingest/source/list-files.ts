// The objects of a catalog table, partition by partition.
import { paginateGetPartitions, type StorageDescriptor, type Table } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { GluepotError } from '../../../base/errors.js';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import { isProjected } from '../../../tabular/partition-projection.js';
import { tableFormatOf } from '../../../change/index.js';
import { listDataFiles, parseS3Place, type S3Object } from '../s3-place.js';
import { listProjected } from './list-projected.js';
import type { SurveyTools } from './source-kind.js';

const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';
const LISTS_AT_ONCE = 16;

export interface FileGroup {
  descriptor: StorageDescriptor;
  /** Null for Hive's default partition. */
  values: (string | null)[];
  objects: S3Object[];
}

/** The files of a table. @throws GluepotError `unsupported` for a table that is not plain files */
export async function listTableFiles(
  { glue, s3 }: Pick<SurveyTools, 'glue' | 's3'>,
  table: Table,
): Promise<FileGroup[]> {
  const name = `${table.DatabaseName}.${table.Name}`;
  const format = tableFormatOf(table);
  if (format)
    throw new GluepotError('unsupported', `${name} is a table of type ${format}, which is not read yet.`);
  const descriptor = table.StorageDescriptor ?? {};
  if (!table.PartitionKeys?.length) return [await group(s3, name, descriptor, [])];
  if (isProjected(table)) {
    const found = await listProjected(s3, table, new Date());
    return found.map((partition) => ({ descriptor, ...partition }));
  }
  const partitions: { descriptor: StorageDescriptor; values: (string | null)[] }[] = [];
  const pages = paginateGetPartitions(
    { client: glue },
    { DatabaseName: table.DatabaseName, TableName: table.Name, ExcludeColumnSchema: false },
  );
  for await (const { Partitions = [] } of pages) {
    for (const { StorageDescriptor: own = {}, Values = [] } of Partitions) {
      partitions.push({
        descriptor: { ...descriptor, ...own, SerdeInfo: own.SerdeInfo ?? descriptor.SerdeInfo },
        values: Values.map((value) => (value === DEFAULT_PARTITION ? null : value)),
      });
    }
  }
  return mapConcurrently(partitions, LISTS_AT_ONCE, (each) => group(s3, name, each.descriptor, each.values));
}

async function group(
  s3: S3Client,
  table: string,
  descriptor: StorageDescriptor,
  values: (string | null)[],
): Promise<FileGroup> {
  const place = parseS3Place(descriptor.Location ?? '', `The location of ${table}`);
  return { descriptor, values, objects: await listDataFiles(s3, place) };
}
