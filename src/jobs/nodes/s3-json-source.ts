// S3JsonSource: JSON records, one a line or one after the other or in an array, with the columns that they have.
import { NO_INPUT, type RelationKind } from './node-kind.js';
import { S3_MEMBERS, scanS3Paths } from './s3-paths.js';

/** Paths that mean the records themselves, which is what is read anyway. */
const WHOLE_RECORDS = new Set(['', '$', '$[*]', '$.*']);

export const s3JsonSource: RelationKind<'S3JsonSource'> = {
  kind: 'S3JsonSource',
  role: 'source',
  inputCount: NO_INPUT,
  members: {
    ...S3_MEMBERS,
    JsonPath: 'used',
    // Records over several lines are always read.
    Multiline: 'no-effect',
  },
  compile: (node, _inputs, context) => {
    if (!WHOLE_RECORDS.has(node.JsonPath ?? '')) {
      throw context.error(
        `JsonPath "${node.JsonPath}" is not supported; leave it out to read whole records.`,
      );
    }
    return scanS3Paths(node, context, async (files) => {
      const columns = await context.inspector.jsonColumns(files);
      return { columns, format: { kind: 'json', keys: columns.map((column) => [column.name]) } };
    });
  },
};
