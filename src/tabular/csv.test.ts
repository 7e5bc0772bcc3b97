// CSV files and the tables that AWS makes of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { splitCsvRecords } from './csv-records.js';
import { BIGINT, BOOLEAN, csvCellKind, DOUBLE, EMPTY, STRING } from './csv-types.js';

describe('delimiter', () => {
  test.each([',', '|', '\t', ';', '\u0001'])('%j is found', (delimiter) => {
    const schema = classifyContent(`id,name\n1,x\n2,y\n`.replaceAll(',', delimiter));
    expect(schema.classification).toBe('csv');
    expect(schema.formatParameters).toEqual({
      areColumnsQuoted: 'false',
      columnsOrdered: 'true',
      delimiter,
      'skip.header.line.count': '1',
    });
    expect(schema.serdeParameters).toEqual({ 'field.delim': delimiter });
    expect(columnsOf(schema)).toEqual(['id bigint', 'name string']);
  });

  test('the one that gives the steadiest number of columns wins', () => {
    expect(classifyContent('a;b\n1,5;2,5\n3,5;"4"\n').formatParameters.delimiter).toBe(';');
    expect(classifyContent('name\tplace\nDoe, J\t1\nRoe\t2\n').formatParameters.delimiter).toBe('\t');
  });

  test('of two equally steady ones the first in the order of AWS wins', () => {
    expect(classifyContent('a;b,c;d\n1;2,3;4\n').formatParameters.delimiter).toBe(',');
    expect(classifyContent('a;b,c;d\n1;2,3;4\n5;6,7;8\nx\n').formatParameters.delimiter).toBe(',');
  });

  test.each([
    ['one column', 'id\n1\n2\n'],
    ['one row', 'id,name\n'],
    ['prose', 'It was a bright day.\nThe clocks, as ever, struck.\nThirteen.\nNobody\n'],
    ['nothing but line ends', '\n\n\n'],
  ])('%s is no CSV', (_what, content) => {
    const schema = classifyContent(content);
    expect(schema.classification).toBe('UNKNOWN');
    expect(schema.columns).toEqual([]);
    expect(schema.reasons.join('\n')).toContain('at least two columns and two rows');
  });
});

test('JSON that breaks off in the middle is no CSV, for all its commas', () => {
  const schema = classifyContent('{"a":1,"b":2}\n{"a":1,"b":oops}\n{"a":3,"b":4}\n');
  expect(schema).toMatchObject({ classification: 'UNKNOWN', columns: [] });
});

describe('header', () => {
  test.each([
    ['names and a number below', 'id,name\n1,x\n', ['id bigint', 'name string']],
    [
      'names in mixed case and with odd characters',
      'RowID,Who #X, Fécha de\n1,2,3\n',
      ['rowid bigint', 'who #x bigint', 'fécha de bigint'],
    ],
    ['quoted names', '"ID","a ""b"""\n1,"x"\n', ['id bigint', 'a "b" string']],
    ['a number in one row of a column of text', 'code,place\nA,x\n7,y\n', ['code string', 'place string']],
    ['a date column only, which is text', 'day,place\n2020-01-01,x\n', ['col0 string', 'col1 string']],
    ['nothing but text', 'team,city\nA,Ulm\nB,Bonn\n', ['col0 string', 'col1 string']],
    ['a number in the first row', 'id,2020\n1,5\n2,6\n', ['col0 string', 'col1 bigint']],
    ['a boolean in the first row', 'true,x\nfalse,3\n', ['col0 boolean', 'col1 string']],
    ['an empty cell before the last', 'id,,x\n1,2,3\n', ['col0 string', 'col1 bigint', 'col2 string']],
    ['a trailing delimiter in every line', 'id,n,\n1,2,\n3,4,\n', ['id bigint', 'n bigint']],
    ['an empty last cell above values', 'id,n,\n1,2,5\n', ['id bigint', 'n bigint', 'col2 bigint']],
    ['a name twice', 'id,n,ID\n1,2,x\n', ['id bigint', 'n bigint', 'col2 string']],
    [
      'a name twice, whose stand-in is taken',
      'col2,n,n\n1,2,x\n',
      ['col2 bigint', 'n bigint', 'col2_ string'],
    ],
    [
      'rows longer than the header',
      'id,n\n1,2\n3,4,x,5\n5,6\n',
      ['id bigint', 'n bigint', 'col2 string', 'col3 bigint'],
    ],
    ['rows shorter than the header', 'id,n,x\n1,2,3\n4\n5,6,7\n', ['id bigint', 'n bigint', 'x bigint']],
    ['a control character in a name', 'i\u0007d,n\n1,x\n', ['col0 string', 'col1 string']],
    ['a byte order mark', '\uFEFFid,n\n1,2\n', ['id bigint', 'n bigint']],
  ])('%s', (_what, content, columns) => {
    const schema = classifyContent(content);
    expect(columnsOf(schema)).toEqual(columns);
    const isHeader = !columns[0]!.startsWith('col0');
    expect(schema.formatParameters['skip.header.line.count']).toBe(isHeader ? '1' : undefined);
  });

  test.each([
    [149, 'string'],
    [150, undefined],
  ])('a first name of %d characters', (length, type) => {
    const name = 'n'.repeat(length);
    const schema = classifyContent(`${name},b\nx,2\n`);
    expect(columnsOf(schema)[0]).toBe(type ? `${name} ${type}` : 'col0 string');
  });

  test.each([
    [150, 'id bigint'],
    [151, 'col0 string'],
  ])('a last name of %d characters', (length, first) => {
    expect(columnsOf(classifyContent(`id,${'n'.repeat(length)}\n1,2\n`))[0]).toBe(first);
  });

  test('sourceNames keep the case of the file', () => {
    expect(classifyContent('RowID,Name\n1,x\n').sourceNames).toEqual(['RowID', 'Name']);
  });
});

describe('type of a cell', () => {
  test.each([
    ['1', BIGINT],
    ['-17', BIGINT],
    ['+17', BIGINT],
    [' 42 ', BIGINT],
    ['"42"', BIGINT],
    ['007', BIGINT],
    ['9223372036854775807', BIGINT],
    ['-9223372036854775808', BIGINT],
    ['9223372036854775808', DOUBLE],
    ['1.5', DOUBLE],
    ['.5', DOUBLE],
    ['5.', DOUBLE],
    ['-1e10', DOUBLE],
    ['1.5E-3', DOUBLE],
    ['1e', STRING],
    ['.', STRING],
    ['-', STRING],
    ['---', STRING],
    ['1.2.3', STRING],
    ['1,5', STRING],
    ['2020-01-01', STRING],
    ['10:30', STRING],
    ['true', BOOLEAN],
    ['FALSE', BOOLEAN],
    ['True', BOOLEAN],
    ['truer', STRING],
    ['yes', STRING],
    ['', EMPTY],
    ['   ', EMPTY],
    ['""', EMPTY],
    ['"', STRING],
    ['abc', STRING],
  ])('%j', (cell, kind) => {
    const bytes = Buffer.from(`<${cell}>`);
    expect(csvCellKind(bytes, 1, bytes.length - 1)).toBe(kind);
  });

  test('integers are bigint as JavaScript sees them, whatever their size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => {
        const bytes = Buffer.from(String(value));
        const fits = value >= -(2n ** 63n) && value < 2n ** 63n;
        expect(csvCellKind(bytes, 0, bytes.length)).toBe(fits ? BIGINT : DOUBLE);
      }),
    );
  });

  test.each([
    ['integers and decimals', '1\n2.5', 'double'],
    ['integers and nothing', '1\n\n', 'bigint'],
    ['numbers and words', '1\n---', 'string'],
    ['booleans and numbers', 'true\n1', 'string'],
    ['nothing at all', '\n', 'string'],
  ])('a column of %s', (_what, cells, type) => {
    const rows = cells.split('\n').map((cell) => `7,${cell},x`);
    expect(columnsOf(classifyContent(['id,value,note', ...rows].join('\n')))[1]).toBe(`value ${type}`);
  });
});

describe('records', () => {
  const cut = (text: string, isWhole = true) => {
    const bytes = Buffer.from(text);
    const { cells, firstCells, recordBytes } = splitCsvRecords(bytes, 0, 0x2c, isWhole, 1000);
    return recordBytes.map((_size, record) => {
      const row: string[] = [];
      for (let cell = firstCells[record]!; cell < firstCells[record + 1]!; cell += 2) {
        row.push(bytes.toString('utf8', cells[cell], cells[cell + 1]));
      }
      return row;
    });
  };

  test.each<[string, string, string[][]]>([
    [
      'CRLF ends lines too',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a delimiter at the end', 'a,', [['a', '']]],
    [
      'empty lines are skipped',
      '\na,b\n\r\nc,d\n\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a quoted delimiter', '"a,b",c\n', [['"a,b"', 'c']]],
    [
      'a quoted line end',
      'a,"b\nc"\nd,e\n',
      [
        ['a', '"b\nc"'],
        ['d', 'e'],
      ],
    ],
    ['doubled quotes', '"a""b,",c\n', [['"a""b,"', 'c']]],
    ['spaces before a quote', 'a, "b,c"\n', [['a', ' "b,c"']]],
    [
      'a quote within a cell',
      '5" pipe,3\n6" pipe,4\n',
      [
        ['5" pipe', '3'],
        ['6" pipe', '4'],
      ],
    ],
    ['text behind a closing quote', '"a"x,b\n', [['"a"x', 'b']]],
    [
      'a quote that is never closed',
      'a,"b\nc,d\ne,f\n',
      [
        ['a', '"b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'lines that start with #',
      '#x,y\na,b\n# z\nc,#d\n',
      [
        ['a', 'b'],
        ['c', '#d'],
      ],
    ],
  ])('%s', (_what, text, records) => {
    expect(cut(text)).toEqual(records);
  });

  test.each<[string, string, string[][]]>([
    ['within a record', 'a,b\nc,d', [['a', 'b']]],
    ['within a quoted cell', 'a,b\nc,"d\ne,f', [['a', 'b']]],
    [
      'behind a line end',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('a text that is cut %s has no half record', (_what, text, records) => {
    expect(cut(text, false)).toEqual(records);
  });

  test('cells that were quoted by the book are found again', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', '#', 'é'), maxLength: 6 });
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (rows) => {
        const text = rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('');
        expect(cut(text)).toEqual(rows.map((row) => row.map(quote)));
      }),
    );
  });
});

describe('parameters', () => {
  test('comments give commentCharacter and are no records', () => {
    const schema = classifyContent('#Version: 1.0\n#Fields: a b\nx\t1\ny\t2\n');
    expect(schema.formatParameters).toMatchObject({ commentCharacter: '#', delimiter: '\t' });
    expect(columnsOf(schema)).toEqual(['col0 string', 'col1 bigint']);
  });

  test('a line of a quoted text that starts with # counts as a comment line, as in crawled tables', () => {
    const schema = classifyContent('id,text\n1,"one\n# two"\n2,three\n');
    expect(schema.formatParameters).toMatchObject({ commentCharacter: '#', areColumnsQuoted: 'true' });
    expect(columnsOf(schema)).toEqual(['id bigint', 'text string']);
  });

  test('quoted cells alone do not make areColumnsQuoted true', () => {
    const schema = classifyContent('"id","text"\n1,"one, two"\n');
    expect(schema.formatParameters.areColumnsQuoted).toBe('false');
    expect(schema.format?.serializationLibrary).toBe('org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe');
  });
});

describe('counts: the average of the first three lines, and as many records as fill the file', () => {
  test.each([
    // 16 + 13 + 13 = 42 / 3 = 14; 87 / 14 = 6.2.
    [
      'six lines',
      `tx_id,amount_eur\n${[1, 2, 3, 4, 5].map((n) => `tx-000${n},${n}0.50`).join('\n')}\n`,
      14,
      6,
    ],
    // (3 + 3 + 9) / 3 = 5; 4 + 4 + 10 + 6 = 24 / 5 = 4.8.
    ['line ends that do not count', 'a,b\n1,2\n3333,4444\n55,66\n', 5, 4],
    // The same lines: 28 bytes / 5 = 5.6.
    ['CRLF, which does not count either', 'a,b\r\n1,2\r\n3333,4444\r\n55,66\r\n', 5, 5],
    // (3 + 6) / 2 = 4; 11 / 4 = 2.75.
    ['two lines', 'a,b\n11,222\n', 4, 2],
    // 'é,b' has 4 bytes: (4 + 3 + 3) / 3 = 3; 13 / 3 = 4.3.
    ['characters of two bytes', 'é,b\n1,2\n3,4\n', 3, 4],
    // Records of 3, 9 ('1,"x' + line end + 'yyy"') and 3 bytes: 15 / 3 = 5; 18 / 5 = 3.6.
    ['a record of two lines', 'a,b\n1,"x\nyyy"\n2,3\n', 5, 3],
  ])('%s', (_what, content, averageRecordSize, recordCount) => {
    const sizeKey = Buffer.byteLength(content);
    expect(classifyContent(content)).toMatchObject({ averageRecordSize, recordCount, sizeKey });
  });
});

describe('the sample', () => {
  test('a type that changes behind the 1,000th record is not seen', () => {
    const rows = Array.from({ length: 999 }, (_, row) => `${row},1`);
    expect(columnsOf(classifyContent(['id,n', ...rows, '1000,x'].join('\n')))).toEqual([
      'id bigint',
      'n bigint',
    ]);
    expect(columnsOf(classifyContent(['id,n', ...rows.slice(1), '1000,x'].join('\n')))).toEqual([
      'id bigint',
      'n string',
    ]);
  });

  test('a record that the first megabyte cuts is not seen, nor half a character in it', () => {
    const row = (value: string) => `1,${'é'.repeat(5000)},${value}\n`;
    const rows = Array.from({ length: 120 }, () => row('2'));
    const lastSeen = Math.floor((1_048_576 - 7) / Buffer.byteLength(row('2')));
    const withWordAt = (index: number) => classifyContent(`id,t,n\n${rows.with(index, row('x')).join('')}`);
    expect(columnsOf(withWordAt(lastSeen))).toEqual(['id bigint', 't string', 'n bigint']);
    expect(columnsOf(withWordAt(lastSeen - 1))).toEqual(['id bigint', 't string', 'n string']);
  });
});
