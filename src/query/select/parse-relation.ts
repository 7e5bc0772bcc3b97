// The grammar of what stands behind FROM.
import { startsQuery } from './parse-atom.js';
import type { Alias, JoinType, Relation } from './syntax.js';
import type { TokenReader } from './token-reader.js';

export function readColumnNames(reader: TokenReader): string[] {
  reader.expect('(');
  const names = reader.list(() => reader.name());
  reader.expect(')');
  return names;
}

export function readRelation(reader: TokenReader): Relation {
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
  if (reader.takes('ON')) return { kind: 'on', value: reader.expression() } as const;
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
  const percentage = reader.expression();
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
    const values = reader.list(() => reader.expression());
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
