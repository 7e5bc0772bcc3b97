// Event patterns by tables: what AWS's documentation says each operator matches.
import { describe, expect, it } from 'vitest';
import { compilePattern } from './event-pattern.js';

const matches = (pattern: unknown, detail: unknown) =>
  compilePattern(JSON.stringify({ detail: pattern })).matches({ source: 's', detail });

describe.each<[string, unknown, unknown[], unknown[]]>([
  [
    'text',
    { a: ['x', 'y'] },
    [{ a: 'x' }, { a: 'y' }, { a: ['z', 'x'] }],
    [{ a: 'X' }, { a: 'z' }, {}, { b: 'x' }],
  ],
  ['a number', { a: [300] }, [{ a: 300 }, { a: 3e2 }], [{ a: '300' }, { a: 301 }]],
  ['a boolean', { a: [true] }, [{ a: true }], [{ a: 'true' }, { a: false }]],
  ['null', { a: [null] }, [{ a: null }], [{ a: '' }, {}, { a: 'null' }]],
  ['the empty text', { a: [''] }, [{ a: '' }], [{ a: null }, {}, { a: ' ' }]],
  [
    'several fields',
    { a: ['x'], b: { c: ['y'] } },
    [{ a: 'x', b: { c: 'y' } }],
    [{ a: 'x', b: { c: 'z' } }, { a: 'x' }],
  ],
  ['prefix', { a: [{ prefix: 'us-' }] }, [{ a: 'us-east-1' }, { a: 'us-' }], [{ a: 'eu-us-' }, { a: 5 }, {}]],
  [
    'prefix in any case',
    { a: [{ prefix: { 'equals-ignore-case': 'US-' } }] },
    [{ a: 'us-e' }, { a: 'Us-e' }],
    [{ a: 'u' }],
  ],
  ['suffix', { a: [{ suffix: '.png' }] }, [{ a: 'x.png' }], [{ a: 'x.PNG' }, { a: 'png' }]],
  [
    'suffix in any case',
    { a: [{ suffix: { 'equals-ignore-case': '.png' } }] },
    [{ a: 'x.PNG' }],
    [{ a: 'x.jpg' }],
  ],
  ['equals-ignore-case', { a: [{ 'equals-ignore-case': 'Alice' }] }, [{ a: 'aLICE' }], [{ a: 'alic' }, {}]],
  [
    'wildcard',
    { a: [{ wildcard: 'dir/*/f*.csv' }] },
    [{ a: 'dir/x/y/f.csv' }, { a: 'dir//f1.csv' }],
    [{ a: 'dir/f.csv' }, { a: 'dir/x/f.csvx' }],
  ],
  ['an escaped wildcard', { a: [{ wildcard: 'a\\*b\\\\' }] }, [{ a: 'a*b\\' }], [{ a: 'axb\\' }]],
  [
    'anything-but a text',
    { a: [{ 'anything-but': 'x' }] },
    [{ a: 'y' }, { a: ['x', 'y'] }, { a: 1 }],
    [{ a: 'x' }, {}],
  ],
  ['anything-but texts', { a: [{ 'anything-but': ['x', 'y'] }] }, [{ a: 'z' }], [{ a: 'x' }, { a: 'y' }, {}]],
  ['anything-but numbers', { a: [{ 'anything-but': [1, 2] }] }, [{ a: 3 }, { a: '1' }], [{ a: 1 }]],
  [
    'anything-but a prefix',
    { a: [{ 'anything-but': { prefix: 'in' } }] },
    [{ a: 'out' }],
    [{ a: 'init' }, {}],
  ],
  [
    'anything-but prefixes',
    { a: [{ 'anything-but': { prefix: ['in', 'st'] } }] },
    [{ a: 'out' }],
    [{ a: 'stop' }],
  ],
  [
    'anything-but a suffix',
    { a: [{ 'anything-but': { suffix: '.txt' } }] },
    [{ a: 'a.csv' }],
    [{ a: 'a.txt' }],
  ],
  [
    'anything-but in any case',
    { a: [{ 'anything-but': { 'equals-ignore-case': ['init', 'x'] } }] },
    [{ a: 'y' }],
    [{ a: 'INIT' }],
  ],
  [
    'anything-but a wildcard',
    { a: [{ 'anything-but': { wildcard: '*/lib/*' } }] },
    [{ a: 'a/b' }],
    [{ a: 'a/lib/b' }],
  ],
  ['numeric =', { a: [{ numeric: ['=', 5] }] }, [{ a: 5 }], [{ a: 4 }, { a: '5' }]],
  [
    'a numeric range',
    { a: [{ numeric: ['>', 0, '<=', 5] }] },
    [{ a: 5 }, { a: 0.1 }],
    [{ a: 0 }, { a: 5.1 }],
  ],
  [
    'exists',
    { a: [{ exists: true }] },
    [{ a: 1 }, { a: null }, { a: '' }],
    [{}, { b: 1 }, { a: { b: 1 } }, { a: [] }],
  ],
  ['not exists', { a: [{ exists: false }] }, [{}, { b: 1 }, { a: [] }], [{ a: 1 }, { a: null }]],
  ['not exists or a text', { a: [{ exists: false }, 'x'] }, [{}, { a: 'x' }], [{ a: 'y' }]],
  [
    'cidr',
    { a: [{ cidr: '10.0.0.0/24' }] },
    [{ a: '10.0.0.255' }],
    [{ a: '10.0.1.0' }, { a: 'x' }, { a: '::1' }],
  ],
  ['cidr of IPv6', { a: [{ cidr: '2001:db8::/32' }] }, [{ a: '2001:db8:1::1' }], [{ a: '2001:db9::1' }]],
  [
    '$or',
    { $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 5] }] }], c: [1] },
    [
      { a: 'x', c: 1 },
      { b: 6, c: 1 },
    ],
    [{ a: 'x' }, { c: 1 }, { a: 'y', b: 5, c: 1 }],
  ],
  [
    'elements of an array of objects',
    { list: { k: ['a'], v: [1] } },
    [
      {
        list: [
          { k: 'b', v: 1 },
          { k: 'a', v: 1 },
        ],
      },
    ],
    [
      {
        list: [
          { k: 'a', v: 2 },
          { k: 'b', v: 1 },
        ],
      },
      { list: [] },
    ],
  ],
])('%s', (_name, pattern, good, bad) => {
  it.each(good.map((detail) => [JSON.stringify(detail), detail]))('matches %s', (_text, detail) => {
    expect(matches(pattern, detail)).toBe(true);
  });
  it.each(bad.map((detail) => [JSON.stringify(detail), detail]))('does not match %s', (_text, detail) => {
    expect(matches(pattern, detail)).toBe(false);
  });
});

it.each([
  ['not JSON', '{', 'it is not valid JSON'],
  ['a list', '[]', 'Filter is not an object'],
  ['nothing', '{}', 'Empty objects are not allowed'],
  ['a text', '{"source":"x"}', '"source" must be an object or an array'],
  ['an empty list', '{"source":[]}', 'Empty arrays are not allowed'],
  ['a list in a list', '{"source":[["x"]]}', 'Match value must be String, number, true, false, or null'],
  ['an unknown operator', '{"source":[{"like":"x"}]}', 'Unrecognized match type like'],
  ['two operators', '{"source":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed in match expression'],
  ['a prefix of a number', '{"source":[{"prefix":1}]}', 'prefix match pattern must be a string'],
  [
    'exists with a text',
    '{"source":[{"exists":"yes"}]}',
    'exists match pattern must be either true or false.',
  ],
  ['numeric without a list', '{"a":[{"numeric":5}]}', 'Value of numeric must be an array.'],
  ['numeric with an odd sign', '{"a":[{"numeric":["~",5]}]}', 'Unrecognized numeric range operator: ~'],
  ['a range that is none', '{"a":[{"numeric":[">",5,"<",1]}]}', 'Bad numeric range operator'],
  ['a mask that is too long', '{"a":[{"cidr":"10.0.0.0/33"}]}', 'Malformed CIDR'],
  ['two wildcards', '{"a":[{"wildcard":"a**b"}]}', 'Consecutive wildcard characters'],
  ['mixed anything-but', '{"a":[{"anything-but":["x",1]}]}', 'mixed type is not supported'],
])('refuses %s', (_name, text, reason) => {
  expect(() => compilePattern(text)).toThrow('Event pattern is not valid. Reason: ');
  expect(() => compilePattern(text)).toThrow(reason);
});
