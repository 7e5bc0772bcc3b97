// Classifier of ORC files: the schema and the number of rows stand in the footer.
import { messageOf } from '../base/errors.js';
import type { Classifier } from './classifier.js';
import type { FileHead } from './file-head.js';
import type { TableFormat } from './file-schema.js';
import { primitive, type HiveType } from './hive-type.js';
import { orcFooterBytes, readOrcFooter, TAIL_BYTES, type OrcType } from './orc/orc-footer.js';

const ORC_FORMAT: TableFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
};

const MAGIC = 'ORC';

export const orcClassifier: Classifier = {
  classification: 'orc',
  classify(head) {
    if (head.storedStart.toString('latin1', 0, 3) !== MAGIC)
      return { notBecause: `it does not begin with ${MAGIC}` };
    try {
      const { columns, rowCount } = readFooter(head);
      return {
        classification: 'orc',
        compressionType: 'none',
        columns: columns.map(({ name, type }) => ({ name: name.toLowerCase(), type })),
        recordCount: rowCount,
        // Seen in a crawled table: the size of the file over its rows.
        averageRecordSize: rowCount === 0 ? 0 : Math.floor(head.sizeBytes / rowCount),
        sizeKey: head.sizeBytes,
        format: ORC_FORMAT,
        serdeParameters: { 'serialization.format': '1' },
        formatParameters: {},
        compatibilityKey: 'orc|none',
        sourceNames: columns.map(({ name }) => name),
        reasons: [`${columns.length} columns and ${rowCount} rows in the footer.`],
      };
    } catch (error) {
      return { notBecause: `its footer cannot be read: ${messageOf(error)}`, isDamaged: true };
    }
  },
};

function readFooter(head: FileHead): { columns: { name: string; type: HiveType }[]; rowCount: number } {
  const tail = head.storedEnd(TAIL_BYTES);
  const storedBytes = orcFooterBytes(tail, head.sizeBytes);
  const { root, rowCount } = readOrcFooter(storedBytes <= tail.length ? tail : head.storedEnd(storedBytes));
  return { columns: root.children.map(({ name, type }) => ({ name, type: hiveType(type) })), rowCount };
}

function hiveType({ kind, children, precision, scale, maximumLength }: OrcType): HiveType {
  const members = children.map(({ name, type }) => ({ name, type: hiveType(type) }));
  const [first, second] = members.map(({ type }) => type) as [HiveType, HiveType];
  switch (kind) {
    case 'list':
      return { kind: 'array', item: first };
    case 'map':
      return { kind: 'map', key: first, value: second };
    case 'struct':
      return { kind: 'struct', members };
    case 'decimal':
      return primitive(`decimal(${precision || 38},${scale})`);
    case 'varchar':
    case 'char':
      return primitive(`${kind}(${maximumLength})`);
    default:
      return primitive(PRIMITIVES[kind] ?? kind);
  }
}

/** Where Hive has another name; a union is a string, as in Hive's own readers. */
const PRIMITIVES: Readonly<Partial<Record<OrcType['kind'], string>>> = {
  byte: 'tinyint',
  short: 'smallint',
  long: 'bigint',
  union: 'string',
  'timestamp-instant': 'timestamp',
};
