// Tables over Avro files, written by Avro's library for JavaScript, through the SDK's client.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRaw } from 'node:zlib';
import avsc from 'avsc';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

let aws: Embedded;
let runner: QueryRunner;

beforeAll(async () => {
  aws = await openEmbedded();
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  runner = openQueryRunner(athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});

afterAll(() => aws.close());

type Done = (error: Error | null, bytes: Buffer) => void;

const CODECS = {
  null: (bytes: Buffer, done: Done) => done(null, bytes),
  deflate: (bytes: Buffer, done: Done) => deflateRaw(bytes, done),
  // Snappy without any copies: its length, literals of up to 60 bytes, and Avro's checksum, which is not looked at.
  snappy(bytes: Buffer, done: Done) {
    const parts: Buffer[] = [
      Buffer.from(bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7]),
    ];
    for (let at = 0; at < bytes.length; at += 60) {
      const literal = bytes.subarray(at, at + 60);
      parts.push(Buffer.from([(literal.length - 1) << 2]), literal);
    }
    done(null, Buffer.concat([...parts, Buffer.alloc(4)]));
  },
  zstandard: (bytes: Buffer, done: Done) => done(null, bytes),
};

/** In blocks of some 128 bytes. */
async function avroFile(
  schema: object,
  records: unknown[],
  codec: keyof typeof CODECS = 'null',
): Promise<Buffer> {
  const encoder = new avsc.streams.BlockEncoder(schema as avsc.Schema, {
    codec,
    codecs: CODECS,
    blockSize: 128,
  });
  for (const each of records) encoder.write(each);
  encoder.end();
  return Buffer.concat((await encoder.toArray()) as Buffer[]);
}

const put = (Key: string, Body: Buffer) => aws.clients().s3.putObject({ Bucket: 'lake', Key, Body });

const record = (...fields: object[]) => ({ type: 'record', name: 'Row', namespace: 'shop', fields });
const optional = (type: unknown) => ['null', type];

describe('a table over Avro files', () => {
  test.each(['null', 'deflate', 'snappy'] as const)(
    'has values of every type, with the codec %s',
    async (codec) => {
      const schema = record(
        { name: 'Flag', type: 'boolean' },
        { name: 'small', type: 'int' },
        { name: 'large', type: optional('long') },
        { name: 'ratio', type: 'float' },
        { name: 'price', type: 'double' },
        { name: 'note', type: optional('string') },
        { name: 'raw', type: 'bytes' },
        { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
        { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
        { name: 'at_ms', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'at_us', type: { type: 'long', logicalType: 'timestamp-micros' } },
        { name: 'tags', type: { type: 'array', items: 'string' } },
        { name: 'counts', type: { type: 'map', values: 'long' } },
        {
          name: 'place',
          type: optional({
            type: 'record',
            name: 'Place',
            fields: [
              { name: 'city', type: 'string' },
              { name: 'kind', type: optional('Kind') },
            ],
          }),
        },
      );
      const rows = [
        {
          Flag: true,
          small: -3,
          large: 4611686018427388,
          ratio: 0.5,
          price: Infinity,
          note: null,
          raw: Buffer.from([0, 0xab, 0xff]),
          kind: 'B',
          amount: Buffer.from([0xff, 0x85]),
          day: 18262,
          at_ms: 1577934245123,
          at_us: -1,
          tags: ['x', 'y'],
          counts: { a: 7 },
          place: { city: 'Oslo', kind: 'A' },
        },
        {
          Flag: false,
          small: 0,
          large: null,
          ratio: 0.1,
          price: 1.5,
          note: 'it\'s "here"\n',
          raw: Buffer.alloc(0),
          kind: 'A',
          amount: Buffer.from([0x01, 0x00]),
          day: -1,
          at_ms: 0,
          at_us: 1577934245123000,
          tags: [],
          counts: {},
          place: null,
        },
      ];
      await put(`all-${codec}/a.avro`, await avroFile(schema, rows, codec));
      await runner.run(
        `CREATE EXTERNAL TABLE all_${codec} (flag boolean, small int, large bigint, ratio float, price double, note string,
         raw binary, kind string, amount decimal(10,2), day date, at_ms timestamp, at_us timestamp, tags array<string>,
         counts map<string,bigint>, place struct<city:string,kind:string>, missing string)
       STORED AS AVRO LOCATION 's3://lake/all-${codec}/'`,
      );
      expect(await runner.rows(`SELECT * FROM all_${codec} ORDER BY small`)).toEqual([
        [
          'true',
          '-3',
          '4611686018427388',
          '0.5',
          'Infinity',
          null,
          '00 ab ff',
          'B',
          '-1.23',
          '2020-01-01',
          '2020-01-02 03:04:05.123',
          '1969-12-31 23:59:59.999',
          '[x, y]',
          '{a=7}',
          '{city=Oslo, kind=A}',
          null,
        ],
        [
          'false',
          '0',
          null,
          '0.1',
          '1.5',
          'it\'s "here"\n',
          '',
          'A',
          '2.56',
          '1969-12-31',
          '1970-01-01 00:00:00.000',
          '2020-01-02 03:04:05.123',
          '[]',
          '{}',
          null,
          null,
        ],
      ]);
      expect(
        await runner.rows(`SELECT count(*), count(note), sum(length(raw)), max("$path") FROM all_${codec}`),
      ).toEqual([['2', '1', '3', `s3://lake/all-${codec}/a.avro`]]);
    },
  );

  test('reads whole numbers of 64 bits to the last digit, and times as the numbers that they are of', async () => {
    const schema = record(
      { name: 'id', type: 'string' },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    );
    const file = await avroFile(schema, [{ id: 'a', at: 1577934245123 }]);
    await put('numbers/a.avro', file);
    await runner.run(
      `CREATE EXTERNAL TABLE numbers (id string, at bigint) STORED AS AVRO LOCATION 's3://lake/numbers/'`,
    );
    expect(await runner.rows('SELECT at FROM numbers')).toEqual([['1577934245123']]);

    // JavaScript's numbers cannot say 2^63 - 1, so its ten bytes are put in the place of ten that are known.
    const long = record({ name: 'n', type: { type: 'fixed', name: 'Ten', size: 10 } });
    const largest = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    const bytes = await avroFile(long, [{ n: largest }]);
    const schemaText = JSON.stringify({ type: 'fixed', name: 'Ten', size: 10 });
    const at = bytes.indexOf(schemaText);
    expect(at).toBeGreaterThan(0);
    bytes.write('"long"'.padEnd(schemaText.length), at);
    await put('longs/a.avro', bytes);
    await runner.run(`CREATE EXTERNAL TABLE longs (n bigint) STORED AS AVRO LOCATION 's3://lake/longs/'`);
    expect(await runner.rows('SELECT n FROM longs')).toEqual([['9223372036854775807']]);
  });

  test('has files of different schemas, in partitions, and reads only those that are asked for', async () => {
    await put(
      'days/dt=1/a.avro',
      await avroFile(record({ name: 'id', type: 'int' }), [{ id: 1 }, { id: 2 }]),
    );
    const wider = record({ name: 'name', type: 'string' }, { name: 'id', type: 'long' });
    await put('days/dt=2/a.avro', await avroFile(wider, [{ name: 'Ann', id: 3 }]));
    await put('days/dt=3/a.avro', Buffer.from('this is no Avro'));
    await runner.run(
      `CREATE EXTERNAL TABLE days (id bigint, name string) PARTITIONED BY (dt string) STORED AS AVRO LOCATION 's3://lake/days/'`,
    );
    await runner.run('MSCK REPAIR TABLE days');
    expect(await runner.rows(`SELECT id, name, dt FROM days WHERE dt < '3' ORDER BY id`)).toEqual([
      ['1', null, '1'],
      ['2', null, '1'],
      ['3', 'Ann', '2'],
    ]);
    expect(await runner.failure('SELECT * FROM days')).toBe(
      'HIVE_CURSOR_ERROR: s3://lake/days/dt=3/a.avro cannot be read as Avro: it is no Avro file',
    );
  });

  describe('fails by name', () => {
    const rows = Array.from({ length: 40 }, (_, id) => ({ id, name: `name ${id}` }));
    const schema = record({ name: 'id', type: 'int' }, { name: 'name', type: 'string' });
    let file: Buffer;

    beforeEach(async () => {
      file = await avroFile(schema, rows);
    });

    test.each<[string, (whole: Buffer) => Buffer, RegExp]>([
      ['a file that is cut short', (whole) => whole.subarray(0, whole.length - 20), /it is cut short$/],
      [
        'a block that was changed',
        (whole) => Buffer.concat([whole.subarray(0, whole.length - 1), Buffer.from([whole.at(-1)! ^ 1])]),
        /a block of it does not end where it should$/,
      ],
      ['a header alone of one byte', (whole) => whole.subarray(0, 5), /it is cut short$/],
    ])('for %s', async (name, broken, reason) => {
      const key = name.replaceAll(' ', '_');
      await put(`${key}/a.avro`, broken(file));
      await runner.run(
        `CREATE EXTERNAL TABLE ${key} (id int, name string) STORED AS AVRO LOCATION 's3://lake/${key}/'`,
      );
      expect(await runner.failure(`SELECT count(*) FROM ${key}`)).toMatch(reason);
    });

    test('for a codec that cannot be read, a union of types, and a type that is another', async () => {
      await put('zstd/a.avro', await avroFile(schema, rows, 'zstandard'));
      const either = record({ name: 'id', type: 'int' }, { name: 'name', type: ['string', 'int'] });
      await put('either/a.avro', await avroFile(either, [{ id: 1, name: 'x' }]));
      for (const name of ['zstd', 'either'])
        await runner.run(
          `CREATE EXTERNAL TABLE ${name} (id int, name string) STORED AS AVRO LOCATION 's3://lake/${name}/'`,
        );
      expect(await runner.failure('SELECT id FROM zstd')).toBe(
        'HIVE_CURSOR_ERROR: s3://lake/zstd/a.avro cannot be read as Avro: its blocks are compressed with zstandard; null, deflate and snappy can be read',
      );
      expect(await runner.rows('SELECT id FROM either')).toEqual([['1']]);
      expect(await runner.failure('SELECT name FROM either')).toBe(
        "HIVE_BAD_DATA: Field name's type UNION in Avro file s3://lake/either/a.avro is incompatible with type varchar defined in table schema",
      );
    });
  });

  test('leaves none of the files behind that it is read through', async () => {
    await put('left/a.avro', await avroFile(record({ name: 'id', type: 'int' }), [{ id: 1 }]));
    await runner.run(`CREATE EXTERNAL TABLE left_over (id int) STORED AS AVRO LOCATION 's3://lake/left/'`);
    await runner.rows('SELECT * FROM left_over');
    expect(readdirSync(join(aws.dataDir, 's3', '.unfinished'))).toEqual([]);
  });

  test('is not written', async () => {
    await runner.run(`CREATE EXTERNAL TABLE target (id int) STORED AS AVRO LOCATION 's3://lake/target/'`);
    expect(await runner.failure('INSERT INTO target VALUES 1')).toMatch(
      /^NOT_SUPPORTED: rows cannot be inserted into tables of org.apache.hadoop.hive.serde2.avro.AvroSerDe here/,
    );
  });
});
