// Which objects an exclusion pattern keeps out.
import { describe, expect, it } from 'vitest';
import { compileGlob, globMatcher } from './glob.js';

const FOLDER = [
  'departments/finance.json',
  'departments/market-us.json',
  'departments/market-emea.json',
  'departments/market-ap.json',
  'employees/hr.json',
  'employees/john.csv',
  'employees/jane.csv',
  'employees/juan.txt',
];

describe('exclusion patterns that AWS documents', () => {
  it.each([
    ['departments/**', FOLDER.slice(0, 4)],
    ['departments/market*', FOLDER.slice(1, 4)],
    ['departments/market-*.json', FOLDER.slice(1, 4)],
    ['**.csv', ['employees/john.csv', 'employees/jane.csv']],
    ['employees/*.csv', ['employees/john.csv', 'employees/jane.csv']],
    ['*.csv', []],
  ])('%s excludes the documented objects', (pattern, excluded) => {
    expect(FOLDER.filter(globMatcher([pattern]))).toEqual(excluded);
  });

  it('leaves one week of a year partitioned by day', () => {
    const days = Array.from({ length: 365 }, (_, day) =>
      new Date(Date.UTC(2015, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', '/'),
    );
    const isExcluded = globMatcher(['2015/01/{[!0],0[8-9]}**', '2015/0[2-9]/**', '2015/1[0-2]/**']);
    expect(days.filter((day) => !isExcluded(`${day}/part.csv`))).toEqual(
      ['01', '02', '03', '04', '05', '06', '07'].map((day) => `2015/01/${day}`),
    );
  });
});

describe('compileGlob', () => {
  it.each([
    ['*.csv', 'a.csv', true],
    ['*.csv', 'x/a.csv', false],
    ['*.*', 'a.b', true],
    ['*.*', 'ab', false],
    ['*.{csv,avro}', 'a.avro', true],
    ['*.{csv,avro}', 'a.orc', false],
    ['foo.?', 'foo.x', true],
    ['foo.?', 'foo.xy', false],
    ['foo.?', 'foo./', false],
    ['myfolder/*', 'myfolder/a', true],
    ['myfolder/*', 'myfolder/a/b', false],
    ['myfolder/*/*', 'myfolder/a/b', true],
    ['myfolder/**', 'myfolder/a/b/c', true],
    ['myfolder/**', 'myfolder', false],
    ['myfolder**', 'myfolder', true],
    ['myfolder**', 'myfolder/a.txt', true],
    ['*', '.hidden', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['[abc].x', 'b.x', true],
    ['[a-c].x', 'd.x', false],
    ['[!a-c].x', 'd.x', true],
    ['[!a]b', '/b', false],
    ['[-a]', '-', true],
    ['[!-]', '-', false],
    ['[*?\\]', '*', true],
    ['[*?\\]', '\\', true],
    ['[*?\\]', 'x', false],
    ['a,b}', 'a,b}', true],
    ['a+(b)$', 'a+(b)$', true],
    ['{a,b}{c,d}', 'bd', true],
    ['caf\u00e9?', 'caf\u00e9\u{1F375}', true],
  ])('%s against %s is %s', (pattern, key, expected) => {
    expect(compileGlob(pattern).test(key)).toBe(expected);
  });

  it.each([
    ['[abc', '"[" has no "]"'],
    ['{a,b', '"{" has no "}"'],
    ['{a,{b}}', 'cannot be nested'],
    ['a\\', 'escapes nothing'],
    ['[z-a]', 'runs backwards'],
  ])('refuses %s and says why', (pattern, why) => {
    expect(() => compileGlob(pattern)).toThrow(why);
    expect(() => compileGlob(pattern)).toThrow(JSON.stringify(pattern));
  });
});
