// Types of both databases as those of the Data Catalog.
import { describe, expect, it } from 'vitest';
import { mysqlColumnType } from './mysql/column-type.js';
import { fieldText } from './mysql/field-text.js';
import { pgColumnType } from './postgresql/column-type.js';

const base = (name: string) => ({ name, kind: 'b', item: undefined });
/** As PostgreSQL packs precision and scale. */
const numeric = (precision: number, scale: number) => ((precision << 16) | (scale & 0x7ff)) + 4;

describe('PostgreSQL', () => {
  it.each([
    ['bool', 'boolean'],
    ['int2', 'smallint'],
    ['int4', 'int'],
    ['int8', 'bigint'],
    ['float4', 'float'],
    ['float8', 'double'],
    ['date', 'date'],
    ['timestamp', 'timestamp'],
    ['timestamptz', 'timestamp'],
    ['bytea', 'binary'],
    ['numeric', 'string'],
    ['money', 'string'],
    ['varchar', 'string'],
    ['bpchar', 'string'],
    ['uuid', 'string'],
    ['jsonb', 'string'],
    ['time', 'string'],
    ['interval', 'string'],
    ['varbit', 'string'],
    ['inet', 'string'],
  ])('%s is %s', (name, hiveType) => {
    expect(pgColumnType(base(name), -1, 0).hiveType).toBe(hiveType);
  });

  it.each([
    [10, 2, 'decimal(10,2)'],
    [38, 0, 'decimal(38,0)'],
    [39, 0, 'string'],
    [3, 5, 'decimal(5,5)'],
    [2, -3, 'decimal(5,0)'],
    [38, -1, 'string'],
  ])('numeric(%i,%i) is %s', (precision, scale, hiveType) => {
    expect(pgColumnType(base('numeric'), numeric(precision, scale), 0).hiveType).toBe(hiveType);
  });

  it.each([
    ['int4', 0, 'array<int>'],
    ['int4', 1, 'array<int>'],
    ['int4', 2, 'array<array<int>>'],
    ['text', 1, 'array<string>'],
    ['timestamptz', 1, 'array<string>'],
    ['bytea', 1, 'array<string>'],
  ])('an array of %s with %i dimensions is %s', (item, dimensions, hiveType) => {
    expect(pgColumnType({ name: `_${item}`, kind: 'b', item: base(item) }, -1, dimensions)).toMatchObject({
      hiveType,
      encoding: 'json',
    });
  });
});

describe('MySQL', () => {
  it.each([
    ['tinyint(1)', 'tinyint'],
    ['tinyint(3) unsigned', 'smallint'],
    ['smallint(5) unsigned zerofill', 'int'],
    ['mediumint(8) unsigned', 'int'],
    ['int(11)', 'int'],
    ['int(10) unsigned', 'bigint'],
    ['bigint(20)', 'bigint'],
    ['bigint unsigned', 'decimal(20,0)'],
    ['float', 'float'],
    ['double', 'double'],
    ['bit(1)', 'boolean'],
    ['bit(8)', 'bigint'],
    ['bit(64)', 'decimal(20,0)'],
    ['year(4)', 'int'],
    ['date', 'date'],
    ['datetime(6)', 'timestamp'],
    ['timestamp', 'timestamp'],
    ['time(3)', 'string'],
    ['varchar(20)', 'string'],
    ["enum('a','b')", 'string'],
    ['json', 'string'],
    ['varbinary(16)', 'binary'],
    ['longblob', 'binary'],
    ['point', 'binary'],
  ])('%s is %s', (declared, hiveType) => {
    const name = /^[a-z]+/.exec(declared)?.[0] as string;
    expect(mysqlColumnType({ name, declared, precision: undefined, scale: undefined }).hiveType).toBe(
      hiveType,
    );
  });

  it.each([
    [10, 2, 'decimal(10,2)'],
    [38, 30, 'decimal(38,30)'],
    [65, 30, 'string'],
  ])('decimal(%i,%i) is %s', (precision, scale, hiveType) => {
    const type = mysqlColumnType({ name: 'decimal', declared: 'decimal', precision, scale });
    expect(type.hiveType).toBe(hiveType);
  });

  it.each([
    [null, '\\N'],
    ['', ''],
    [1.5, '1.5'],
    [-0, '0'],
    ['a\tb\nc\\d\re\0', 'a\\tb\\nc\\\\d\\re\\0'],
    ['\\N', '\\\\N'],
  ])('a field of %j is %j', (value, text) => {
    expect(fieldText(value)).toBe(text);
  });
});
