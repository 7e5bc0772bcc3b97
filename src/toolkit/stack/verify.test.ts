// Expectations of a stack file against what was found.
import { expect, it } from 'vitest';
import type { TableSummary } from './tables.js';
import { checkOutput, checkTable, isOutput } from './verify.js';

const table: TableSummary = {
  Name: 't',
  classification: 'csv',
  recordCount: 100,
  averageRecordSize: 10,
  Location: 's3://b/t/',
  columns: [{ Name: 'a', Type: 'bigint' }],
  partitionKeys: [{ Name: 'day', Type: 'string' }],
};
const failures = (checks: { ok: boolean; what: string; expected: string; actual: string }[]) =>
  checks.filter((check) => !check.ok).map((check) => `${check.what}: ${check.expected} ≠ ${check.actual}`);

it.each([
  [{}, []],
  [{ classification: 'csv', recordCount: 100, columnCount: 1, columns: { a: 'bigint', day: 'string' } }, []],
  [{ classification: 'json' }, ['classification: json ≠ csv']],
  [{ recordCount: 99 }, ['recordCount: 99 ≠ 100']],
  [{ recordCountMin: 100, recordCountMax: 100 }, []],
  [{ recordCountMin: 101 }, ['recordCount: at least 101 ≠ 100']],
  [{ recordCountMax: 99 }, ['recordCount: at most 99 ≠ 100']],
  [{ columns: { a: 'double', b: 'int' } }, ['column a: double ≠ bigint', 'column b: int ≠ none']],
  [{ columnCount: 2 }, ['number of columns: 2 ≠ 1']],
])('a table expected as %j', (expectation, expected) => {
  expect(failures(checkTable({ Name: 't', ...expectation }, table))).toEqual(expected);
});

it('a table that is not there fails its one check', () => {
  expect(failures(checkTable({ Name: 't', recordCount: 1 }, undefined))).toEqual(['exists: yes ≠ no']);
});

it('a table without a count does not pass for a large one', () => {
  expect(
    failures(checkTable({ Name: 't', recordCountMin: 0 }, { ...table, recordCount: undefined })),
  ).toHaveLength(1);
});

it.each([
  [{}, { objectCount: 0, rowCount: undefined }, ['objects: at least 1 ≠ 0']],
  [{}, { objectCount: 1, rowCount: undefined }, []],
  [{ objectCount: 2, rowCount: 10 }, { objectCount: 2, rowCount: 10 }, []],
  [{ objectCount: 2, rowCount: 10 }, { objectCount: 1, rowCount: 9 }, ['objects: 2 ≠ 1', 'rows: 10 ≠ 9']],
  [
    { objectCountMin: 2, rowCountMin: 10 },
    { objectCount: 1, rowCount: 9 },
    ['objects: at least 2 ≠ 1', 'rows: at least 10 ≠ 9'],
  ],
])('an output expected as %j and found as %j', (expectation, measure, expected) => {
  expect(failures(checkOutput({ prefix: 'out/', ...expectation }, measure))).toEqual(expected);
});

it.each([
  ['out/part-0', true],
  ['out/', false],
  ['out/_SUCCESS', false],
  ['out/.hidden', false],
  ['out_$folder$', false],
])('%s counts as an output: %s', (key, expected) => {
  expect(isOutput(key)).toBe(expected);
});
