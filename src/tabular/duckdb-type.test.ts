// Types from and to DuckDB.
import { expect, test } from 'vitest';
import { formatHiveType, parseHiveType } from './hive-type.js';
import { duckdbType, hiveTypeOf } from './duckdb-type.js';

test.each([
  ['int', 'INTEGER'],
  ['decimal(12,3)', 'DECIMAL(12,3)'],
  ['array<map<string,int>>', 'MAP(VARCHAR, INTEGER)[]'],
  ['struct<a:int,b c:array<date>>', 'STRUCT("a" INTEGER, "b c" DATE[])'],
])('%s is %s, and back', (hive, duckdb) => {
  const type = parseHiveType(hive);
  expect(duckdbType(type)).toBe(duckdb);
  expect(formatHiveType(hiveTypeOf(duckdb))).toBe(hive);
});

test.each([
  ['STRUCT(x JSON, "y "" z" STRUCT(q BIGINT[]))', 'struct<x:string,y " z:struct<q:array<bigint>>>'],
  ['HUGEINT', 'bigint'],
  ['UBIGINT', 'decimal(20,0)'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamp'],
  ['INTEGER[3]', 'array<int>'],
  ["ENUM('a', 'b')", 'string'],
  ['UUID', 'string'],
])('%s is %s', (duckdb, hive) => {
  expect(formatHiveType(hiveTypeOf(duckdb))).toBe(hive);
});
