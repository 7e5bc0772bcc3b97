// Tables of Avro and ORC as sources: every type of theirs, partitions, increments by each kind of cursor, and broken files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Column, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';
import avsc from 'avsc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestSpec } from '../../src/toolkit/ingest/index.js';
import { attachGluePermissions } from '../glue-permissions.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
  const { iam } = lake.clients;
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  await iam.createRole({
    RoleName: 'crawl',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  await attachGluePermissions(iam, 'crawl');
});
afterAll(() => lake.close());

const AVRO = 'org.apache.hadoop.hive.serde2.avro.AvroSerDe';
const ORC = 'org.apache.hadoop.hive.ql.io.orc.OrcSerde';
const orcFile = (name: string) => readFileSync(join(import.meta.dirname, '../tabular/orc', `${name}.orc`));

const BLOCK_RECORDS = 700;

/** A container file as the specification has it: avsc's own encoder leaves logical types out of the schema. */
function avroFile(fields: object[], records: object[], codec: 'null' | 'deflate' = 'deflate'): Buffer {
  const schema = { type: 'record', name: 'row', fields };
  const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: 'always' });
  const long = avsc.Type.forSchema('long');
  const meta = avsc.Type.forSchema({ type: 'map', values: 'bytes' });
  const sync = Buffer.alloc(16, 7);
  const metadata = { 'avro.schema': Buffer.from(JSON.stringify(schema)), 'avro.codec': Buffer.from(codec) };
  const parts = [Buffer.from('Obj\u0001', 'latin1'), meta.toBuffer(metadata), sync];
  for (let at = 0; at < records.length; at += BLOCK_RECORDS) {
    const chunk = records.slice(at, at + BLOCK_RECORDS);
    const plain = Buffer.concat(chunk.map((record) => type.toBuffer(record)));
    const block = codec === 'deflate' ? deflateRawSync(plain) : plain;
    parts.push(long.toBuffer(chunk.length), long.toBuffer(block.length), block, sync);
  }
  return Buffer.concat(parts);
}

const define = (
  name: string,
  library: string,
  columns: Record<string, string>,
  input: Partial<TableInput> = {},
  parameters: Record<string, string> = {},
) =>
  lake.clients.glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: name,
      StorageDescriptor: {
        Location: `s3://lake/raw/${name}/`,
        Columns: Object.entries(columns).map(([Name, Type]): Column => ({ Name, Type })),
        SerdeInfo: { SerializationLibrary: library, Parameters: parameters },
      },
      ...input,
    },
  });
const addPartition = async (name: string, Values: string[], Location: string) => {
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: name });
  const own: StorageDescriptor = { ...Table?.StorageDescriptor, Location };
  await lake.clients.glue.createPartition({
    DatabaseName: 'shop',
    TableName: name,
    PartitionInput: { Values, StorageDescriptor: own },
  });
};
const run = async (name: string, more: Partial<IngestSpec> = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], ...more });
  return tables[0]!;
};
const crawl = async (name: string) => {
  const { glue } = lake.clients;
  await glue.createCrawler({
    Name: name,
    Role: 'crawl',
    DatabaseName: 'shop',
    Targets: { S3Targets: [{ Path: `s3://lake/raw/${name}/` }] },
  });
  await glue.startCrawler({ Name: name });
  await expect
    .poll(async () => (await glue.getCrawler({ Name: name })).Crawler?.State, { timeout: 30_000 })
    .toBe('READY');
  expect((await glue.getCrawler({ Name: name })).Crawler?.LastCrawl?.Status).toBe('SUCCEEDED');
};

describe('ORC', () => {
  it.each(['uncompressed', 'zlib', 'snappy', 'lz4', 'zstd'])(
    'of a crawled table ends with every type and value that it has, packed by %s',
    async (packing) => {
      const name = `orc_${packing}`;
      await lake.put(`raw/${name}/a.orc`, orcFile(`types-${packing}`));
      await crawl(name);
      expect(await run(name, { key: undefined as never, disposition: 'replace' })).toMatchObject({
        status: 'loaded',
        rows: 3,
      });
      const rows = await lake.read(name);
      const byWhole = (whole: number | null) => rows.find((row) => row.whole === whole);
      expect(byWhole(2147483647)).toEqual({
        flag: true,
        tiny: -128,
        small: -32768,
        whole: 2147483647,
        large: '9223372036854775807',
        ratio: 0.5,
        price: -1.5e300,
        note: 'héllo "x"\n',
        raw: '\\x00\\xFF',
        amount: '-12345678.90',
        huge: '-99999999999999999999999999999.123456789',
        day: '1969-12-31',
        at: '1969-12-31 23:59:59',
        tags: ['a', null, ''],
        counts: [
          { key: 'one', value: '1' },
          { key: 'two', value: null },
        ],
        by_day: [
          { key: 7, value: 'x' },
          { key: -1, value: 'y' },
        ],
        place: { city: 'Oslo', spot: { x: '1', y: null } },
      });
      expect(byWhole(-2147483648)).toMatchObject({
        note: '',
        raw: '',
        huge: '0.000000001',
        at: '2024-02-29 12:30:15.123456',
        tags: [],
        place: { city: null, spot: null },
      });
      // A row of nulls alone.
      expect(Object.values(byWhole(null) ?? { none: 1 })).toEqual(Array.from({ length: 17 }, () => null));
    },
  );

  it('of several stripes is read whole, and the second run of the same finds nothing new', async () => {
    const columns = { n: 'bigint', same: 'bigint', down: 'int', noise: 'bigint', spikes: 'bigint' };
    await define('orc_runs', ORC, columns);
    await lake.put('raw/orc_runs/a.orc', orcFile('runs'));
    const settings = { key: ['n'], cursor: 'spikes' };
    expect(await run('orc_runs', settings)).toMatchObject({ rows: 1500, watermark: '1000000000001455' });
    const [row] = await lake.query(
      `SELECT count(DISTINCT n) AS n, sum(down) AS down FROM read_parquet('${lake.aws.dataDir}/s3/lake/parquet/orc_runs/*/*.parquet')`,
    );
    expect(row).toEqual({ n: '1500', down: '-3372750' });
    expect(await run('orc_runs', settings)).toMatchObject({ status: 'unchanged', counts: { read: 1 } });
  });

  it('goes by the places of columns as Athena does, and by names where the SerDe says so', async () => {
    const columns = { id: 'bigint', same: 'bigint' };
    await define('orc_places', ORC, columns);
    await define(
      'orc_names',
      ORC,
      { same: 'bigint', n: 'bigint' },
      {},
      { 'orc.column.index.access': 'false' },
    );
    for (const name of ['orc_places', 'orc_names']) await lake.put(`raw/${name}/a.orc`, orcFile('runs'));
    expect(await run('orc_places')).toMatchObject({ rows: 1500 });
    expect((await lake.read('orc_places'))[3]).toEqual({ id: '3', same: '7' });
    expect(await run('orc_names', { key: ['n'] })).toMatchObject({ rows: 1500 });
    expect((await lake.read('orc_names'))[3]).toEqual({ same: '7', n: '3' });
  });
});

describe('Avro', () => {
  it('of a crawled table ends with every type and value that it has', async () => {
    const fields = [
      { name: 'Id', type: 'long' },
      { name: 'i', type: 'int' },
      { name: 'f', type: 'float' },
      { name: 'd', type: 'double' },
      { name: 'ok', type: 'boolean' },
      { name: 'text', type: ['null', 'string'], default: null },
      { name: 'raw', type: 'bytes' },
      { name: 'kind', type: { type: 'enum', name: 'K', symbols: ['A', 'B'] } },
      { name: 'two', type: { type: 'fixed', name: 'F', size: 2 } },
      { name: 'on', type: { type: 'int', logicalType: 'date' } },
      { name: 'ms', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'us', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }] },
      { name: 'cost', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 } },
      { name: 'days', type: { type: 'array', items: { type: 'int', logicalType: 'date' } } },
      { name: 'more', type: { type: 'map', values: { type: 'long', logicalType: 'timestamp-millis' } } },
      {
        name: 'in',
        type: ['null', { type: 'record', name: 'S', fields: [{ name: 'X', type: ['null', 'bytes'] }] }],
      },
    ];
    const full = {
      Id: 9007199254740990,
      i: -5,
      f: 0.5,
      d: -1e300,
      ok: true,
      text: { string: 'Zoë "x"\n' },
      raw: Buffer.from([0, 255]),
      kind: 'B',
      two: Buffer.from('ab'),
      on: -1,
      ms: 1704067200123,
      us: { long: 1704067200123456 },
      // -123456.78
      cost: Buffer.from([0xff, 0x43, 0x9e, 0xb2]),
      days: [0, 19723],
      more: { a: 0 },
      in: { S: { X: { bytes: Buffer.from('q') } } },
    };
    const empty = { ...full, Id: 1, text: null, us: null, days: [], more: {}, in: null };
    await lake.put('raw/avro_types/a.avro', avroFile(fields, [full, empty]));
    await crawl('avro_types');
    const settings = { cursor: 'ms', key: ['id'] };
    expect(await run('avro_types', settings)).toMatchObject({
      rows: 2,
      watermark: '2024-01-01T00:00:00.123000Z',
    });
    const [one, other] = await lake.read('avro_types');
    expect(other).toEqual({
      id: '9007199254740990',
      i: -5,
      f: 0.5,
      d: -1e300,
      ok: true,
      text: 'Zoë "x"\n',
      raw: '\\x00\\xFF',
      kind: 'B',
      two: 'ab',
      on: '1969-12-31',
      ms: '2024-01-01 00:00:00.123',
      us: '2024-01-01 00:00:00.123456',
      cost: '-123456.78',
      days: ['1970-01-01', '2024-01-01'],
      more: [{ key: 'a', value: '1970-01-01 00:00:00' }],
      in: { X: 'q' },
    });
    expect(one).toMatchObject({ id: '1', text: null, us: null, days: [], more: [], in: null });
  });

  it('of other fields in each file is read by their names, in any case, and what one lacks is null', async () => {
    await define('avro_fields', AVRO, { id: 'int', name: 'string', updated_at: 'timestamp' });
    const at = { name: 'updated_at', type: { type: 'long', logicalType: 'timestamp-millis' } };
    await lake.put(
      'raw/avro_fields/1.avro',
      avroFile([{ name: 'ID', type: 'int' }, at], [{ ID: 1, updated_at: 1000 }]),
    );
    await lake.put(
      'raw/avro_fields/2.avro',
      avroFile(
        [{ name: 'name', type: 'string' }, at, { name: 'id', type: 'int' }, { name: 'other', type: 'int' }],
        [{ name: 'b', id: 2, updated_at: 2000, other: 7 }],
        'null',
      ),
    );
    expect(await run('avro_fields')).toMatchObject({ rows: 2 });
    expect(await lake.read('avro_fields')).toEqual([
      { id: 1, name: null, updated_at: '1970-01-01 00:00:01' },
      { id: 2, name: 'b', updated_at: '1970-01-01 00:00:02' },
    ]);
  });

  it('of many blocks is taken in order: of equally new rows of a key the last one wins, and is told', async () => {
    await define('avro_ties', AVRO, { id: 'int', name: 'string', updated_at: 'bigint' });
    const fields = ['id int', 'name string', 'updated_at long'].map((field) => {
      const [name, type] = field.split(' ');
      return { name, type };
    });
    const records = Array.from({ length: 20_000 }, (_, index) => ({
      id: index % 10_000,
      name: `row ${index}`,
      updated_at: 5,
    }));
    await lake.put('raw/avro_ties/a.avro', avroFile(fields, records));
    const report = await run('avro_ties');
    expect(report).toMatchObject({ rows: 10_000, counts: { read: 20_000, ties: 10_000 } });
    expect((await lake.read('avro_ties'))[77]).toMatchObject({ id: 77, name: 'row 10077' });
  });
});

describe.each(['avro', 'orc'] as const)('partitions of %s', (format) => {
  it('give their values to the rows; one that is new is read by the next run', async () => {
    const name = `${format}_parts`;
    const columns: Record<string, string> = { n: 'bigint', same: 'bigint' };
    const PartitionKeys = [
      { Name: 'country', Type: 'string' },
      { Name: 'day', Type: 'date' },
    ];
    await define(name, format === 'avro' ? AVRO : ORC, columns, { PartitionKeys });
    const content = () =>
      format === 'orc'
        ? orcFile('runs')
        : avroFile(
            [
              { name: 'n', type: 'long' },
              { name: 'same', type: 'long' },
            ],
            Array.from({ length: 1500 }, (_, n) => ({ n, same: 7 })),
          );
    const add = async (country: string, day: string) => {
      const prefix = `raw/${name}/country=${country}/day=${day}/`;
      await addPartition(name, [country, day], `s3://lake/${prefix}`);
      await lake.put(`${prefix}a`, content());
    };
    await add('de', '2024-01-01');
    await add('__HIVE_DEFAULT_PARTITION__', '2024-01-02');
    const settings = { key: ['n', 'day'], cursor: 'day' };
    expect(await run(name, settings)).toMatchObject({ rows: 3000, watermark: '2024-01-02' });
    await add("l'ouest", '2024-01-03');
    expect(await run(name, settings)).toMatchObject({
      rows: 4500,
      counts: { read: 3000, added: 1500, updated: 0 },
      watermark: '2024-01-03',
    });
    const rows = await lake.read(name);
    expect(rows.filter(({ country }) => country === "l'ouest")).toHaveLength(1500);
    expect(rows.filter(({ day }) => day === '2024-01-03')).toHaveLength(1500);
    expect(rows.filter(({ country }) => country === null)).toHaveLength(1500);
  });
});

describe('increments', () => {
  const CURSORS: [string, unknown, string, number[], string][] = [
    [
      'timestamp',
      { type: 'long', logicalType: 'timestamp-micros' },
      'timestamp',
      [1_000_000, 2_000_001, 3_000_002],
      '1970-01-01T00:00:03.000002Z',
    ],
    ['date', { type: 'int', logicalType: 'date' }, 'date', [1, 2, 3], '1970-01-04'],
    ['whole', 'long', 'bigint', [10, 20, 30], '30'],
  ];
  it.each(CURSORS)(
    'by a %s of Avro take what is new, what is late within the lookback, and no row without a cursor twice',
    async (what, type, hiveType, [first, second, third], watermark) => {
      const name = `avro_by_${what}`;
      await define(name, AVRO, { id: 'int', v: 'string', c: hiveType });
      const fields = [
        { name: 'id', type: 'int' },
        { name: 'v', type: 'string' },
        { name: 'c', type: ['null', type] },
      ];
      const branch = typeof type === 'string' ? type : (type as { type: string }).type;
      const at = (value: number | undefined) => (value === undefined ? null : { [branch]: value });
      const rows = [
        { id: 1, v: 'a', c: at(first) },
        { id: 2, v: 'b', c: at(second) },
        { id: 3, v: 'no cursor', c: null },
      ];
      const settings = { cursor: 'c' };
      await lake.put(`raw/${name}/1.avro`, avroFile(fields, rows));
      expect(await run(name, settings)).toMatchObject({ rows: 3 });
      await lake.put(
        `raw/${name}/2.avro`,
        avroFile(fields, [
          { id: 2, v: 'b at the same time', c: at(second) },
          { id: 4, v: 'd', c: at(third) },
        ]),
      );
      const report = await run(name, settings);
      expect(report).toMatchObject({ counts: { added: 1, updated: 1 }, rows: 4, watermark });
      expect(report.warnings.join()).toContain('1 rows of');
      expect((await lake.read(name)).map(({ v }) => v)).toEqual([
        'a',
        'b at the same time',
        'no cursor',
        'd',
      ]);
      expect(await run(name, settings)).toMatchObject({ status: 'unchanged' });
    },
  );
});

describe('what cannot be read fails its table by the name of the object', () => {
  it.each<[string, string, () => Buffer, RegExp]>([
    [
      'orc_cut',
      ORC,
      () => orcFile('types-zlib').subarray(0, 700),
      /s3:\/\/lake\/raw\/orc_cut\/a cannot be read as ORC/,
    ],
    ['orc_text', ORC, () => Buffer.from('id,name\n'), /it does not begin with ORC/],
    [
      'avro_cut',
      AVRO,
      () => avroFile([{ name: 'id', type: 'int' }], [{ id: 1 }]).subarray(0, -6),
      /s3:\/\/lake\/raw\/avro_cut\/a cannot be read as Avro/,
    ],
    [
      'avro_union',
      AVRO,
      () => avroFile([{ name: 'id', type: ['int', 'string'] }], [{ id: { int: 1 } }]),
      /column id, which holds values of several types in s3:\/\/lake\/raw\/avro_union\/a/,
    ],
    [
      'avro_text',
      AVRO,
      () => avroFile([{ name: 'id', type: 'string' }], [{ id: 'one' }]),
      /shop\.avro_text has a value that is none of its column's type: .*Column id has one, which is no INTEGER/,
    ],
  ])('%s', async (name, library, content, message) => {
    await define(name, library, { id: 'int' });
    await lake.put(`raw/${name}/a`, content());
    expect(await run(name, { disposition: 'replace' })).toMatchObject({
      status: 'failed',
      kind: expect.stringMatching(/failed|unsupported/) as unknown,
      reason: expect.stringMatching(message) as unknown,
    });
    await expect(lake.read(name)).rejects.toThrow();
  });
});
