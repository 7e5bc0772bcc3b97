// XML files and the tables that are made of them. Types and names of attributes are guesses: no crawled table is known.
import { describe, expect, it, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { xmlClassifier } from './xml.js';

const books = (count: number) =>
  `<?xml version="1.0"?>\n<!-- books -->\n<catalog>${Array.from(
    { length: count },
    (_, index) => `<book id="b${index}"><Title>T &amp; ${index}</Title><price>${index}.5</price></book>`,
  ).join('\n')}</catalog>`;

describe('XML', () => {
  it('makes rows of the element that repeats', () => {
    const schema = classifyContent(books(3));
    expect(schema).toMatchObject({ classification: 'xml', formatParameters: { rowTag: 'book' } });
    expect(columnsOf(schema)).toEqual(['_id string', 'title string', 'price double']);
  });

  it('makes rows of the tag that a classifier names', () => {
    const content = `<catalog><book id="1"><Any><author>A</author><year>2001</year></Any></book><book id="2"><Any><author>B</author><year>1999</year></Any></book></catalog>`;
    const schema = classifyContent(content, {
      classifiers: [xmlClassifier({ classification: 'books', rowTag: 'Any' })],
    });
    expect(schema).toMatchObject({ classification: 'books', serdeParameters: { rowTag: 'Any' } });
    expect(columnsOf(schema)).toEqual(['author string', 'year bigint']);
  });

  // AWS docs: an element that closes itself is no row.
  it('leaves rows out that close themselves', () => {
    const classifiers = [xmlClassifier({ classification: 'xml', rowTag: 'row' })];
    expect(classifyContent('<a><row x="1" /></a>', { classifiers }).classification).toBe('UNKNOWN');
    expect(columnsOf(classifyContent('<a><row x="1" /><row y="2"> </row></a>', { classifiers }))).toEqual([
      '_y bigint',
    ]);
  });

  test.each([
    ['nested elements', '<r><i><p><a>1</a><b>x</b></p></i><i/></r>', 'i', ['p struct<a:bigint,b:string>']],
    ['repeated elements', '<r><i><t>1</t><t>2</t></i></r>', 'i', ['t array<bigint>']],
    ['text beside attributes', '<r><i><t u="m">1.5</t></i></r>', 'i', ['t struct<_u:string,_VALUE:double>']],
    ['CDATA', '<r><i><t><![CDATA[<b>]]></t></i></r>', 'i', ['t string']],
    ['no value at all', '<r><i><t></t></i></r>', 'i', ['t string']],
    ['numbers of both kinds', '<r><i><t>1</t></i><i><t>1.5</t></i></r>', 'i', ['t double']],
    ['true and false', '<r><i><t>true</t></i><i><t>FALSE</t></i></r>', 'i', ['t boolean']],
  ])('types %s', (_, content, rowTag, columns) => {
    const schema = classifyContent(content, {
      classifiers: [xmlClassifier({ classification: 'xml', rowTag })],
    });
    expect(columnsOf(schema)).toEqual(columns);
  });

  test.each([
    ['<a><b></a>', 'closes what is not open'],
    ['<a></a><b></b>', 'more than one root'],
    ['<a>1</a>x', 'outside of the root'],
    [`${'<a>'.repeat(300)}`, 'nested deeper'],
  ])('%s is none', (content, reason) => {
    const schema = classifyContent(content);
    expect(schema.classification).toBe('UNKNOWN');
    expect(schema.reasons.join(' ') + schema.damage).toContain(reason);
  });

  test.each([
    '<!DOCTYPE html><html><body><p>x<br>y</p></body></html>',
    '\n<!-- saved -->\n<HTML lang="en"><body><p>x<br>y</p></body></HTML>',
    '<html><head><meta charset="utf-8"></head></html>',
  ])('knows HTML from damaged XML: %s', (content) => {
    expect(classifyContent(content)).toMatchObject({ classification: 'UNKNOWN' });
    expect(classifyContent(content).damage).toBeUndefined();
    expect(classifyContent(content.replaceAll(/html/gi, 'page')).damage).toMatch(/^as xml, /);
  });

  it('takes the rows that a cut file holds whole, and says that it is cut', () => {
    const whole = books(10);
    const schema = classifyContent(whole.slice(0, whole.lastIndexOf('<price>')));
    expect(columnsOf(schema)).toEqual(['_id string', 'title string', 'price double']);
    expect(schema.damage).toContain('not closed');
  });

  it('looks at the first megabyte only', () => {
    const schema = classifyContent(books(30_000));
    expect(schema).toMatchObject({ classification: 'xml' });
    expect(schema.damage).toBeUndefined();
    expect(schema.averageRecordSize).toBe(Math.floor(1_048_576 / 1000));
  });
});
