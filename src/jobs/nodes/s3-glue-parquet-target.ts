// S3GlueParquetTarget: Parquet files in a folder.
import type { Relation } from '../plan/plan.js';
import { ONE_INPUT, type TargetKind } from './node-kind.js';
import {
  directCatalogUpdate,
  mentionDataQuality,
  outputFolder,
  parquetCompression,
  partitionColumns,
  refuseTwins,
  targetFileCount,
} from './s3-target.js';

export const s3GlueParquetTarget: TargetKind<'S3GlueParquetTarget'> = {
  kind: 'S3GlueParquetTarget',
  role: 'target',
  inputCount: ONE_INPUT,
  members: {
    Name: 'used',
    Inputs: 'used',
    PartitionKeys: 'used',
    Path: 'used',
    Compression: 'used',
    NumberTargetPartitions: 'used',
    SchemaChangePolicy: 'used',
    AutoDataQuality: 'used',
  },
  compile(node, [source], context) {
    const input = source as Relation;
    mentionDataQuality(node.AutoDataQuality, context);
    refuseTwins(input);
    const write = {
      input,
      format: { kind: 'parquet' as const, compression: parquetCompression(node.Compression) },
      partitionColumns: partitionColumns(input, node.PartitionKeys),
    };
    return {
      node: context.name,
      ...write,
      ...outputFolder(node.Path, context),
      ...targetFileCount(node.NumberTargetPartitions),
      ...directCatalogUpdate(node.SchemaChangePolicy, write, context),
    };
  },
};
