// What an expression is made of: literals, names, lambdas, brackets, CASE and intervals.
import { callOf, parseCall, parseSpecialCall } from './parse-call.js';
import type { Expression } from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** Whether a query begins here rather than an expression; brackets may be either, so they are looked through. */
export function startsQuery(reader: TokenReader): boolean {
  let ahead = 0;
  while (reader.peek(ahead).upper === '(') ahead += 1;
  const token = reader.peek(ahead);
  if (token.kind !== 'word') return false;
  if (['SELECT', 'VALUES', 'TABLE'].includes(token.upper)) return true;
  return token.upper === 'WITH' && ahead === 0;
}

const TYPED_LITERAL =
  /^(INTERVAL|DATE|TIME|TIMESTAMP|DECIMAL|CHAR|DOUBLE|REAL|TINYINT|SMALLINT|BIGINT|INTEGER|INT|BOOLEAN|VARCHAR|JSON)$/;

export function parseAtom(reader: TokenReader): Expression {
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
  if (parameters) return { kind: 'lambda', parameters, body: reader.expression(), at };
  reader.next();
  if (startsQuery(reader)) {
    const query = reader.query();
    reader.expect(')');
    return { kind: 'query', query, at };
  }
  const values = reader.list(() => reader.expression());
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
  if (follows.kind === 'string' && TYPED_LITERAL.test(upper)) {
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
    const values = reader.sees(']') ? [] : reader.list(() => reader.expression());
    reader.expect(']');
    return { kind: 'array', values, at };
  }
  if (follows.text === '(' && follows.kind === 'sign') {
    const special = parseSpecialCall(reader);
    if (special) return special;
  }
  return parseNamed(reader);
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
    return { kind: 'lambda', parameters: [token.text.toLowerCase()], body: reader.expression(), at };
  }
  return { kind: 'name', name: token.text, isQuoted: token.kind === 'quoted', at };
}

function parseCase(reader: TokenReader): Expression {
  const at = reader.next().at;
  const operand = reader.sees('WHEN') ? undefined : reader.expression();
  const branches: { when: Expression; then: Expression }[] = [];
  while (reader.takes('WHEN')) {
    const when = reader.expression();
    reader.expect('THEN');
    branches.push({ when, then: reader.expression() });
  }
  if (branches.length === 0) reader.fail("'WHEN'");
  const otherwise = reader.takes('ELSE') ? reader.expression() : undefined;
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
