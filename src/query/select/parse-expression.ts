// The grammar of Trino's expressions, one function a level of precedence.
import type { TokenReader } from './token-reader.js';
import type { Call, Comparator, Expression, FrameBound, SortItem, WindowSpecification } from './syntax.js';

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

export function parseExpression(reader: TokenReader): Expression {
  return reader.deeper(() => parseOr(reader));
}

function parseOr(reader: TokenReader): Expression {
  const at = reader.at();
  const operands = [parseAnd(reader)];
  while (reader.takes('OR')) operands.push(parseAnd(reader));
  return operands.length === 1 ? (operands[0] as Expression) : { kind: 'or', operands, at };
}

function parseAnd(reader: TokenReader): Expression {
  const at = reader.at();
  const operands = [parseNot(reader)];
  while (reader.takes('AND')) operands.push(parseNot(reader));
  return operands.length === 1 ? (operands[0] as Expression) : { kind: 'and', operands, at };
}

function parseNot(reader: TokenReader): Expression {
  const at = reader.at();
  if (!reader.takes('NOT')) return parsePredicate(reader);
  return { kind: 'not', operand: reader.deeper(() => parseNot(reader)), at };
}

function parsePredicate(reader: TokenReader): Expression {
  let value = parseValue(reader);
  for (;;) {
    const next = predicateOn(reader, value);
    if (!next) return value;
    value = next;
  }
}

function predicateOn(reader: TokenReader, value: Expression): Expression | undefined {
  // Messages about a predicate name the place of its operator, as Trino's do.
  const at = reader.at();
  const comparator = reader.peek().kind === 'sign' ? COMPARATORS[reader.peek().text] : undefined;
  if (comparator) {
    reader.next();
    const quantifier = (['ALL', 'SOME', 'ANY'] as const).find((word) => reader.sees(word, '('));
    if (quantifier) {
      reader.next();
      reader.expect('(');
      const query = reader.query();
      reader.expect(')');
      const either = quantifier === 'ALL' ? 'ALL' : 'ANY';
      return { kind: 'compare-all', comparator, left: value, quantifier: either, query, at };
    }
    return { kind: 'compare', comparator, left: value, right: parseValue(reader), at };
  }
  if (reader.takes('IS')) {
    const isNegated = reader.takes('NOT');
    if (reader.takes('NULL')) return { kind: 'is-null', isNegated, value, at };
    reader.expect('DISTINCT', 'FROM');
    return { kind: 'distinct-from', isNegated, left: value, right: parseValue(reader), at };
  }
  const isNegated = reader.sees('NOT') && ['BETWEEN', 'IN', 'LIKE'].includes(reader.peek(1).upper);
  if (isNegated) reader.next();
  if (reader.takes('BETWEEN')) {
    const low = parseValue(reader);
    reader.expect('AND');
    return { kind: 'between', isNegated, value, low, high: parseValue(reader), at };
  }
  if (reader.takes('IN')) {
    reader.expect('(');
    if (startsQuery(reader)) {
      const query = reader.query();
      reader.expect(')');
      return { kind: 'in-query', isNegated, value, query, at };
    }
    const items = reader.list(() => parseExpression(reader));
    reader.expect(')');
    return { kind: 'in', isNegated, value, items, at };
  }
  if (reader.takes('LIKE')) {
    const pattern = parseValue(reader);
    return {
      kind: 'like',
      isNegated,
      value,
      pattern,
      ...(reader.takes('ESCAPE') && { escape: parseValue(reader) }),
      at,
    };
  }
  return undefined;
}

/** Whether a query begins here rather than an expression; brackets may be either, so they are looked through. */
export function startsQuery(reader: TokenReader): boolean {
  let ahead = 0;
  while (reader.peek(ahead).upper === '(') ahead += 1;
  const token = reader.peek(ahead);
  if (token.kind !== 'word') return false;
  if (['SELECT', 'VALUES', 'TABLE'].includes(token.upper)) return true;
  return token.upper === 'WITH' && ahead === 0;
}

function parseValue(reader: TokenReader): Expression {
  return parseConcatenation(reader);
}

function parseConcatenation(reader: TokenReader): Expression {
  return leftAssociative(reader, ['||'], parseSum);
}

function parseSum(reader: TokenReader): Expression {
  return leftAssociative(reader, ['+', '-'], parseProduct);
}

function parseProduct(reader: TokenReader): Expression {
  return leftAssociative(reader, ['*', '/', '%'], parseSigned);
}

function leftAssociative(
  reader: TokenReader,
  operators: readonly ('+' | '-' | '*' | '/' | '%' | '||')[],
  operand: (reader: TokenReader) => Expression,
): Expression {
  let left = operand(reader);
  for (;;) {
    const operator = operators.find((each) => reader.sees(each));
    if (!operator) return left;
    const { at } = reader.next();
    left = { kind: 'arithmetic', operator, left, right: operand(reader), at };
  }
}

function parseSigned(reader: TokenReader): Expression {
  const at = reader.at();
  if (reader.takes('-')) return { kind: 'negate', operand: reader.deeper(() => parseSigned(reader)), at };
  if (reader.takes('+')) return reader.deeper(() => parseSigned(reader));
  let value = parsePrimary(reader);
  while (reader.takes('AT')) {
    reader.expect('TIME', 'ZONE');
    value = { kind: 'at-time-zone', value, zone: parsePrimary(reader), at };
  }
  return value;
}

function parsePrimary(reader: TokenReader): Expression {
  const at = reader.at();
  let value = parseAtom(reader);
  for (;;) {
    if (reader.takes('[')) {
      const index = parseExpression(reader);
      reader.expect(']');
      value = { kind: 'subscript', base: value, index, at };
    } else if (reader.sees('.') && (reader.isName(1) || reader.peek(1).kind === 'word')) {
      reader.next();
      value = { kind: 'member', base: value, name: reader.next().text, at };
    } else return value;
  }
}

const EXTRACT_NAMES = /^(INTERVAL|DATE|TIME|TIMESTAMP|DECIMAL|CHAR|DOUBLE|REAL|BIGINT|INTEGER|VARCHAR|JSON)$/;

function parseAtom(reader: TokenReader): Expression {
  const token = reader.peek();
  const { at } = token;
  switch (token.kind) {
    case 'string':
      reader.next();
      return { kind: 'string', value: token.text, at };
    case 'binary':
      reader.next();
      return { kind: 'binary', hex: token.text, at };
    case 'integer':
    case 'decimal':
    case 'double':
      reader.next();
      return { kind: token.kind, text: token.text, at };
    case 'sign':
      return parseSignAtom(reader);
    case 'quoted':
      return parseNamed(reader);
    case 'word':
      return parseWord(reader);
    case 'end':
      return reader.fail('<expression>');
  }
}

function parseSignAtom(reader: TokenReader): Expression {
  const at = reader.at();
  if (reader.takes('?')) return { kind: 'parameter', index: reader.nextParameter(), at };
  if (!reader.sees('(')) return reader.fail('<expression>');
  const parameters = lambdaParameters(reader);
  if (parameters) return { kind: 'lambda', parameters, body: parseExpression(reader), at };
  reader.next();
  if (startsQuery(reader)) {
    const query = reader.query();
    reader.expect(')');
    return { kind: 'query', query, at };
  }
  const values = reader.list(() => parseExpression(reader));
  reader.expect(')');
  return values.length === 1 ? (values[0] as Expression) : { kind: 'row', values, at };
}

/** Takes `(a, b) ->` when that is what follows. */
function lambdaParameters(reader: TokenReader): string[] | undefined {
  let ahead = 1;
  const names: string[] = [];
  while (reader.isName(ahead)) {
    names.push(reader.peek(ahead).text.toLowerCase());
    if (reader.peek(ahead + 1).text !== ',') {
      ahead += 1;
      break;
    }
    ahead += 2;
  }
  if (reader.peek(ahead).text !== ')' || reader.peek(ahead + 1).text !== '->') return undefined;
  for (let taken = 0; taken < ahead + 2; taken++) reader.next();
  return names;
}

function parseWord(reader: TokenReader): Expression {
  const { upper, at } = reader.peek();
  switch (upper) {
    case 'NULL':
      reader.next();
      return { kind: 'null', at };
    case 'TRUE':
    case 'FALSE':
      reader.next();
      return { kind: 'boolean', value: upper === 'TRUE', at };
    case 'CASE':
      return parseCase(reader);
    case 'EXISTS': {
      reader.next();
      reader.expect('(');
      const query = reader.query();
      reader.expect(')');
      return { kind: 'exists', query, at };
    }
    case 'CURRENT_DATE':
    case 'CURRENT_TIME':
    case 'CURRENT_TIMESTAMP':
    case 'LOCALTIME':
    case 'LOCALTIMESTAMP':
    case 'CURRENT_USER':
    case 'CURRENT_CATALOG':
    case 'CURRENT_SCHEMA': {
      reader.next();
      const precision = reader.sees('(') && reader.peek(1).kind === 'integer' ? takePrecision(reader) : [];
      return callOf(upper.toLowerCase(), precision, at);
    }
    default:
      return parseCallLike(reader);
  }
}

function takePrecision(reader: TokenReader): Expression[] {
  reader.expect('(');
  const token = reader.next();
  reader.expect(')');
  return [{ kind: 'integer', text: token.text, at: token.at }];
}

function parseCallLike(reader: TokenReader): Expression {
  const { upper, at } = reader.peek();
  const follows = reader.peek(1);
  if (follows.kind === 'string' && EXTRACT_NAMES.test(upper)) {
    if (upper === 'INTERVAL') return parseInterval(reader);
    reader.next();
    return { kind: 'typed', type: upper.toLowerCase(), value: reader.next().text, at };
  }
  if (upper === 'INTERVAL' && (follows.text === '-' || follows.text === '+')) return parseInterval(reader);
  if (upper === 'DOUBLE' && follows.upper === 'PRECISION' && reader.peek(2).kind === 'string') {
    reader.next();
    reader.next();
    return { kind: 'typed', type: 'double', value: reader.next().text, at };
  }
  if (upper === 'ARRAY' && follows.text === '[') {
    reader.next();
    reader.expect('[');
    const values = reader.sees(']') ? [] : reader.list(() => parseExpression(reader));
    reader.expect(']');
    return { kind: 'array', values, at };
  }
  if (follows.text === '(' && follows.kind === 'sign') {
    const special = parseSpecialCall(reader);
    if (special) return special;
  }
  return parseNamed(reader);
}

/** Calls whose arguments have a grammar of their own. */
function parseSpecialCall(reader: TokenReader): Expression | undefined {
  const { upper, at } = reader.peek();
  const open = () => {
    reader.next();
    reader.expect('(');
  };
  switch (upper) {
    case 'CAST':
    case 'TRY_CAST': {
      open();
      const value = parseExpression(reader);
      reader.expect('AS');
      const type = parseTypeText(reader);
      reader.expect(')');
      return { kind: 'cast', value, type, isTry: upper === 'TRY_CAST', at };
    }
    case 'EXTRACT': {
      open();
      const field = reader.next().upper;
      reader.expect('FROM');
      const value = parseValue(reader);
      reader.expect(')');
      return { kind: 'extract', field, value, at };
    }
    case 'ROW': {
      open();
      const values = reader.list(() => parseExpression(reader));
      reader.expect(')');
      return { kind: 'row', values, at };
    }
    case 'POSITION': {
      open();
      const part = parseValue(reader);
      reader.expect('IN');
      const whole = parseValue(reader);
      reader.expect(')');
      return callOf('strpos', [whole, part], at);
    }
    case 'SUBSTRING': {
      open();
      const text = parseExpression(reader);
      const rest: Expression[] = [];
      if (reader.takes('FROM')) {
        rest.push(parseValue(reader));
        if (reader.takes('FOR')) rest.push(parseValue(reader));
      } else while (reader.takes(',')) rest.push(parseExpression(reader));
      reader.expect(')');
      return callOf('substr', [text, ...rest], at);
    }
    case 'TRIM': {
      open();
      const side = (['LEADING', 'TRAILING', 'BOTH'] as const).find((word) => reader.takes(word));
      const first = reader.sees('FROM') ? undefined : parseExpression(reader);
      const name = side === 'LEADING' ? 'ltrim' : side === 'TRAILING' ? 'rtrim' : 'trim';
      let values = [first as Expression];
      if (reader.takes('FROM')) {
        const text = parseExpression(reader);
        values = first ? [text, first] : [text];
      } else if (reader.takes(',')) values.push(parseExpression(reader));
      reader.expect(')');
      return callOf(name, values, at);
    }
    case 'NORMALIZE': {
      open();
      const value = parseExpression(reader);
      const form = reader.takes(',') ? reader.next().upper : 'NFC';
      reader.expect(')');
      return callOf('normalize', [value, { kind: 'string', value: form, at }], at);
    }
    case 'GROUPING': {
      open();
      const values = reader.list(() => parseExpression(reader));
      reader.expect(')');
      return callOf('grouping', values, at);
    }
    default:
      return undefined;
  }
}

function callOf(name: string, values: Expression[], at: number): Call {
  return {
    kind: 'call',
    name,
    arguments: values,
    isStar: false,
    isDistinct: false,
    orderBy: [],
    ignoresNulls: false,
    at,
  };
}

/** A name, a call of a function by that name, or a lambda with one parameter of that name. */
function parseNamed(reader: TokenReader): Expression {
  const token = reader.peek();
  const { at } = token;
  if (token.kind === 'word' && reader.peek(1).text === '(' && reader.peek(1).kind === 'sign') {
    const isFunction = reader.isName() || /^(LEFT|RIGHT|NORMALIZE|LISTAGG)$/.test(token.upper);
    if (isFunction) return parseCall(reader);
  }
  if (token.kind === 'quoted' && reader.peek(1).text === '(' && reader.peek(1).kind === 'sign')
    return parseCall(reader);
  if (!reader.isName()) return reader.fail('<expression>');
  reader.next();
  if (reader.takes('->')) {
    return { kind: 'lambda', parameters: [token.text.toLowerCase()], body: parseExpression(reader), at };
  }
  return { kind: 'name', name: token.text, isQuoted: token.kind === 'quoted', at };
}

function parseCall(reader: TokenReader): Expression {
  const call = callOf(reader.peek().text.toLowerCase(), [], reader.next().at);
  reader.expect('(');
  if (reader.takes('*')) call.isStar = true;
  else if (!reader.sees(')')) {
    call.isDistinct = reader.takes('DISTINCT');
    if (!call.isDistinct) reader.takes('ALL');
    call.arguments = reader.list(() => parseExpression(reader));
    if (reader.takes('ORDER')) {
      reader.expect('BY');
      call.orderBy = parseSortItems(reader);
    }
    if (reader.sees('ON', 'OVERFLOW')) reader.fail("')'");
  }
  reader.expect(')');
  if (reader.takes('WITHIN')) {
    reader.expect('GROUP', '(', 'ORDER', 'BY');
    call.orderBy = parseSortItems(reader);
    reader.expect(')');
  }
  if (reader.sees('FILTER', '(')) {
    reader.expect('FILTER', '(', 'WHERE');
    call.filter = parseExpression(reader);
    reader.expect(')');
  }
  if (reader.takes('IGNORE', 'NULLS')) call.ignoresNulls = true;
  else reader.takes('RESPECT', 'NULLS');
  if (reader.takes('OVER')) {
    call.over = reader.sees('(') ? parseWindow(reader) : reader.name().toLowerCase();
  }
  return call;
}

/** What stands in the brackets behind OVER, or behind a window's name. */
export function parseWindow(reader: TokenReader): WindowSpecification {
  const at = reader.at();
  reader.expect('(');
  const window: WindowSpecification = { partitionBy: [], orderBy: [], at };
  if (reader.isName() && !/^(PARTITION|ROWS|RANGE|GROUPS)$/.test(reader.peek().upper)) {
    window.base = reader.name().toLowerCase();
  }
  if (reader.takes('PARTITION', 'BY')) window.partitionBy = reader.list(() => parseExpression(reader));
  if (reader.takes('ORDER', 'BY')) window.orderBy = parseSortItems(reader);
  const unit = (['ROWS', 'RANGE', 'GROUPS'] as const).find((word) => reader.takes(word));
  if (unit) {
    const isBetween = reader.takes('BETWEEN');
    const start = parseBound(reader);
    if (isBetween) reader.expect('AND');
    window.frame = { unit, start, ...(isBetween && { end: parseBound(reader) }) };
  }
  reader.expect(')');
  return window;
}

function parseBound(reader: TokenReader): FrameBound {
  if (reader.takes('UNBOUNDED', 'PRECEDING')) return { kind: 'unbounded-preceding' };
  if (reader.takes('UNBOUNDED', 'FOLLOWING')) return { kind: 'unbounded-following' };
  if (reader.takes('CURRENT', 'ROW')) return { kind: 'current-row' };
  const count = parseExpression(reader);
  if (reader.takes('PRECEDING')) return { kind: 'preceding', count };
  reader.expect('FOLLOWING');
  return { kind: 'following', count };
}

export function parseSortItems(reader: TokenReader): SortItem[] {
  return reader.list(() => {
    const at = reader.at();
    const value = parseExpression(reader);
    const isDescending = reader.takes('DESC');
    if (!isDescending) reader.takes('ASC');
    let nulls: SortItem['nulls'] = 'last';
    if (reader.takes('NULLS', 'FIRST')) nulls = 'first';
    else reader.takes('NULLS', 'LAST');
    return { value, isDescending, nulls, at };
  });
}

function parseCase(reader: TokenReader): Expression {
  const at = reader.next().at;
  const operand = reader.sees('WHEN') ? undefined : parseExpression(reader);
  const branches: { when: Expression; then: Expression }[] = [];
  while (reader.takes('WHEN')) {
    const when = parseExpression(reader);
    reader.expect('THEN');
    branches.push({ when, then: parseExpression(reader) });
  }
  if (branches.length === 0) reader.fail("'WHEN'");
  const otherwise = reader.takes('ELSE') ? parseExpression(reader) : undefined;
  reader.expect('END');
  return { kind: 'case', ...(operand && { operand }), branches, ...(otherwise && { otherwise }), at };
}

const INTERVAL_FIELD = /^(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)S?$/;

function parseInterval(reader: TokenReader): Expression {
  const at = reader.next().at;
  const isNegative = reader.takes('-');
  if (!isNegative) reader.takes('+');
  const token = reader.next();
  if (token.kind !== 'string') return reader.fail('<string>');
  const field = () => {
    const name = INTERVAL_FIELD.exec(reader.peek().upper)?.[1];
    if (name === undefined) return reader.fail("'DAY', 'HOUR', 'MINUTE', 'MONTH', 'SECOND', 'YEAR'");
    reader.next();
    return name.toLowerCase();
  };
  const from = field();
  const to = reader.takes('TO') ? field() : undefined;
  return { kind: 'interval', isNegative, value: token.text, from, ...(to !== undefined && { to }), at };
}

/** The text of a type, to be read by parse-type.ts: brackets are matched, nothing else is looked at. */
function parseTypeText(reader: TokenReader): string {
  const start = reader.at();
  let depth = 0;
  for (;;) {
    const { text, kind } = reader.peek();
    if (kind === 'end') reader.fail("')'");
    if (kind === 'sign' && (text === '(' || text === '<')) depth += 1;
    if (kind === 'sign' && (text === ')' || text === '>')) {
      if (depth === 0) break;
      depth -= 1;
    }
    reader.next();
  }
  if (reader.end() <= start) reader.fail('<type>');
  return reader.slice(start, reader.end());
}
