// Parquet files, written by DuckDB, and the tables that AWS makes of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { SchemaElement } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { classifyContent, columnsOf, writeTableFile } from '../../test/tabular/table-file.js';
import { classifyFile } from './classify-file.js';
import { formatHiveType } from './hive-type.js';
import { parquetColumns } from './parquet-types.js';

async function parquetOf(query: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-parquet-'));
  const path = join(folder, 'file.parquet');
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION snappy)`);
    return readFileSync(path);
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

let people: Buffer;
beforeAll(async () => {
  people = await parquetOf(`SELECT range AS "PersonId", 'name ' || range AS name FROM range(3)`);
});

describe('a Parquet file', () => {
  test('has the columns, format and parameters of AWS, and no compression of its own', () => {
    const schema = classifyContent(people);
    expect(columnsOf(schema)).toEqual(['personid bigint', 'name string']);
    expect(schema).toMatchObject({
      classification: 'parquet',
      compressionType: 'none',
      recordCount: 3,
      sizeKey: people.length,
      serdeParameters: { 'serialization.format': '1' },
      formatParameters: {},
      sourceNames: ['PersonId', 'name'],
      format: {
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
      },
    });
  });

  test('has the average of its uncompressed row groups, not of its size', async () => {
    // 40,000 rows of the same 8-byte number: far less on disk, 8 bytes and some uncompressed.
    const schema = classifyContent(await parquetOf('SELECT hash(range) AS h FROM range(40000)'));
    expect(schema.recordCount).toBe(40_000);
    expect(schema.averageRecordSize).toBe(8);
  });

  test('without rows has no records', async () => {
    const schema = classifyContent(await parquetOf('SELECT 1 AS a WHERE false'));
    expect(columnsOf(schema)).toEqual(['a int']);
    expect(schema).toMatchObject({ recordCount: 0, averageRecordSize: 0 });
  });

  test('with a footer beyond 64 KiB is read whole', async () => {
    const columns = Array.from({ length: 2000 }, (_, index) => `${index} AS a_rather_long_name_${index}`);
    const schema = classifyContent(await parquetOf(`SELECT ${columns.join(', ')}`));
    expect(schema.columns).toHaveLength(2000);
    expect(schema.recordCount).toBe(1);
  });

  test('beyond 64 KiB is read from its end', async () => {
    const file = await parquetOf('SELECT hash(range) AS h FROM range(20000)');
    expect(file.length).toBeGreaterThan(100_000);
    expect(classifyContent(file)).toMatchObject({ classification: 'parquet', recordCount: 20_000 });
  });
});

describe('types', () => {
  test('of a file that DuckDB wrote', async () => {
    const file = await parquetOf(`
      SELECT true AS boolean, 1::TINYINT AS tinyint, 1::SMALLINT AS smallint, 1::INTEGER AS int, 1::BIGINT AS bigint,
        1.5::FLOAT AS float, 1.5::DOUBLE AS double, 1::DECIMAL(9,2) AS d9, 1::DECIMAL(38,0) AS d38,
        DATE '2020-01-01' AS day, TIMESTAMP '2020-01-01' AS ts, TIMESTAMPTZ '2020-01-01' AS tz,
        TIME '10:00' AS tod, 'x' AS string, 'x'::BLOB AS binary, '{}'::JSON AS json, uuid() AS uuid,
        [1] AS list, [[1.5::DOUBLE]] AS lists, {'aB': 1, 'c': ['x']} AS struct, MAP {'k': 1::BIGINT} AS map,
        [{'k': 1}] AS structs, 1::UINTEGER AS uint, 1::UTINYINT AS utinyint`);
    expect(columnsOf(classifyContent(file))).toEqual([
      'boolean boolean',
      'tinyint tinyint',
      'smallint smallint',
      'int int',
      'bigint bigint',
      'float float',
      'double double',
      'd9 decimal(9,2)',
      'd38 decimal(38,0)',
      'day date',
      'ts timestamp',
      'tz timestamp',
      'tod bigint',
      'string string',
      'binary binary',
      'json string',
      'uuid binary',
      'list array<int>',
      'lists array<array<double>>',
      'struct struct<aB:int,c:array<string>>',
      'map map<string,bigint>',
      'structs array<struct<k:int>>',
      'uint bigint',
      'utinyint smallint',
    ]);
  });

  const root = (count: number): SchemaElement => ({ name: 'root', num_children: count });
  const typesOf = (...elements: SchemaElement[]) =>
    parquetColumns([root(1), ...elements]).map(({ type }) => formatHiveType(type));

  test.each<[string, SchemaElement, string]>([
    ['INT96', { name: 'a', type: 'INT96' }, 'timestamp'],
    ['milliseconds', { name: 'a', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, 'timestamp'],
    ['an enum', { name: 'a', type: 'BYTE_ARRAY', converted_type: 'ENUM' }, 'string'],
    [
      'text by its logical type',
      { name: 'a', type: 'BYTE_ARRAY', logical_type: { type: 'STRING' } },
      'string',
    ],
    ['a date by its logical type', { name: 'a', type: 'INT32', logical_type: { type: 'DATE' } }, 'date'],
    [
      'a decimal in bytes',
      { name: 'a', type: 'BYTE_ARRAY', converted_type: 'DECIMAL', precision: 25, scale: 7 },
      'decimal(25,7)',
    ],
    [
      'a decimal without scale',
      { name: 'a', type: 'INT32', converted_type: 'DECIMAL', precision: 5 },
      'decimal(5,0)',
    ],
    [
      'a decimal by its logical type',
      {
        name: 'a',
        type: 'FIXED_LEN_BYTE_ARRAY',
        logical_type: { type: 'DECIMAL', precision: 12, scale: 4 },
      },
      'decimal(12,4)',
    ],
    ['a repeated value', { name: 'a', type: 'INT32', repetition_type: 'REPEATED' }, 'array<int>'],
    [
      '16 bits by its logical type',
      { name: 'a', type: 'INT32', logical_type: { type: 'INTEGER', bitWidth: 16, isSigned: true } },
      'smallint',
    ],
    [
      'nanoseconds',
      { name: 'a', type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
      'bigint',
    ],
  ])('%s', (_what, element, type) => {
    expect(typesOf(element)).toEqual([type]);
  });

  test('lists of old writers, which repeat the item itself', () => {
    const list: SchemaElement = { name: 'a', num_children: 1, converted_type: 'LIST' };
    const int = (name: string): SchemaElement => ({ name, type: 'INT32' });
    const repeated = (name: string, count: number): SchemaElement => ({
      name,
      num_children: count,
      repetition_type: 'REPEATED',
    });
    expect(typesOf(list, { ...int('item'), repetition_type: 'REPEATED' })).toEqual(['array<int>']);
    expect(typesOf(list, repeated('array', 1), int('x'))).toEqual(['array<struct<x:int>>']);
    expect(typesOf(list, repeated('a_tuple', 1), int('x'))).toEqual(['array<struct<x:int>>']);
    expect(typesOf(list, repeated('bag', 2), int('x'), int('y'))).toEqual(['array<struct<x:int,y:int>>']);
    expect(typesOf(list, repeated('bag', 1), int('x'))).toEqual(['array<int>']);
  });

  test('a schema that ends within itself is refused', () => {
    expect(() => parquetColumns([root(2), { name: 'a', type: 'INT32' }])).toThrow('ends too early');
  });
});

describe('a damaged Parquet file', () => {
  const withFooterLength = (bytes: number) => {
    const file = Buffer.from(people);
    file.writeUInt32LE(bytes, file.length - 8);
    return file;
  };
  test.each<[string, () => Buffer, string]>([
    ['cut', () => people.subarray(0, people.length - 10), 'begins with PAR1 and does not end with it'],
    [
      'with a footer longer than itself',
      () => withFooterLength(1_000_000),
      'its footer would have 1000008 of',
    ],
    ['with a footer cut short', () => withFooterLength(20), 'its footer cannot be read'],
    ['of which only the first word is there', () => Buffer.from('PAR1'), 'does not end with it'],
  ])('%s is unknown, and says so', (_what, file, reason) => {
    const schema = classifyContent(file());
    expect(schema).toMatchObject({ classification: 'UNKNOWN', columns: [], compressionType: 'none' });
    expect(schema.damage).toContain(reason);
  });

  test('with any byte changed is answered, never thrown', () => {
    const path = writeTableFile(people);
    for (let offset = 0; offset < people.length; offset++) {
      const file = Buffer.from(people);
      file[offset] = file[offset]! ^ 0xff;
      writeFileSync(path, file);
      const { classification } = classifyFile({ path, key: `byte ${offset}`, size: file.length });
      expect(['parquet', 'UNKNOWN']).toContain(classification);
    }
  });
});
