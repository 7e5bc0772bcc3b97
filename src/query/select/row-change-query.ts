// UPDATE, DELETE and MERGE as a query: which rows are changed, by which case, and what the new ones consist of.
import { ROW_NUMBER } from './analysis.js';
import type { Assignment, MergeCase, RowChange } from './parse-row-change.js';
import type { Expression, Query, Relation, SelectItem } from './syntax.js';

/** One way in which a row is changed. */
export interface ChangeCase {
  kind: 'update' | 'delete' | 'insert';
  /** Columns that new rows have values for. */
  names: readonly string[];
  /** The place of the first of these values among the query's columns; they are in the order of the names. */
  firstValue: number;
}

export interface RowChangeQuery {
  /** Its columns are the row's file, its place in it (null for a new one), the number of its case, and values. */
  query: Query;
  cases: ChangeCase[];
}

/** Columns of the query before those of values. */
export const FILE = 0;
export const PLACE = 1;
export const CASE = 2;

/** @param columns those of the table that is changed */
export function rowChangeQuery(change: RowChange, columns: readonly string[]): RowChangeQuery {
  const { at, target } = change;
  const ofTarget = (name: string): Expression =>
    memberOf(target.alias ? [target.alias.name] : target.name, name, at);
  const place = ofTarget(ROW_NUMBER.name);
  const cases = casesOf(change);
  const tests = cases.map((each) => testOf(each, place, change.kind === 'merge'));
  const items: Expression[] = [
    ofTarget('$path'),
    place,
    {
      kind: 'case',
      at,
      branches: tests.map((when, index) => ({ when, then: { kind: 'integer', text: String(index), at } })),
    },
  ];
  const described = cases.map((each, index): ChangeCase => {
    const values = valuesOf(each, columns, ofTarget);
    const firstValue = items.length;
    // A value of another case is never computed: it may fail for rows that it is not for.
    for (const value of values.expressions) items.push(onlyIn(index, value, tests, at));
    return { kind: each.kind, names: values.names, firstValue };
  });
  return { query: selectOf(items, fromOf(change), change), cases: described };
}

function casesOf(change: RowChange): MergeCase[] {
  switch (change.kind) {
    case 'merge':
      return change.cases;
    case 'update':
      return [{ kind: 'update', assignments: change.assignments, at: change.at }];
    case 'delete':
      return [{ kind: 'delete', at: change.at }];
  }
}

function testOf({ kind, condition, at }: MergeCase, place: Expression, isMerge: boolean): Expression {
  if (!isMerge) return { kind: 'boolean', value: true, at };
  const isNull: Expression = { kind: 'is-null', isNegated: kind !== 'insert', value: place, at };
  return condition ? { kind: 'and', operands: [isNull, condition], at } : isNull;
}

function valuesOf(
  each: MergeCase,
  columns: readonly string[],
  ofTarget: (name: string) => Expression,
): { names: readonly string[]; expressions: Expression[] } {
  switch (each.kind) {
    case 'delete':
      return { names: [], expressions: [] };
    case 'insert':
      return { names: each.columns ?? columns, expressions: each.values };
    case 'update': {
      const assigned = new Map(each.assignments.map(({ column, value }: Assignment) => [column, value]));
      return { names: columns, expressions: columns.map((name) => assigned.get(name) ?? ofTarget(name)) };
    }
  }
}

/** The cases are tried in their order; only the first that fits counts. */
function onlyIn(index: number, value: Expression, tests: readonly Expression[], at: number): Expression {
  const before = tests.slice(0, index).map((when) => ({ when, then: { kind: 'null', at } as const }));
  return { kind: 'case', at, branches: [...before, { when: tests[index] as Expression, then: value }] };
}

function fromOf(change: RowChange): Relation {
  if (change.kind !== 'merge') return change.target;
  const { at, source, target, condition, cases } = change;
  const type = cases.some(({ kind }) => kind === 'insert') ? 'left' : 'inner';
  return { kind: 'join', type, left: source, right: target, condition: { kind: 'on', value: condition }, at };
}

function selectOf(items: readonly Expression[], from: Relation, change: RowChange): Query {
  const { at } = change;
  const where = change.kind === 'merge' ? undefined : change.where;
  return {
    with: [],
    orderBy: [],
    at,
    body: {
      kind: 'select',
      isDistinct: false,
      items: items.map((value): SelectItem => ({ kind: 'value', value, at })),
      from: [from],
      ...(where && { where }),
      groupBy: [],
      windows: new Map(),
      at,
    },
  };
}

function memberOf(qualifier: readonly string[], name: string, at: number): Expression {
  const [first = '', ...rest] = [...qualifier, name];
  return rest.reduce<Expression>((base, part) => ({ kind: 'member', base, name: part, at }), {
    kind: 'name',
    name: first,
    isQuoted: true,
    at,
  });
}
