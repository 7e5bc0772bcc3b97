// Grok patterns, and the logs that AWS's built-in classifiers know.
import { describe, expect, it, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { compileGrok } from './grok.js';
import { grokClassifier } from './grok-classifier.js';
import { GROK_PATTERNS } from './grok-patterns.js';

const fieldsOf = (pattern: string, custom?: string) =>
  compileGrok(pattern, custom).fields.map(
    ({ name, type }) => `${name} ${type.kind === 'primitive' ? type.name : ''}`,
  );

describe('compileGrok', () => {
  test.each(Object.keys(GROK_PATTERNS))('the built-in pattern %s can be read', (name) => {
    expect(compileGrok(`%{${name}:field}`).fields[0]?.name).toBe('field');
  });

  test.each([
    ['IP', ['1.2.3.4', '::1', '2001:db8::ff00:42:8329', '::ffff:1.2.3.4'], ['1.2.3.256', 'x::1']],
    ['NUMBER', ['-1', '1.5', '.5'], ['1.', 'x']],
    ['TIMESTAMP_ISO8601', ['2026-01-02T03:04:05Z', '2026-01-02 03:04:05+01:00'], ['2026-13-02T03:04:05Z']],
    ['HTTPDATE', ['10/Oct/2000:13:55:36 -0700'], ['10/10/2000:13:55:36 -0700']],
    ['QUOTEDSTRING', ['"a b"', '""', "'x'", String.raw`"a \" b"`], ['"a']],
    ['UUID', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
    ['LOGLEVEL', ['INFO', 'warning', 'ERROR'], ['loud']],
    ['PATH', ['/var/log/x.log', String.raw`C:\temp\x`], ['var']],
    ['BOOLEAN', ['TRUE', 'false'], ['yes']],
    ['MAC', ['01:23:45:67:89:ab', '0123.4567.89ab'], ['01:23']],
  ])('%s matches what it is for and no more', (name, good, bad) => {
    const { matches } = compileGrok(`%{${name}}`);
    for (const text of good) expect(matches(text), text).toBe(true);
    for (const text of bad) expect(matches(text), text).toBe(false);
  });

  it('makes a column of every named field, with the type it is cast to', () => {
    expect(
      fieldsOf(
        '%{INT:a} %{INT:b:byte} %{INT:c:short} %{INT:d:int} %{INT:e:long} %{NUMBER:f:float} %{NUMBER:g;double} %{BOOLEAN:h:boolean}',
      ),
    ).toEqual([
      'a string',
      'b tinyint',
      'c smallint',
      'd int',
      'e bigint',
      'f float',
      'g double',
      'h boolean',
    ]);
  });

  it('takes the fields of patterns within patterns, but not UNWANTED and unnamed ones', () => {
    expect(fieldsOf('%{COMBINEDAPACHELOG}').map((field) => field.split(' ')[0])).toEqual([
      'clientip',
      'ident',
      'auth',
      'timestamp',
      'verb',
      'request',
      'httpversion',
      'rawrequest',
      'response',
      'bytes',
      'referrer',
      'agent',
    ]);
    expect(fieldsOf('%{HTTPDATE:when} %{USER:UNWANTED}')).toEqual(['when string']);
  });

  it('knows custom patterns, which win over built-in ones', () => {
    const { matches, fields } = compileGrok(
      '%{LEVEL:level} %{WORD:x}',
      'LEVEL (LOW|HIGH)\n# a comment\n\nWORD \\d+',
    );
    expect(fields.map(({ name }) => name)).toEqual(['level', 'x']);
    expect([matches('LOW 12'), matches('MIDDLE 12'), matches('LOW ab')]).toEqual([true, false, false]);
  });

  it('reads what other dialects write: a flag for the case, POSIX classes, \\A and \\z, fields in groups', () => {
    expect(compileGrok('(?i)abc').matches('ABC')).toBe(true);
    expect(compileGrok('[[:alpha:]]+[[:digit:]]').matches('ab1')).toBe(true);
    expect(compileGrok(String.raw`\Aab\z`).matches('ab')).toBe(true);
    expect(compileGrok(String.raw`(?<day>\d+)-x`).fields.map(({ name }) => name)).toEqual(['day']);
    expect(compileGrok('a++b').matches('aaab')).toBe(true);
  });

  test.each([
    ['%{NOPE:x}', '', 'there is no pattern NOPE'],
    ['%{A:x}', 'A %{B}\nB %{A}', 'refers to itself'],
    ['%{WORD:x:uuid}', '', 'field x has the type uuid'],
    ['(', '', 'no regular expression'],
    ['%{WORD}', 'LONELY', 'NAME expression'],
  ])('refuses %s', (pattern, custom, words) => {
    expect(() => compileGrok(pattern, custom)).toThrow(words);
  });

  it('takes no exponential time on what almost matches', () => {
    const start = performance.now();
    expect(compileGrok('%{PATH:p} %{QS:q}').matches(`/${'a'.repeat(50_000)}\u0001`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('logs', () => {
  const LINES = {
    combined_apache:
      '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en]"',
    apache: '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 -',
    linux_kernel: 'Mar  4 04:05:06 host1 kernel: [   12.345678] usb 1-1: new device',
    microsoft_log:
      '192.168.114.201, -, 03/20/01, 7:55:20, W3SVC2, SERVER, 172.21.13.45, 4502, 163, 3223, 200, 0, GET, /DeptLogo.gif, -,',
    ruby_logger: 'I, [2026-03-04T05:06:07.123456 #1234]  INFO -- app: Started',
    squid:
      '1286536308.779    180 192.168.0.224 TCP_MISS/200 411 GET http://www.example.com/ - DIRECT/10.1.2.3 text/html',
    redismonlog: '1339518083.107412 [0 127.0.0.1:60866] "keys" "*"',
    redislog: '5258:M 23 Aug 16:19:21.123 * DB saved on disk',
  };

  test.each(Object.entries(LINES))('%s lines are known, and one odd line is none', (classification, line) => {
    const schema = classifyContent(`${line}\n`.repeat(5));
    expect(schema).toMatchObject({
      classification,
      format: { serializationLibrary: 'com.amazonaws.glue.serde.GrokSerDe' },
      formatParameters: {},
    });
    expect(schema.serdeParameters['input.format']).toContain('%{');
    expect(schema.columns.length).toBeGreaterThan(3);
    expect(classifyContent(`${line}\nsomething else\n`).classification).not.toBe(classification);
  });

  // A guess: that they are counted as CSV files are.
  it('are counted by the length of their first three lines', () => {
    const content = 'a 1\nbb 22\nccc 333\nd 4\n';
    const schema = classifyContent(content, {
      classifiers: [grokClassifier({ classification: 'mine', grokPattern: '%{WORD:w} %{INT:n:int}' })],
    });
    expect(schema).toMatchObject({
      classification: 'mine',
      averageRecordSize: 5,
      recordCount: 4,
      sizeKey: 22,
    });
    expect(columnsOf(schema)).toEqual(['w string', 'n int']);
  });
});
