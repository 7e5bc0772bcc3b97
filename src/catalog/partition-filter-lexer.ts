// GetPartitions' expressions, taken apart into words.

export type Token =
  | { kind: 'symbol'; text: '(' | ')' | ',' | '=' | '<>' | '<' | '<=' | '>' | '>=' }
  /** In upper case: a word that has a meaning of its own unless it is quoted. */
  | { kind: 'keyword'; text: 'AND' | 'OR' | 'NOT' | 'IN' | 'BETWEEN' | 'LIKE' | 'IS' | 'NULL' }
  | { kind: 'name'; text: string; isQuoted: boolean }
  | { kind: 'string' | 'number'; text: string }
  | { kind: 'end'; text: '' };

const KEYWORD = /^(?:AND|OR|NOT|IN|BETWEEN|LIKE|IS|NULL)$/;

// One alternative a kind of token. Quotes inside quotes are doubled.
const TOKEN =
  /\s*(?:(?<symbol>[(),]|<>|!=|<=|>=|[=<>])|'(?<string>(?:[^']|'')*)'|"(?<double>(?:[^"]|"")*)"|`(?<back>(?:[^`]|``)*)`|(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_]))|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_.$]*))/uy;

/** Undefined when some of the text is none of these. The last token is of kind 'end'. */
export function tokensOf(expression: string): Token[] | undefined {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) return undefined;
    tokens.push(tokenOf(groups));
  }
  return [...withoutParenthesesAroundOperators(tokens), { kind: 'end', text: '' }];
}

function tokenOf({
  symbol,
  string,
  double,
  back,
  number,
  word = '',
}: Record<string, string | undefined>): Token {
  if (symbol !== undefined) return { kind: 'symbol', text: symbol === '!=' ? '<>' : symbol } as Token;
  if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'") };
  if (double !== undefined) return { kind: 'name', text: double.replaceAll('""', '"'), isQuoted: true };
  if (back !== undefined) return { kind: 'name', text: back.replaceAll('``', '`'), isQuoted: true };
  if (number !== undefined) return { kind: 'number', text: number };
  const keyword = word.toUpperCase();
  if (KEYWORD.test(keyword)) return { kind: 'keyword', text: keyword } as Token;
  return { kind: 'name', text: word, isQuoted: false };
}

// `a = 1 (OR) b = 2` is accepted by AWS (seen in moto's tests, which were checked against it).
function withoutParenthesesAroundOperators(tokens: Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    const operator = kept.at(-1);
    const opening = kept.at(-2);
    if (token.text === ')' && token.kind === 'symbol' && isOperator(operator) && opening?.text === '(') {
      kept.splice(-2, 2, operator as Token);
    } else {
      kept.push(token);
    }
  }
  return kept;
}

function isOperator(token: Token | undefined): boolean {
  return token?.kind === 'keyword' && (token.text === 'AND' || token.text === 'OR');
}
