// The grammar of Trino's queries: SELECT and what stands around it.
import { parseExpression, parseValue } from './parse-expression.js';
import { parseSortItems, parseWindow } from './parse-window.js';
import { readColumnNames, readRelation } from './parse-relation.js';
import type { Expression, GroupingElement, Query, QueryBody, Select, SelectItem } from './syntax.js';
import { type Grammar, openTokenReader, type TokenReader } from './token-reader.js';

export interface ParsedQuery {
  query: Query;
  /** How many `?` it has. */
  parameterCount: number;
}

/** @throws QueryFailure at submission when the text is no query of Trino */
export function parseQuery(text: string): ParsedQuery {
  const reader = openTokenReader(text, GRAMMAR);
  const query = readQuery(reader);
  reader.takes(';');
  if (reader.peek().kind !== 'end') reader.fail('<EOF>');
  return { query, parameterCount: reader.parameterCount() };
}

/** An expression alone: an argument of EXECUTE, an execution parameter. @throws QueryFailure at submission */
export function parseExpressionText(text: string): Expression {
  const reader = openTokenReader(text, GRAMMAR);
  const expression = reader.expression();
  if (reader.peek().kind !== 'end') reader.fail('<EOF>');
  return expression;
}

/** For statements that have parts of queries in them. */
export const GRAMMAR: Grammar = { query: readQuery, expression: parseExpression, value: parseValue };

function readQuery(reader: TokenReader): Query {
  return reader.deeper(() => {
    const at = reader.at();
    const query: Query = { with: readWith(reader), body: readSets(reader), orderBy: [], at };
    if (reader.takes('ORDER')) {
      reader.expect('BY');
      query.orderBy = parseSortItems(reader);
    }
    if (reader.takes('OFFSET')) {
      query.offset = reader.expression();
      if (!reader.takes('ROWS')) reader.takes('ROW');
    }
    if (reader.takes('LIMIT')) {
      if (!reader.takes('ALL')) query.limit = reader.expression();
      // Athena's older engines took OFFSET on this side too.
      if (!query.offset && reader.takes('OFFSET')) query.offset = reader.expression();
    } else if (reader.takes('FETCH')) readFetch(reader, query);
    return query;
  });
}

function readFetch(reader: TokenReader, query: Query): void {
  if (!reader.takes('FIRST')) reader.expect('NEXT');
  query.limit =
    reader.sees('ROW') || reader.sees('ROWS')
      ? { kind: 'integer', text: '1', at: reader.at() }
      : reader.expression();
  if (!reader.takes('ROWS')) reader.expect('ROW');
  reader.expect('ONLY');
}

function readWith(reader: TokenReader): Query['with'] {
  if (!reader.takes('WITH')) return [];
  if (reader.sees('RECURSIVE')) reader.fail('<identifier> (WITH RECURSIVE is not supported here)');
  return reader.list(() => {
    const at = reader.at();
    const name = reader.name();
    const columns = reader.sees('(') ? readColumnNames(reader) : undefined;
    reader.expect('AS', '(');
    const query = reader.query();
    reader.expect(')');
    return { name, query, at, ...(columns && { columns }) };
  });
}

/** UNION and EXCEPT bind alike, INTERSECT more tightly. */
function readSets(reader: TokenReader): QueryBody {
  let left = readIntersections(reader);
  for (;;) {
    const operator = (['UNION', 'EXCEPT'] as const).find((word) => reader.sees(word));
    if (!operator) return left;
    const { at } = reader.next();
    const isAll = readQuantifier(reader);
    left = { kind: 'set', operator, isAll, left, right: readIntersections(reader), at };
  }
}

function readIntersections(reader: TokenReader): QueryBody {
  let left = readTerm(reader);
  while (reader.sees('INTERSECT')) {
    const { at } = reader.next();
    const isAll = readQuantifier(reader);
    left = { kind: 'set', operator: 'INTERSECT', isAll, left, right: readTerm(reader), at };
  }
  return left;
}

function readQuantifier(reader: TokenReader): boolean {
  const isAll = reader.takes('ALL');
  if (!isAll) reader.takes('DISTINCT');
  return isAll;
}

function readTerm(reader: TokenReader): QueryBody {
  const at = reader.at();
  if (reader.takes('VALUES')) {
    return { kind: 'values', rows: reader.list(() => reader.expression()), at };
  }
  if (reader.takes('TABLE')) return { kind: 'table', name: reader.qualifiedName(), at };
  if (reader.takes('(')) {
    const query = reader.query();
    reader.expect(')');
    return { kind: 'nested', query, at };
  }
  if (!reader.sees('SELECT')) reader.fail("'(', 'SELECT', 'TABLE', 'VALUES', 'WITH'");
  return readSelect(reader);
}

function readSelect(reader: TokenReader): Select {
  const at = reader.next().at;
  const isDistinct = reader.takes('DISTINCT');
  if (!isDistinct) reader.takes('ALL');
  const select: Select = {
    kind: 'select',
    isDistinct,
    items: reader.list(() => readItem(reader)),
    from: reader.takes('FROM') ? reader.list(() => readRelation(reader)) : [],
    groupBy: [],
    windows: new Map(),
    at,
  };
  if (reader.takes('WHERE')) select.where = reader.expression();
  if (reader.takes('GROUP')) {
    reader.expect('BY');
    if (!reader.takes('ALL')) reader.takes('DISTINCT');
    select.groupBy = reader.list(() => readGrouping(reader));
  }
  if (reader.takes('HAVING')) select.having = reader.expression();
  if (reader.takes('WINDOW')) {
    reader.list(() => {
      const name = reader.name().toLowerCase();
      reader.expect('AS');
      select.windows.set(name, parseWindow(reader));
    });
  }
  return select;
}

function readItem(reader: TokenReader): SelectItem {
  const at = reader.at();
  if (reader.takes('*')) return { kind: 'star', at };
  let ahead = 0;
  while (reader.isName(ahead) && reader.peek(ahead + 1).text === '.') ahead += 2;
  if (ahead > 0 && reader.peek(ahead).kind === 'sign' && reader.peek(ahead).text === '*') {
    const qualifier: string[] = [];
    for (let part = 0; part < ahead; part += 2) {
      qualifier.push(reader.name());
      reader.expect('.');
    }
    reader.next();
    return { kind: 'star', qualifier, at };
  }
  const value = reader.expression();
  const alias = reader.takes('AS') || reader.isName() ? reader.name() : undefined;
  return { kind: 'value', value, at, ...(alias !== undefined && { alias }) };
}

function readGrouping(reader: TokenReader): GroupingElement {
  const at = reader.at();
  const set = () => {
    if (!reader.takes('(')) return [reader.expression()];
    const values = reader.sees(')') ? [] : reader.list(() => reader.expression());
    reader.expect(')');
    return values;
  };
  const sets = () => {
    reader.expect('(');
    const found = reader.list(set);
    reader.expect(')');
    return found;
  };
  if (reader.takes('GROUPING', 'SETS')) return { kind: 'sets', sets: sets(), at };
  if (reader.takes('ROLLUP')) return { kind: 'rollup', sets: sets(), at };
  if (reader.takes('CUBE')) return { kind: 'cube', sets: sets(), at };
  const value = reader.sees('(', ')') ? undefined : reader.expression();
  if (!value) {
    reader.expect('(', ')');
    return { kind: 'simple', values: [], at };
  }
  return { kind: 'simple', values: value.kind === 'row' ? value.values : [value], at };
}
