// Filter patterns of CloudWatch Logs. Source: AWS docs, "Filter pattern syntax for metric filters, subscription filters,
// filter log events, and Live Tail".
import { compileFieldFilter } from './field-filter.js';
import { compileJsonFilter } from './json-filter.js';
import { refusedPattern } from './refused-pattern.js';
import { compileTermFilter } from './term-filter.js';
import { compileFilterRegex } from './value-test.js';

export type LogFilter = (message: string) => boolean;

// AWS docs, same page: "There is a limit of 2 regex for each filter pattern".
const REGEXES_MAX = 2;

/**
 * Terms (`error "time out" -debug ?warn`), a regular expression (`%4\d\d%`), fields of a line (`[ip, ..., status = 4*]`) or
 * of a JSON object (`{ $.level = "ERROR" && $.count > 3 }`); an empty pattern matches everything. Upper and lower case differ.
 * @throws AwsError InvalidParameterException
 */
export function compileFilter(pattern: string): LogFilter {
  const text = pattern.trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    if ((text.match(/%[^%]*%/g)?.length ?? 0) > REGEXES_MAX)
      throw refusedPattern(pattern, `has more than ${REGEXES_MAX} regular expressions`);
    return text.startsWith('{') ? compileJsonFilter(pattern) : compileFieldFilter(pattern);
  }
  if (/^%.*%$/s.test(text)) {
    const expression = compileFilterRegex(pattern, text);
    return (message) => expression.test(message);
  }
  return compileTermFilter(pattern);
}
