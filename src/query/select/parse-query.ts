// The grammar of Trino's queries: SELECT and what stands around it.
import { parseExpression, parseSortItems, parseWindow, startsQuery } from './parse-expression.js';
import { openTokenReader, type TokenReader } from './token-reader.js';
import type {
  Alias,
  Expression,
  GroupingElement,
  JoinType,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
} from './syntax.js';

export interface ParsedQuery {
  query: Query;
  /** How many `?` it has. */
  parameterCount: number;
}

/** @throws QueryFailure at submission when the text is no query of Trino */
export function parseQuery(text: string): ParsedQuery {
  const reader = openTokenReader(text, readQuery);
  const query = readQuery(reader);
  reader.takes(';');
  if (reader.peek().kind !== 'end') reader.fail('<EOF>');
  return { query, parameterCount: reader.parameterCount() };
}

/** An expression alone: an argument of EXECUTE, an execution parameter. @throws QueryFailure at submission */
export function parseExpressionText(text: string): Expression {
  const reader = openTokenReader(text, readQuery);
  const expression = parseExpression(reader);
  if (reader.peek().kind !== 'end') reader.fail('<EOF>');
  return expression;
}

function readQuery(reader: TokenReader): Query {
  return reader.deeper(() => {
    const at = reader.at();
    const query: Query = { with: readWith(reader), body: readSets(reader), orderBy: [], at };
    if (reader.takes('ORDER')) {
      reader.expect('BY');
      query.orderBy = parseSortItems(reader);
    }
    if (reader.takes('OFFSET')) {
      query.offset = parseExpression(reader);
      if (!reader.takes('ROWS')) reader.takes('ROW');
    }
    if (reader.takes('LIMIT')) {
      if (!reader.takes('ALL')) query.limit = parseExpression(reader);
      // Athena's older engines took OFFSET on this side too.
      if (!query.offset && reader.takes('OFFSET')) query.offset = parseExpression(reader);
    } else if (reader.takes('FETCH')) readFetch(reader, query);
    return query;
  });
}

function readFetch(reader: TokenReader, query: Query): void {
  if (!reader.takes('FIRST')) reader.expect('NEXT');
  query.limit =
    reader.sees('ROW') || reader.sees('ROWS')
      ? { kind: 'integer', text: '1', at: reader.at() }
      : parseExpression(reader);
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

function readColumnNames(reader: TokenReader): string[] {
  reader.expect('(');
  const names = reader.list(() => reader.name());
  reader.expect(')');
  return names;
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
    return { kind: 'values', rows: reader.list(() => parseExpression(reader)), at };
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
  if (reader.takes('WHERE')) select.where = parseExpression(reader);
  if (reader.takes('GROUP')) {
    reader.expect('BY');
    if (!reader.takes('ALL')) reader.takes('DISTINCT');
    select.groupBy = reader.list(() => readGrouping(reader));
  }
  if (reader.takes('HAVING')) select.having = parseExpression(reader);
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
  const value = parseExpression(reader);
  const alias = reader.takes('AS') || reader.isName() ? reader.name() : undefined;
  return { kind: 'value', value, at, ...(alias !== undefined && { alias }) };
}

function readGrouping(reader: TokenReader): GroupingElement {
  const at = reader.at();
  const set = () => {
    if (!reader.takes('(')) return [parseExpression(reader)];
    const values = reader.sees(')') ? [] : reader.list(() => parseExpression(reader));
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
  const value = reader.sees('(', ')') ? undefined : parseExpression(reader);
  if (!value) {
    reader.expect('(', ')');
    return { kind: 'simple', values: [], at };
  }
  return { kind: 'simple', values: value.kind === 'row' ? value.values : [value], at };
}

function readRelation(reader: TokenReader): Relation {
  let left = readSampled(reader);
  for (;;) {
    const at = reader.at();
    if (reader.takes('CROSS')) {
      reader.expect('JOIN');
      left = { kind: 'join', type: 'cross', left, right: readSampled(reader), at };
      continue;
    }
    const isNatural = reader.takes('NATURAL');
    const type = readJoinType(reader);
    if (!type) {
      if (isNatural) reader.fail("'JOIN'");
      return left;
    }
    const right = isNatural ? readSampled(reader) : readRelationOfJoin(reader);
    left = { kind: 'join', type, left, right, condition: readCondition(reader, isNatural), at };
  }
}

/** `a JOIN b JOIN c ON y ON x` nests to the right until each join has its condition. */
function readRelationOfJoin(reader: TokenReader): Relation {
  const right = readSampled(reader);
  if (reader.sees('ON') || reader.sees('USING')) return right;
  const at = reader.at();
  const type = readJoinType(reader);
  if (!type) return reader.fail("'ON', 'USING'");
  const further = readRelationOfJoin(reader);
  return { kind: 'join', type, left: right, right: further, condition: readCondition(reader, false), at };
}

function readJoinType(reader: TokenReader): JoinType | undefined {
  if (reader.takes('JOIN')) return 'inner';
  if (reader.takes('INNER')) {
    reader.expect('JOIN');
    return 'inner';
  }
  for (const type of ['left', 'right', 'full'] as const) {
    if (!reader.takes(type.toUpperCase())) continue;
    reader.takes('OUTER');
    reader.expect('JOIN');
    return type;
  }
  return undefined;
}

function readCondition(reader: TokenReader, isNatural: boolean) {
  if (isNatural) return { kind: 'natural' } as const;
  if (reader.takes('ON')) return { kind: 'on', value: parseExpression(reader) } as const;
  reader.expect('USING');
  return { kind: 'using', columns: readColumnNames(reader) } as const;
}

function readSampled(reader: TokenReader): Relation {
  const at = reader.at();
  const input = readAliased(reader);
  if (!reader.takes('TABLESAMPLE')) return input;
  const method = reader.takes('BERNOULLI') ? 'BERNOULLI' : 'SYSTEM';
  if (method === 'SYSTEM') reader.expect('SYSTEM');
  reader.expect('(');
  const percentage = parseExpression(reader);
  reader.expect(')');
  return { kind: 'sample', input, method, percentage, at };
}

function readAliased(reader: TokenReader): Relation {
  const relation = readPrimary(reader);
  if (reader.sees('TABLESAMPLE')) return relation;
  const hasAs = reader.takes('AS');
  if (!hasAs && !reader.isName()) return relation;
  if (!hasAs && /^(OFFSET|LIMIT|FETCH|WINDOW)$/.test(reader.peek().upper) && reader.peek().kind === 'word')
    return relation;
  const alias: Alias = { name: reader.name() };
  if (reader.sees('(')) alias.columns = readColumnNames(reader);
  return { ...relation, alias };
}

function readPrimary(reader: TokenReader): Relation {
  const at = reader.at();
  const isLateral = reader.takes('LATERAL');
  if (isLateral || (reader.sees('(') && startsQuery(reader))) {
    if (isLateral || !isJoinInBrackets(reader)) {
      reader.expect('(');
      const query = reader.query();
      reader.expect(')');
      return { kind: 'subquery', query, isLateral, at };
    }
  }
  if (reader.takes('(')) {
    const relation = readRelation(reader);
    reader.expect(')');
    return relation;
  }
  if (reader.takes('UNNEST')) {
    reader.expect('(');
    const values = reader.list(() => parseExpression(reader));
    reader.expect(')');
    return { kind: 'unnest', values, withOrdinality: reader.takes('WITH', 'ORDINALITY'), at };
  }
  if (reader.peek().kind === 'word' && reader.isName() && reader.peek(1).text === '(') {
    reader.fail('<table name> (table functions are not supported here)');
  }
  return { kind: 'table', name: reader.qualifiedName(), at };
}

/** `((SELECT ...) a JOIN b ON ...)` begins as a query in brackets does: what follows the inner one tells. */
function isJoinInBrackets(reader: TokenReader): boolean {
  if (reader.peek(1).text !== '(') return false;
  let depth = 0;
  for (let ahead = 1; ; ahead++) {
    const token = reader.peek(ahead);
    if (token.kind === 'end') return false;
    if (token.kind !== 'sign') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')' && --depth === 0) {
      const after = reader.peek(ahead + 1);
      return !(after.text === ')' || /^(UNION|EXCEPT|INTERSECT|ORDER|LIMIT|OFFSET|FETCH)$/.test(after.upper));
    }
  }
}
