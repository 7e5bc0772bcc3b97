// Filter patterns of CloudWatch Logs, as far as they are terms; the others are refused by name.
import { AwsError } from '../wire/aws-error.js';

export type LogFilter = (message: string) => boolean;

/**
 * Terms separated by spaces: all must occur in a message, those with `?` instead at least one, those with `-` not at
 * all; quotes keep a phrase together. Upper and lower case differ. AWS docs: "Filter pattern syntax for metric filters,
 * subscription filters, filter log events, and Live Tail".
 * @throws AwsError InvalidParameterException for JSON, space-delimited and regular-expression patterns
 */
export function compileFilter(pattern: string): LogFilter {
  const text = pattern.trim();
  const unsupported = text.startsWith('{')
    ? 'a JSON'
    : text.startsWith('[')
      ? 'a space-delimited'
      : undefined;
  if (unsupported) throw refused(pattern, `is ${unsupported} pattern, which is not supported here`);
  const terms = parseTerms(pattern, text);
  const all = terms.filter((term) => term.sign === '');
  const none = terms.filter((term) => term.sign === '-');
  // Beside terms that must occur, those that may are ignored (AWS docs, same page).
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

function parseTerms(pattern: string, text: string): Term[] {
  const terms: Term[] = [];
  const expression = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/y;
  while (expression.lastIndex < text.length) {
    const match = expression.exec(text);
    if (!match) throw refused(pattern, 'has a quote without its other half, or text right after a quote');
    const [, sign = '', quoted, word] = match;
    if (word && /^%.*%$/.test(word))
      throw refused(pattern, 'is a regular expression, which is not supported here');
    terms.push({ sign: sign as Term['sign'], phrase: quoted?.replace(/\\(.)/g, '$1') ?? word ?? '' });
  }
  return terms;
}

function refused(pattern: string, why: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid filter pattern: ${JSON.stringify(pattern)} ${why}. Allowed are terms such as: error "time out" -debug ?warn`,
  );
}
