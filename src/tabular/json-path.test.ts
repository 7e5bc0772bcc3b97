// JSON whose rows a path selects.
import { describe, expect, it, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { jsonPathClassifier } from './json-path-classifier.js';
import { parseJsonPath } from './json-path.js';

const classify = (path: string, value: unknown) =>
  classifyContent(typeof value === 'string' ? value : JSON.stringify(value), {
    classifiers: [jsonPathClassifier(path)],
  });

describe('JSON paths', () => {
  const DATA = {
    store: {
      book: [
        { title: 'A', price: 1 },
        { title: 'B', price: 2.5, Isbn: null },
      ],
      bike: { price: 9 },
    },
  };

  test.each([
    [
      '$',
      DATA,
      ['store struct<book:array<struct<title:string,price:double,Isbn:string>>,bike:struct<price:int>>'],
    ],
    ['$.store.book[*]', DATA, ['title string', 'price double', 'isbn string']],
    ['$.store.book.*', DATA, ['title string', 'price double', 'isbn string']],
    ["$['store']['bike']", DATA, ['price int']],
    ["$.store['book','bike']", DATA, ['record string']],
    ['$.store.book[0]', DATA, ['title string', 'price int']],
    ['$.store.book[-1]', DATA, ['title string', 'price double', 'isbn string']],
    ['$.store.book[0,1]', DATA, ['title string', 'price double', 'isbn string']],
    ['$.store.book[0:1]', DATA, ['title string', 'price int']],
    ['$.store.book[1:]', DATA, ['title string', 'price double', 'isbn string']],
    ['$.store.book', DATA, ['record array<struct<title:string,price:double,Isbn:string>>']],
    ['$..book[*]', DATA, ['title string', 'price double', 'isbn string']],
    ['$..price', DATA, ['record double']],
    ['$[*]', [{ a: 1 }, { b: 'x' }], ['a int', 'b string']],
    ['$[*].a', [{ a: 1 }, { a: 2 }], ['record int']],
    ['$.a', '{"a":{"x":1}}\n{"a":{"x":3000000000}}', ['x bigint']],
  ])('%s', (path, value, columns) => {
    const schema = classify(path, value);
    expect(schema).toMatchObject({ classification: 'json', formatParameters: { jsonPath: path } });
    expect(columnsOf(schema)).toEqual(columns);
  });

  it('names the keys of the rows as they are spelled', () => {
    expect(classify('$.store.book[*]', DATA).serdeParameters).toEqual({ paths: 'Isbn,price,title' });
  });

  test.each(['x', '$.', '$[', "$['a]", '$[a]', '$.a[1'])('%s cannot be read', (path) => {
    expect(() => parseJsonPath(path)).toThrow(`JSON path ${JSON.stringify(path)} cannot be read`);
  });

  it('is not asked where it selects nothing, and where the text is none', () => {
    expect(classify('$.nothing', DATA).reasons.join()).toContain('selects nothing');
    expect(classify('$[*]', 'a,b\n1,2\n').classification).toBe('UNKNOWN');
    expect(classify('$[*]', '[{"a":1},{"a" 2}]').damage).toContain('broken');
  });

  it('takes the whole rows of an array that is longer than what is looked at', () => {
    const row = { id: 1, text: 'x'.repeat(2000) };
    const schema = classify('$[*]', JSON.stringify(Array.from({ length: 1000 }, () => row)));
    expect(columnsOf(schema)).toEqual(['id int', 'text string']);
    expect(schema.damage).toBeUndefined();
  });
});
