// S3DirectTarget: files in a folder, as CSV, JSON lines or Parquet.
import type { OutputFormat } from '../plan/file-format.js';
import { glueCsv } from '../plan/file-format.js';
import type { Relation } from '../plan/plan.js';
import { ONE_INPUT, type NodeOf, type TargetKind } from './node-kind.js';
import { parquetCompression, textCompression, writeToFolder } from './s3-target.js';

export const s3DirectTarget: TargetKind<'S3DirectTarget'> = {
  kind: 'S3DirectTarget',
  role: 'target',
  inputCount: ONE_INPUT,
  members: {
    Name: 'used',
    Inputs: 'used',
    PartitionKeys: 'used',
    Path: 'used',
    Compression: 'used',
    NumberTargetPartitions: 'used',
    Format: 'used',
    SchemaChangePolicy: 'used',
    AutoDataQuality: 'used',
    OutputSchemas: 'no-effect',
  },
  compile: (node, [input], context) => writeToFolder(node, input as Relation, outputFormat(node), context),
};

function outputFormat(node: NodeOf<'S3DirectTarget'>): OutputFormat {
  switch (node.Format) {
    case 'csv':
      return glueCsv(textCompression(node.Compression));
    case 'json':
      return { kind: 'json', compression: textCompression(node.Compression) };
    case 'parquet':
      return { kind: 'parquet', compression: parquetCompression(node.Compression) };
    default:
      throw new Error(`Format "${node.Format}" is not supported; use csv, json or parquet.`);
  }
}
