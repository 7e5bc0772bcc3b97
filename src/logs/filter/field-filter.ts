// Filter patterns over the fields of a line: `[ip, user, ..., status = 4* && status != 404, bytes > 1000]`.
import type { LogFilter } from './filter-pattern.js';
import { refusedPattern } from './refused-pattern.js';
import { compileValueTest, type ComparisonSign, type ValueTest } from './value-test.js';

/** Fields stand between spaces; square brackets and double quotes keep one together. @throws AwsError InvalidParameterException */
export function compileFieldFilter(pattern: string): LogFilter {
  const inner = /^\[(.*)\]$/s.exec(pattern.trim())?.[1];
  if (inner === undefined) throw refusedPattern(pattern, 'has no ] at its end');
  const parts = splitOutside(inner, ',').map((part) => part.trim());
  const gap = parts.indexOf('...');
  if (gap !== parts.lastIndexOf('...')) throw refusedPattern(pattern, 'has ... more than once');
  const tests = parts.map((part) => (part === '...' ? undefined : fieldTest(pattern, part)));
  const head = gap < 0 ? tests : tests.slice(0, gap);
  const tail = gap < 0 ? [] : tests.slice(gap + 1);
  return (message) => {
    const fields = fieldsOf(message);
    const isLongEnough = gap < 0 ? fields.length === head.length : fields.length >= head.length + tail.length;
    return (
      isLongEnough &&
      head.every((test, index) => test?.(fields[index] as string)) &&
      tail.every((test, index) => test?.(fields[fields.length - tail.length + index] as string))
    );
  };
}

function fieldsOf(message: string): string[] {
  return [...message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map(
    ([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? '',
  );
}

/** `name`, or comparisons of that name with `&&` and `||`, of which `&&` binds closer. */
function fieldTest(pattern: string, part: string): ValueTest {
  if (/^[\w-]+$/.test(part)) return () => true;
  const alternatives = splitOutside(part, '||').map((alternative) =>
    splitOutside(alternative, '&&').map((comparison) => comparisonOf(pattern, comparison.trim())),
  );
  const names = new Set(alternatives.flat().map(({ name }) => name));
  if (names.size > 1) throw refusedPattern(pattern, `compares ${[...names].join(' and ')} within one field`);
  return (value) => alternatives.some((all) => all.every(({ test }) => test(value)));
}

function comparisonOf(pattern: string, text: string): { name: string; test: ValueTest } {
  const match = /^([\w-]+)\s*(!=|<=|>=|[=<>])\s*("(?:[^"\\]|\\.)*"|%[^%]*%|\S+)$/s.exec(text);
  if (!match)
    throw refusedPattern(
      pattern,
      `has the field ${JSON.stringify(text)}, which is no name and no comparison`,
    );
  const [, name = '', sign, literal = ''] = match;
  return { name, test: compileValueTest(pattern, sign as ComparisonSign, literal) };
}

/** Parts between separators that stand neither in quotes nor in a regular expression. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [''];
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|%[^%]*%|&&|\|\||[^]/g)) {
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}
