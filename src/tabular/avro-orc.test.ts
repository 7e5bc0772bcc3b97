// Avro and ORC files: their schema stands in the file.
import { deflateRawSync } from 'node:zlib';
import avro from 'avsc';
import { describe, expect, it, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { ORC } from '../../test/tabular/packed-files.js';

/** A container file of records, as the specification has it. */
function container(schema: object, records: unknown[], codec: 'null' | 'deflate' = 'null'): Buffer {
  const type = avro.Type.forSchema(schema as avro.Schema);
  const long = avro.Type.forSchema('long');
  const meta = avro.Type.forSchema({ type: 'map', values: 'bytes' });
  const sync = Buffer.alloc(16, 7);
  const plain = Buffer.concat(records.map((record) => type.toBuffer(record)));
  const block = codec === 'deflate' ? deflateRawSync(plain) : plain;
  return Buffer.concat([
    Buffer.from('Obj\u0001', 'latin1'),
    meta.toBuffer({
      'avro.schema': Buffer.from(JSON.stringify(schema, undefined, 2)),
      'avro.codec': Buffer.from(codec),
    }),
    sync,
    long.toBuffer(records.length),
    long.toBuffer(block.length),
    block,
    sync,
  ]);
}

describe('Avro', () => {
  const SCHEMA = {
    type: 'record',
    name: 'R',
    fields: [
      { name: 'Id', type: 'long' },
      { name: 'n', type: ['null', 'string'], default: null },
      { name: 'i', type: 'int' },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'on', type: { type: 'int', logicalType: 'date' } },
      { name: 'cost', type: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 0 } },
      { name: 'kind', type: { type: 'enum', name: 'K', symbols: ['A'] } },
      { name: 'raw', type: { type: 'fixed', name: 'F', size: 2 } },
      { name: 'tags', type: { type: 'array', items: 'string' } },
      { name: 'more', type: { type: 'map', values: 'double' } },
      { name: 'in', type: { type: 'record', name: 'S', fields: [{ name: 'X', type: 'float' }] } },
      { name: 'again', type: ['null', 'S'] },
      { name: 'ok', type: 'boolean' },
      { name: 'either', type: ['int', 'string'] },
    ],
  };

  it('has the types of its schema, which stands in the parameters', () => {
    const schema = classifyContent(container(SCHEMA, []));
    expect(columnsOf(schema)).toEqual([
      'id bigint',
      'n string',
      'i int',
      'at timestamp',
      'on date',
      'cost decimal(38,0)',
      'kind string',
      'raw binary',
      'tags array<string>',
      'more map<string,double>',
      'in struct<X:float>',
      'again struct<X:float>',
      'ok boolean',
      'either string',
    ]);
    expect(schema).toMatchObject({
      classification: 'avro',
      compressionType: 'none',
      format: { serializationLibrary: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe' },
      serdeParameters: { 'avro.schema.literal': JSON.stringify(SCHEMA), 'serialization.format': '1' },
      formatParameters: { 'avro.schema.literal': JSON.stringify(SCHEMA) },
    });
  });

  // A guess: by the bytes that the records of the first block take.
  test.each(['null', 'deflate'] as const)('counts records of a block, codec %s', (codec) => {
    const schema = { type: 'record', name: 'R', fields: [{ name: 'n', type: 'string' }] };
    const records = Array.from({ length: 100 }, (_, index) => ({ n: `name ${index % 10}` }));
    const file = container(schema, records, codec);
    const found = classifyContent(file);
    expect(found.compressionType).toBe('none');
    expect(found.averageRecordSize).toBe(codec === 'null' ? 7 : 1);
    expect(found.recordCount).toBe(Math.floor(file.length / found.averageRecordSize));
  });

  it('cut in its header is damaged', () => {
    const file = container(SCHEMA, []);
    for (const length of [4, 5, 20, 100, 400]) {
      const schema = classifyContent(file.subarray(0, length));
      expect(schema.classification).toBe('UNKNOWN');
      expect(schema.damage).toContain('as avro, its header cannot be read');
    }
  });
});

describe('ORC', () => {
  test.each(Object.entries(ORC))('compressed with %s is read', (_, file) => {
    const schema = classifyContent(file);
    expect(schema).toMatchObject({
      classification: 'orc',
      compressionType: 'none',
      recordCount: 2,
      averageRecordSize: Math.floor(file.length / 2),
      serdeParameters: { 'serialization.format': '1' },
      format: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' },
    });
    expect(columnsOf(schema)).toEqual([
      'id bigint',
      'b boolean',
      't tinyint',
      's smallint',
      'i int',
      'l array<int>',
      'm map<string,string>',
      'st struct<X:bigint>',
      'de decimal(9,2)',
    ]);
  });

  it('cut or broken anywhere never throws', () => {
    for (let at = 3; at < ORC.zlib.length; at += 7) {
      expect(classifyContent(ORC.zlib.subarray(0, at)).classification).toBe('UNKNOWN');
      const broken = Buffer.from(ORC.zlib);
      broken[at] = broken[at]! ^ 0xff;
      expect(['orc', 'UNKNOWN']).toContain(classifyContent(broken).classification);
    }
  });
});

describe('what is recognised and not read', () => {
  test.each([
    ['Amazon Ion', Buffer.from([0xe0, 0x01, 0x00, 0xea, 0x21, 0x01])],
    ['Amazon Ion', Buffer.from('$ion_1_0\n{a:1}\n')],
    [
      'BSON',
      Buffer.from([
        22, 0, 0, 0, 2, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0, 6, 0, 0, 0, 0x77, 0x6f, 0x72, 0x6c, 0x64, 0, 0,
      ]),
    ],
  ])('%s is UNKNOWN, and says why', (name, content) => {
    const schema = classifyContent(content);
    expect(schema.classification).toBe('UNKNOWN');
    expect(schema.reasons.join(' ')).toContain(`it is ${name}, which is recognised here and not read`);
  });
});
