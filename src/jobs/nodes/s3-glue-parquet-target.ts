// S3GlueParquetTarget: Parquet files in a folder.
import type { Relation } from '../plan/plan.js';
import { ONE_INPUT, type TargetKind } from './node-kind.js';
import { parquetCompression, writeToFolder } from './s3-target.js';

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
  compile(node, [input], context) {
    const format = { kind: 'parquet' as const, compression: parquetCompression(node.Compression) };
    return writeToFolder(node, input as Relation, format, context);
  },
};
