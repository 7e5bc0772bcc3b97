// Calls: the common form, and those whose arguments have a grammar of their own.
import { parseSortItems, parseWindow } from './parse-window.js';
import type { Call, Expression } from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** Calls whose arguments have a grammar of their own. */
export function parseSpecialCall(reader: TokenReader): Expression | undefined {
  const { upper, at } = reader.peek();
  const open = () => {
    reader.next();
    reader.expect('(');
  };
  switch (upper) {
    case 'CAST':
    case 'TRY_CAST': {
      open();
      const value = reader.expression();
      reader.expect('AS');
      const type = parseTypeText(reader);
      reader.expect(')');
      return { kind: 'cast', value, type, isTry: upper === 'TRY_CAST', at };
    }
    case 'EXTRACT': {
      open();
      const field = reader.next().upper;
      reader.expect('FROM');
      const value = reader.value();
      reader.expect(')');
      return { kind: 'extract', field, value, at };
    }
    case 'ROW': {
      open();
      const values = reader.list(() => reader.expression());
      reader.expect(')');
      return { kind: 'row', values, at };
    }
    case 'POSITION': {
      open();
      const part = reader.value();
      reader.expect('IN');
      const whole = reader.value();
      reader.expect(')');
      return callOf('strpos', [whole, part], at);
    }
    case 'SUBSTRING': {
      open();
      const text = reader.expression();
      const rest: Expression[] = [];
      if (reader.takes('FROM')) {
        rest.push(reader.value());
        if (reader.takes('FOR')) rest.push(reader.value());
      } else while (reader.takes(',')) rest.push(reader.expression());
      reader.expect(')');
      return callOf('substr', [text, ...rest], at);
    }
    case 'TRIM': {
      open();
      const side = (['LEADING', 'TRAILING', 'BOTH'] as const).find((word) => reader.takes(word));
      const first = reader.sees('FROM') ? undefined : reader.expression();
      const name = side === 'LEADING' ? 'ltrim' : side === 'TRAILING' ? 'rtrim' : 'trim';
      let values = [first as Expression];
      if (reader.takes('FROM')) {
        const text = reader.expression();
        values = first ? [text, first] : [text];
      } else if (reader.takes(',')) values.push(reader.expression());
      reader.expect(')');
      return callOf(name, values, at);
    }
    case 'NORMALIZE': {
      open();
      const value = reader.expression();
      const form = reader.takes(',') ? reader.next().upper : 'NFC';
      reader.expect(')');
      return callOf('normalize', [value, { kind: 'string', value: form, at }], at);
    }
    case 'GROUPING': {
      open();
      const values = reader.list(() => reader.expression());
      reader.expect(')');
      return callOf('grouping', values, at);
    }
    default:
      return undefined;
  }
}

export function callOf(name: string, values: Expression[], at: number): Call {
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

export function parseCall(reader: TokenReader): Expression {
  const call = callOf(reader.peek().text.toLowerCase(), [], reader.next().at);
  reader.expect('(');
  if (reader.takes('*')) call.isStar = true;
  else if (!reader.sees(')')) {
    call.isDistinct = reader.takes('DISTINCT');
    if (!call.isDistinct) reader.takes('ALL');
    call.arguments = reader.list(() => reader.expression());
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
    call.filter = reader.expression();
    reader.expect(')');
  }
  if (reader.takes('IGNORE', 'NULLS')) call.ignoresNulls = true;
  else reader.takes('RESPECT', 'NULLS');
  if (reader.takes('OVER')) {
    call.over = reader.sees('(') ? parseWindow(reader) : reader.name().toLowerCase();
  }
  return call;
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
