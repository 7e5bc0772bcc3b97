// Filter patterns that are terms: words and phrases that a message must have, may have, or must not have.
import type { LogFilter } from './filter-pattern.js';
import { refusedPattern } from './refused-pattern.js';

/**
 * Terms separated by spaces: all must occur in a message, those with `?` instead at least one, those with `-` not at
 * all; quotes keep a phrase together.
 * @throws AwsError InvalidParameterException
 */
export function compileTermFilter(pattern: string): LogFilter {
  const terms = parseTerms(pattern);
  const all = terms.filter((term) => term.sign === '');
  const none = terms.filter((term) => term.sign === '-');
  // Beside terms that must occur, those that may are ignored (AWS docs: filter pattern syntax).
  const any = all.length + none.length > 0 ? [] : terms.filter((term) => term.sign === '?');
  return (message) =>
    all.every(({ phrase }) => message.includes(phrase)) &&
    !none.some(({ phrase }) => message.includes(phrase)) &&
    (any.length === 0 || any.some(({ phrase }) => message.includes(phrase)));
}

interface Term {
  sign: '' | '-' | '?';
  phrase: string;
}

function parseTerms(pattern: string): Term[] {
  const text = pattern.trim();
  const terms: Term[] = [];
  const expression = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/y;
  while (expression.lastIndex < text.length) {
    const match = expression.exec(text);
    if (!match)
      throw refusedPattern(pattern, 'has a quote without its other half, or text right after a quote');
    const [, sign = '', quoted, word] = match;
    if (word && /^%.*%$/.test(word))
      throw refusedPattern(pattern, 'has a regular expression beside terms; it stands alone');
    terms.push({ sign: sign as Term['sign'], phrase: quoted?.replace(/\\(.)/g, '$1') ?? word ?? '' });
  }
  return terms;
}
