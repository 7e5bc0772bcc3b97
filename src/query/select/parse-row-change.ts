// The grammar of Trino's UPDATE, DELETE and MERGE.
import { readRelation } from './parse-relation.js';
import { GRAMMAR } from './parse-query.js';
import type { Expression, Relation, RelationOf } from './syntax.js';
import { openTokenReader, type TokenReader } from './token-reader.js';

export interface Assignment {
  column: string;
  value: Expression;
  at: number;
}

/** What MERGE does with a row that its condition holds for, or with one of the source that has none. */
export type MergeCase = { at: number; condition?: Expression } & (
  | { kind: 'update'; assignments: Assignment[] }
  | { kind: 'delete' }
  | { kind: 'insert'; columns?: string[]; values: Expression[] }
);

export type RowChange = { target: RelationOf<'table'>; at: number } & (
  | { kind: 'delete'; where?: Expression }
  | { kind: 'update'; assignments: Assignment[]; where?: Expression }
  | { kind: 'merge'; source: Relation; condition: Expression; cases: MergeCase[] }
);

export interface ParsedRowChange {
  change: RowChange;
  /** How many `?` it has. */
  parameterCount: number;
}

/** @throws QueryFailure at submission when the text is no such statement */
export function parseRowChange(text: string): ParsedRowChange {
  const reader = openTokenReader(text, GRAMMAR);
  const change = readChange(reader);
  if (reader.peek().kind !== 'end') reader.fail('<EOF>');
  return { change, parameterCount: reader.parameterCount() };
}

function readChange(reader: TokenReader): RowChange {
  const at = reader.at();
  if (reader.takes('DELETE')) {
    reader.expect('FROM');
    return { kind: 'delete', target: readTarget(reader), at, ...readWhere(reader) };
  }
  if (reader.takes('UPDATE')) {
    const target = readTarget(reader);
    reader.expect('SET');
    return { kind: 'update', target, assignments: readAssignments(reader), at, ...readWhere(reader) };
  }
  reader.expect('MERGE', 'INTO');
  const target = readTarget(reader);
  if (reader.takes('AS') || reader.isName()) target.alias = { name: reader.name() };
  reader.expect('USING');
  const source = readRelation(reader);
  reader.expect('ON');
  const condition = reader.expression();
  const cases: MergeCase[] = [];
  do cases.push(readCase(reader));
  while (reader.sees('WHEN'));
  return { kind: 'merge', target, source, condition, cases, at };
}

function readTarget(reader: TokenReader): RelationOf<'table'> {
  const at = reader.at();
  return { kind: 'table', name: reader.qualifiedName(), at };
}

function readWhere(reader: TokenReader): { where?: Expression } {
  return reader.takes('WHERE') ? { where: reader.expression() } : {};
}

function readAssignments(reader: TokenReader): Assignment[] {
  return reader.list(() => {
    const at = reader.at();
    const column = reader.name().toLowerCase();
    reader.expect('=');
    return { column, value: reader.expression(), at };
  });
}

function readCase(reader: TokenReader): MergeCase {
  const at = reader.at();
  reader.expect('WHEN');
  const isMatched = !reader.takes('NOT');
  reader.expect('MATCHED');
  const condition = reader.takes('AND') ? reader.expression() : undefined;
  reader.expect('THEN');
  const found = { at, ...(condition && { condition }) };
  if (!isMatched) return { ...found, kind: 'insert', ...readInsert(reader) };
  if (reader.takes('DELETE')) return { ...found, kind: 'delete' };
  reader.expect('UPDATE', 'SET');
  return { ...found, kind: 'update', assignments: readAssignments(reader) };
}

function readInsert(reader: TokenReader): { columns?: string[]; values: Expression[] } {
  reader.expect('INSERT');
  const names = () => reader.list(() => reader.name().toLowerCase());
  const columns = reader.takes('(') ? names() : undefined;
  if (columns) reader.expect(')');
  reader.expect('VALUES', '(');
  const values = reader.list(() => reader.expression());
  reader.expect(')');
  return { values, ...(columns && { columns }) };
}
