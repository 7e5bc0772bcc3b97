// What becomes of a table's columns when its source has others than before.
import { duckdbTypeOf } from './duckdb-type.js';
import { parseHiveType } from '../../tabular/hive-type.js';
import { GluepotError } from '../../base/errors.js';
import type { SourceColumn } from './source/relation.js';
import type { Generation } from './tracker.js';

export interface Drift {
  kind: 'added' | 'missing' | 'widened' | 'narrower' | 'changed';
  column: string;
  from?: string;
  to?: string;
}

export interface SchemaDecision {
  columns: SourceColumn[];
  drift: Drift[];
  /** Stored files hold a column in a narrower type than it has now. */
  needsRewrite: boolean;
}

/** Each type can be taken for those behind it without loss: a double has 53 bits for a whole number. */
const WIDENINGS: readonly (readonly string[])[] = [
  ['tinyint', 'smallint', 'int', 'bigint'],
  ['tinyint', 'smallint', 'int', 'double'],
  ['float', 'double'],
];

/** Digits of the greatest number of each. */
const DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 19 };

/**
 * Columns that are new are added, those that are gone stay as nulls, types become the wider of the two.
 * @throws GluepotError `conflict` when a type became another one, or with `freeze` for any difference
 */
export function decideSchema(
  table: string,
  before: Generation['columns'],
  source: readonly SourceColumn[],
  policy: { contract: 'evolve' | 'freeze'; isFullLoad: boolean },
): SchemaDecision {
  const drift: Drift[] = [];
  const known = new Map(before.map((column) => [column.name, column.type.toLowerCase()]));
  const columns: SourceColumn[] = [];
  for (const { name, type } of before) {
    const now = source.find((column) => column.name === name);
    const old = { name, hiveType: type, duckdbType: duckdbTypeOf(parseHiveType(type)) };
    if (!now) {
      drift.push({ kind: 'missing', column: name, from: type });
      if (!policy.isFullLoad) columns.push(old);
      continue;
    }
    const [from, to] = [plainType(type), plainType(now.hiveType)];
    const kind =
      from === to ? undefined : isWider(to, from) ? 'widened' : isWider(from, to) ? 'narrower' : 'changed';
    if (kind) drift.push({ kind, column: name, from: type, to: now.hiveType });
    columns.push(kind === 'narrower' && !policy.isFullLoad ? old : now);
  }
  for (const column of source) {
    if (known.has(column.name)) continue;
    drift.push({ kind: 'added', column: column.name, to: column.hiveType });
    columns.push(column);
  }
  const refused = policy.contract === 'freeze' ? drift : drift.filter(({ kind }) => kind === 'changed');
  if (refused.length > 0 && !(policy.contract === 'evolve' && policy.isFullLoad)) {
    const advice =
      policy.contract === 'freeze'
        ? 'The schema is frozen: set schema to evolve to let it change.'
        : 'Rows that are there cannot be read as the new type: load the table fully, once.';
    throw new GluepotError('conflict', `The columns of ${table} changed: ${driftText(refused)}. ${advice}`);
  }
  return { columns, drift, needsRewrite: drift.some(({ kind }) => kind === 'widened') };
}

export function driftText(drift: readonly Drift[]): string {
  return drift
    .map(({ kind, column, from, to }) => {
      if (kind === 'added') return `${column} ${to} is new`;
      if (kind === 'missing') return `${column} ${from} is gone`;
      return `${column} was ${from} and is ${to}`;
    })
    .join('; ');
}

function isWider(wide: string, narrow: string): boolean {
  if (/^(var)?char\(/.test(narrow) && (wide === 'string' || textLength(wide) >= textLength(narrow)))
    return true;
  const [wideDecimal, narrowDecimal] = [decimal(wide), decimal(narrow) ?? wholeNumber(narrow)];
  if (wideDecimal && narrowDecimal) {
    const [digits, narrowDigits] = [wideDecimal, narrowDecimal].map(
      ({ precision, scale }) => precision - scale,
    );
    return wideDecimal.scale >= narrowDecimal.scale && (digits as number) >= (narrowDigits as number);
  }
  return WIDENINGS.some((types) => {
    const [wideAt, narrowAt] = [types.indexOf(wide), types.indexOf(narrow)];
    return narrowAt >= 0 && wideAt > narrowAt;
  });
}

function plainType(type: string): string {
  const lower = type.toLowerCase();
  return { integer: 'int', long: 'bigint', decimal: 'decimal(10,0)' }[lower] ?? lower;
}

function textLength(type: string): number {
  return Number(/^(?:var)?char\((\d+)\)$/.exec(type)?.[1] ?? -1);
}

function wholeNumber(type: string): { precision: number; scale: number } | undefined {
  const precision = DIGITS[type];
  return precision === undefined ? undefined : { precision, scale: 0 };
}

function decimal(type: string): { precision: number; scale: number } | undefined {
  const [, precision, scale = '0'] = /^decimal\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : { precision: Number(precision), scale: Number(scale) };
}
