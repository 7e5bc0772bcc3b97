// Documents: ranges of keys, pages, and what becomes of dates and odd names.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentsSchema, openDocuments, parseDocument, stringifyDocument } from './documents.js';
import { openState } from './state.js';

const open = () => openDocuments<unknown>(openState(':memory:', [documentsSchema]), 'kind');
const keysOf = (list: { key: string }[]) => list.map(({ key }) => key);

describe('documents', () => {
  it('are put, replaced, got and deleted by kind and key', () => {
    const state = openState(':memory:', [documentsSchema]);
    const cats = openDocuments<{ name: string }>(state, 'cat');
    const dogs = openDocuments<{ name: string }>(state, 'dog');
    cats.put('a', { name: 'first' });
    cats.put('a', { name: 'second' });
    dogs.put('a', { name: 'Rex' });
    expect(cats.get('a')).toEqual({ name: 'second' });
    expect(cats.delete('a')).toBe(true);
    expect(cats.delete('a')).toBe(false);
    expect(cats.get('a')).toBeUndefined();
    expect(dogs.get('a')).toEqual({ name: 'Rex' });
  });

  it('are listed by prefix, whatever character follows it', () => {
    const documents = open();
    const keys = ['a', 'a/', 'a/\u0001', 'a/z', 'a/\uffff', 'a/\u{10ffff}', 'a/\u{10ffff}x', 'a0', 'b'];
    for (const key of keys) documents.put(key, {});
    expect(keysOf(documents.list({ prefix: 'a/' }))).toEqual(keys.slice(1, 7));
    expect(keysOf(documents.list({ prefix: 'a/\u{10ffff}' }))).toEqual(keys.slice(5, 7));
    expect(keysOf(documents.list({ prefix: 'a/', after: 'a/z', count: 2 }))).toEqual(keys.slice(4, 6));
    expect(keysOf(documents.list({ after: 'a0' }))).toEqual(['b']);
    expect(documents.list({ count: 0 })).toEqual([]);
  });
});

// Whole code points: a key is UTF-8 text in the file.
const key = fc.string({
  unit: fc.constantFrom('a', 'b', '/', '\ud7ff', '\ue000', '\u{10ffff}'),
  maxLength: 4,
});
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

it('pages of a prefix, put together, are the keys that begin with it, in the order of their bytes', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 12 }),
      key,
      fc.integer({ min: 1, max: 4 }),
      (keys, prefix, count) => {
        const documents = open();
        for (const each of keys) documents.put(each, {});
        const walked: string[] = [];
        for (;;) {
          const page = keysOf(documents.list({ prefix, count, after: walked.at(-1) ?? '' }));
          walked.push(...page);
          if (page.length < count) break;
        }
        const expected = keys.filter((each) => each !== '' && each.startsWith(prefix)).sort(byBytes);
        expect(walked).toEqual(expected);
      },
    ),
  );
});

describe('the text of a document', () => {
  it.each([
    ['dates', { at: new Date('2024-05-01T10:00:00.123Z'), deep: [{ at: new Date(0) }] }],
    ['members that look like a date', { tags: { $date: 'today', $$date: 7, $dates: 1 } }],
    ['a member that looks like a date beside one', { $date: { at: new Date(5) } }],
    ['members with names of JavaScript', JSON.parse('{"__proto__":"p","constructor":"c"}') as object],
  ])('brings back %s', (_case, document) => {
    expect(parseDocument(stringifyDocument(document))).toEqual(document);
  });

  it('brings back any JSON with dates in it', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('$date', '$$date', '__proto__', 'toJSON'));
    const { document } = fc.letrec((tie) => ({
      document: fc.oneof(
        { maxDepth: 4 },
        fc.date({ noInvalidDate: true }),
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('document'), { maxLength: 3 }),
        fc.dictionary(name, tie('document'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(document, (value) => {
        expect(parseDocument(stringifyDocument(value))).toEqual(value);
      }),
    );
  });
});
