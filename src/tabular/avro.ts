// Classifier of Avro container files: the schema stands in the header.
import type { Classifier } from './classifier.js';
import { avroColumns, type AvroSchema } from './avro-types.js';
import type { TableFormat } from './file-schema.js';
import { textCounts } from './text-counts.js';

const AVRO_FORMAT: TableFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
};

const MAGIC = 'Obj\u0001';
const SYNC_BYTES = 16;

export const avroClassifier: Classifier = {
  classification: 'avro',
  classify(head) {
    if (head.storedStart.toString('latin1', 0, 4) !== MAGIC && head.compressionType === 'none') {
      return { notBecause: 'it does not begin with an Avro header' };
    }
    const text = head.text();
    if (text.bytes.toString('latin1', 0, 4) !== MAGIC)
      return { notBecause: 'it does not begin with an Avro header' };
    try {
      const { schema, firstBlock } = readAvroHeader(text.bytes);
      const literal = JSON.stringify(schema);
      const columns = avroColumns(schema);
      return {
        classification: 'avro',
        compressionType: head.compressionType,
        columns: columns.map(({ name, type }) => ({ name: name.toLowerCase(), type })),
        ...textCounts(head, text, avroRecordSize(firstBlock)),
        format: AVRO_FORMAT,
        serdeParameters: { 'avro.schema.literal': literal, 'serialization.format': '1' },
        formatParameters: { 'avro.schema.literal': literal },
        compatibilityKey: `avro|${head.compressionType}`,
        sourceNames: columns.map(({ name }) => name),
        reasons: [`${columns.length} columns in the writer's schema.`],
      };
    } catch (error) {
      return { notBecause: `its header cannot be read: ${(error as Error).message}`, isDamaged: true };
    }
  },
};

export interface AvroHeader {
  schema: AvroSchema;
  /** `null`, `deflate`, `snappy`, ... */
  codec: string;
  /** Bytes of the header: blocks follow. */
  headerBytes: number;
  firstBlock: { recordCount: number; byteCount: number } | undefined;
}

/** What stands before the records of a container file. @throws Error that says what is missing */
export function readAvroHeader(bytes: Buffer): AvroHeader {
  let at = MAGIC.length;
  const readLong = (): number => {
    let value = 0;
    for (let place = 1, count = 0; ; place *= 128, count++) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('it ends too early');
      if (count > 9) throw new Error('a number in it is too long');
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  };
  const readBytes = (): Buffer => {
    const length = readLong();
    if (length < 0 || at + length > bytes.length) throw new Error('it ends too early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const metadata = new Map<string, Buffer>();
  for (let count = readLong(); count !== 0; count = readLong()) {
    if (count < 0) readLong(); // the size of the block of entries
    for (let entry = Math.abs(count); entry > 0; entry--)
      metadata.set(readBytes().toString('utf8'), readBytes());
  }
  at += SYNC_BYTES;
  const text = metadata.get('avro.schema')?.toString('utf8');
  if (text === undefined) throw new Error('it has no schema');
  const headerBytes = at;
  return {
    schema: JSON.parse(text) as AvroSchema,
    codec: metadata.get('avro.codec')?.toString('utf8') ?? 'null',
    headerBytes,
    firstBlock: at < bytes.length ? { recordCount: readLong(), byteCount: readLong() } : undefined,
  };
}

/** A guess: what a record of the first block takes as it is stored. Dumps of crawled Avro tables show sums only. */
export function avroRecordSize(firstBlock: AvroHeader['firstBlock']): number {
  if (!firstBlock || firstBlock.recordCount <= 0) return 1;
  return Math.max(1, Math.floor(firstBlock.byteCount / firstBlock.recordCount));
}
