// What three states of an object say, as a table and as laws.
import type { TableInput } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byChance } from '../../test/law.js';
import type { CatalogObject, CatalogObjectKey } from './catalog-object.js';
import { isSameDefinition } from './canonical-definition.js';
import type { Action } from './plan.js';
import { tableFormatOf } from './table-format.js';
import { decideChange, type Knowledge, type ThreeWayOptions } from './three-way.js';

const key: CatalogObjectKey = { kind: 'table', DatabaseName: 'sales', TableName: 't' };
const known = (definition?: TableInput): Knowledge => ({ known: true, definition, evidence: [] });
const unknown: Knowledge = { known: false, reason: 'no snapshot covers it' };
const now = (definition?: TableInput): CatalogObject | undefined =>
  definition && {
    key: key,
    definition,
    provenance: { VersionId: '3' },
  };

const A: TableInput = { Name: 't', Description: 'a' };
const B: TableInput = { Name: 't', Description: 'b' };
const C: TableInput = { Name: 't', Description: 'c' };

describe('an object', () => {
  it.each<
    [
      what: string,
      base: Knowledge,
      wanted: Knowledge,
      current: TableInput | undefined,
      action: Action,
      options?: ThreeWayOptions,
    ]
  >([
    ['as it was left becomes as wanted', known(B), known(A), B, 'update'],
    ['as wanted stays', known(B), known(A), A, 'skip'],
    ['as wanted stays, whatever it was left as', unknown, known(A), A, 'skip'],
    ['changed since is a conflict', known(B), known(A), C, 'conflict'],
    ['changed since is kept when asked', known(B), known(A), C, 'skip', { onConflict: 'keep-current' }],
    ['changed since is overwritten when forced', known(B), known(A), C, 'update', { onConflict: 'force' }],
    ['not wanted goes', known(B), known(), B, 'delete'],
    ['not wanted and changed since is a conflict', known(B), known(), C, 'conflict'],
    ['not wanted and gone is a skip', known(B), known(), undefined, 'skip'],
    ['gone as it was left is made', known(), known(A), undefined, 'create'],
    ['gone as it was left is made anew', known(), known(A), undefined, 'recreate', { making: 'recreate' }],
    ['made since by somebody else is a conflict', known(), known(A), C, 'conflict'],
    ['removed since by somebody else is a conflict', known(B), known(A), undefined, 'conflict'],
    [
      'of which nobody knows what it was left as is not touched',
      unknown,
      known(A),
      B,
      'skip',
      { onConflict: 'force' },
    ],
    [
      'of which nobody knows what it is to be is not touched',
      known(B),
      unknown,
      B,
      'skip',
      { onConflict: 'force' },
    ],
  ])('%s', (_, base, wanted, current, action, options) => {
    const change = decideChange({ key, base, wanted, current: now(current) }, options);
    expect(change.action).toBe(action);
    expect(change.reason).toMatch(/\.$/);
  });
});

const link = (Description?: string): TableInput => ({
  Name: 't',
  Description,
  TargetTable: { DatabaseName: 'other', Name: 't' },
});

it.each<[what: string, base: TableInput, wanted: TableInput | undefined, current: TableInput | undefined]>([
  ['that was left so', link('b'), link('a'), link('b')],
  ['that was a table before', link(), A, link()],
  ['that became a table', B, link(), B],
  ['that somebody put in place of the table', B, A, link()],
  ['that is not to be there', link(), undefined, link()],
])('a resource link %s is never written', (_, base, wanted, current) => {
  const states = { key, base: known(base), wanted: known(wanted), current: now(current) };
  const change = decideChange(states, { onConflict: 'force' });
  expect(change).toMatchObject({
    action: 'skip',
    reason: 'It is a resource link: what is written to it would change what it leads to.',
  });
  expect(change).not.toHaveProperty('wanted');
});

const iceberg = (metadata_location: string, Description = 'a'): TableInput => ({
  Name: 't',
  Description,
  Parameters: { table_type: 'ICEBERG', metadata_location, previous_metadata_location: 's3://old' },
});

it('skips an Iceberg table, and says why', () => {
  const states = {
    key,
    base: known(iceberg('2', 'b')),
    wanted: known(iceberg('1')),
    current: now(iceberg('2', 'b')),
  };
  expect(decideChange(states)).toMatchObject({
    action: 'skip',
    reason: expect.stringContaining('Iceberg') as string,
  });
});

it('never puts back a pointer at data', () => {
  const current = now(iceberg('3', 'b'));
  const states = { key, base: known(iceberg('2', 'b')), wanted: known(iceberg('1')), current };
  expect(decideChange(states, { tableFormats: 'without-pointers' })).toMatchObject({
    action: 'update',
    wanted: iceberg('3', 'a'),
  });
  const gone = { ...states, base: known(), current: undefined };
  expect(decideChange(gone, { tableFormats: 'without-pointers' }).action).toBe('skip');
});

it('puts back a table with the pointers that it was removed with, and deletes none whose pointers have moved', () => {
  const tableFormats = 'without-pointers';
  const removed = { key, base: known(), wanted: known(iceberg('2')), current: undefined };
  expect(decideChange(removed, { tableFormats, isPuttingBack: true })).toMatchObject({
    action: 'create',
    wanted: iceberg('2'),
  });
  expect(decideChange(removed, { isPuttingBack: true }).action).toBe('skip');
  const made = { key, base: known(iceberg('2')), wanted: known(), current: now(iceberg('2')) };
  expect(decideChange(made, { tableFormats }).action).toBe('delete');
  expect(decideChange({ ...made, current: now(iceberg('3')) }, { tableFormats })).toMatchObject({
    action: 'conflict',
    reason: expect.stringContaining('Parameters.metadata_location') as string,
  });
});

it('leaves a table that is of a format in one state and of none in another', () => {
  const plain: TableInput = { Name: 't', Description: 'a' };
  const states = { key, base: known(iceberg('2')), wanted: known(plain), current: now(iceberg('2')) };
  expect(decideChange(states, { tableFormats: 'without-pointers' })).toMatchObject({
    action: 'skip',
    reason: expect.stringContaining('not an Iceberg table in all its states') as string,
  });
});

it.each<[string, Omit<TableInput, 'Name'>, string | undefined]>([
  ['a pointer alone', { Parameters: { metadata_location: 's3://m' } }, 'iceberg'],
  ['its type, in any case', { Parameters: { table_type: 'Iceberg' } }, 'iceberg'],
  ['Spark’s provider', { Parameters: { 'spark.sql.sources.provider': 'DELTA' } }, 'delta'],
  ['a crawler’s classification', { Parameters: { classification: 'hudi' } }, 'hudi'],
  [
    'Hudi’s input format',
    { StorageDescriptor: { InputFormat: 'org.apache.hudi.hadoop.HoodieParquetInputFormat' } },
    'hudi',
  ],
  ['none of them', { Parameters: { classification: 'parquet' } }, undefined],
])('a table’s format is told by %s', (_, definition, format) => {
  expect(tableFormatOf({ Name: 't', ...definition })).toBe(format);
});

it.each([
  ...['metadata_location', 'previous_metadata_location', 'current-snapshot-id', 'current-snapshot-summary'],
  ...['delta.lastUpdateVersion', 'delta.lastCommitTimestamp', 'last_commit_time_sync'],
])('%s stays as it is now, whatever is wanted', (pointer) => {
  const of = (value: string, Description: string): TableInput => ({
    ...{ Name: 't', Description },
    Parameters: { table_type: 'ICEBERG', [pointer]: value },
    StorageDescriptor: { Parameters: { [pointer]: value } },
  });
  const states = { key, base: known(of('2', 'b')), wanted: known(of('1', 'a')), current: now(of('3', 'b')) };
  const { wanted } = decideChange(states, { tableFormats: 'without-pointers' });
  expect(wanted).toEqual(of('3', 'a'));
});

it('keeps the laws of three states', () => {
  const definition = fc.option(
    fc.record({ Name: fc.constant('t'), Description: fc.constantFrom('a', 'b', 'c') }),
    { nil: undefined },
  );
  const knowledge = fc.oneof(definition.map(known), fc.constant(unknown));
  fc.assert(
    fc.property(knowledge, knowledge, definition, (base, wanted, current) => {
      const { action } = decideChange({ key, base, wanted, current: now(current) });
      if (!base.known || !wanted.known) return void expect(action).toBe('skip');
      const same = (one?: unknown) => isSameDefinition('table', one as TableInput | undefined, current);
      const expected = same(wanted.definition) ? 'skip' : same(base.definition) ? 'change' : 'conflict';
      expect(['skip', 'conflict'].includes(action) ? action : 'change').toBe(expected);
    }),
    byChance({ numRuns: 200, seed: 20_261_122 }),
  );
});
