// S3ParquetSource: Parquet files with the columns that they name themselves.
import { NO_INPUT, type RelationKind } from './node-kind.js';
import { S3_MEMBERS, scanS3Paths } from './s3-paths.js';

export const s3ParquetSource: RelationKind<'S3ParquetSource'> = {
  kind: 'S3ParquetSource',
  role: 'source',
  inputCount: NO_INPUT,
  members: S3_MEMBERS,
  compile: (node, _inputs, context) =>
    scanS3Paths(node, context, async (files) => ({
      columns: await context.inspector.parquetColumns(files),
      format: { kind: 'parquet' },
    })),
};
