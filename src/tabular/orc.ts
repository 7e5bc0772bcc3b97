// Classifier of ORC files: the schema and the number of rows stand in the footer.
import { inflateRawSync } from 'node:zlib';
import { messageOf } from '../base/errors.js';
import type { Classifier } from './classifier.js';
import type { FileHead } from './file-head.js';
import type { TableFormat } from './file-schema.js';
import { primitive, type HiveType } from './hive-type.js';
import { unlz4Block, unsnapBlock } from './lz-blocks.js';
import { readFields, readPackedNumbers } from './protobuf-fields.js';

const ORC_FORMAT: TableFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
};

const MAGIC = 'ORC';
const TAIL_BYTES = 65_536;
const FOOTER_BYTES_MAX = 64 * 1024 * 1024;

export const orcClassifier: Classifier = {
  classification: 'orc',
  classify(head) {
    if (head.storedStart.toString('latin1', 0, 3) !== MAGIC)
      return { notBecause: `it does not begin with ${MAGIC}` };
    try {
      const { columns, rowCount } = readOrcFooter(head);
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

interface OrcFooter {
  columns: { name: string; type: HiveType }[];
  rowCount: number;
}

/** Source of the numbers of fields: the ORC specification, "File Tail". */
function readOrcFooter(head: FileHead): OrcFooter {
  const tail = head.storedEnd(TAIL_BYTES);
  const postscriptBytes = tail.at(-1) ?? 0;
  const postscriptStart = tail.length - 1 - postscriptBytes;
  if (postscriptStart < 0) throw new Error('it is too short');
  const postscript = readFields(tail.subarray(postscriptStart, -1));
  const footerBytes = postscript.number(1);
  const storedBytes = footerBytes + postscriptBytes + 1;
  if (footerBytes === 0 || storedBytes > Math.min(head.sizeBytes, FOOTER_BYTES_MAX)) {
    throw new Error(`it would have ${footerBytes} of the file's ${head.sizeBytes} bytes`);
  }
  const end =
    storedBytes <= tail.length ? tail.subarray(tail.length - storedBytes) : head.storedEnd(storedBytes);
  const footer = readFields(unpack(end.subarray(0, footerBytes), postscript.number(2)));
  const types = footer.messages(4).map(readFields);
  const hiveType = (index: number, depth: number): HiveType => {
    const type = types[index];
    if (!type || depth > 100) throw new Error('its types do not make a tree');
    const children = readPackedNumbers(type.bytes(2));
    const child = (place: number) => hiveType(children[place] ?? -1, depth + 1);
    const kind = type.number(1);
    switch (kind) {
      case 10:
        return { kind: 'array', item: child(0) };
      case 11:
        return { kind: 'map', key: child(0), value: child(1) };
      case 12: {
        const names = type.messages(3).map((name) => name.toString('utf8'));
        return { kind: 'struct', members: names.map((name, place) => ({ name, type: child(place) })) };
      }
      case 14:
        return primitive(`decimal(${type.number(5) || 38},${type.number(6)})`);
      case 16:
        return primitive(`varchar(${type.number(4)})`);
      case 17:
        return primitive(`char(${type.number(4)})`);
      default: {
        const name = PRIMITIVES[kind];
        if (name === undefined) throw new Error(`a column is of the unknown kind ${kind}`);
        return primitive(name);
      }
    }
  };
  const root = hiveType(0, 0);
  if (root.kind !== 'struct') throw new Error('its schema is no struct');
  return { columns: root.members, rowCount: footer.number(6) };
}

/** By ORC's numbers of kinds; a union is a string, as in Hive's own readers. */
const PRIMITIVES: Readonly<Record<number, string>> = {
  0: 'boolean',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'bigint',
  5: 'float',
  6: 'double',
  7: 'string',
  8: 'binary',
  9: 'timestamp',
  13: 'string',
  15: 'date',
  18: 'timestamp',
};

/** Chunks with a header of three bytes: their length and whether they are as they were. */
function unpack(stored: Buffer, compression: number): Buffer {
  if (compression === 0) return stored;
  const parts: Buffer[] = [];
  for (let at = 0; at + 3 <= stored.length;) {
    const header = stored.readUIntLE(at, 3);
    const chunk = stored.subarray(at + 3, at + 3 + (header >> 1));
    at += 3 + (header >> 1);
    parts.push((header & 1) === 1 ? chunk : unpackChunk(chunk, compression));
  }
  return Buffer.concat(parts);
}

function unpackChunk(chunk: Buffer, compression: number): Buffer {
  switch (compression) {
    case 1:
      return inflateRawSync(chunk, { maxOutputLength: FOOTER_BYTES_MAX });
    case 2:
      return unsnapBlock(chunk);
    case 4:
      return unlz4Block(chunk, Buffer.alloc(0));
    default:
      throw new Error(
        `it is compressed with ${['', '', '', 'LZO', '', 'Zstandard'][compression] ?? compression}, which is not read`,
      );
  }
}
