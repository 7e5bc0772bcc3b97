// JSON files and the tables that AWS makes of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { readJsonRecords } from './json-records.js';

describe('layouts', () => {
  test.each<[string, string, string[], number]>([
    ['one object a line', '{"a":1}\n{"a":2}\n{"a":3}\n', ['a int'], 3],
    ['no line end at the end', '{"a":1}\n{"a":2}', ['a int'], 2],
    ['CRLF', '{"a":1}\r\n{"a":2}\r\n', ['a int'], 2],
    ['objects without anything between them', '{"a":1}{"a":2}', ['a int'], 2],
    ['objects over several lines', '{\n  "a": 1\n}\n{\n  "a": 2,\n  "b": "x"\n}\n', ['a int', 'b string'], 2],
    ['one object', '{"a":{"b":[1]}}', ['a struct<b:array<int>>'], 1],
    ['an array at the top', '[{"a":1},{"a":2,"B":null}]', ['array array<struct<a:int,B:string>>'], 1],
    ['an array of numbers at the top', ' [1, 2.5]\n', ['array array<double>'], 1],
    ['a byte order mark', '\uFEFF{"a":1}', ['a int'], 1],
    ['an empty object', '{}', [], 1],
  ])('%s', (_what, content, columns, records) => {
    const schema = classifyContent(content);
    expect(schema.classification).toBe('json');
    expect(columnsOf(schema)).toEqual(columns);
    expect(schema.reasons[0]).toContain(`from ${records} JSON records`);
    expect(schema.damage).toBeUndefined();
  });

  test.each([
    ['a word', 'hello'],
    ['a number', '17'],
    ['a number behind an object', '{"a":1}\n17\n'],
    ['a comma between records', '{"a":1},\n{"a":2}\n'],
    ['single quotes', "{'a':1}"],
    ['a name without quotes', '{a:1}'],
    ['a comma at the end', '{"a":1,}'],
    ['NaN', '{"a":NaN}'],
    ['a leading plus', '{"a":+1}'],
    ['a line end within a string', '{"a":"x\ny"}'],
    ['an unknown escape', '{"a":"\\x"}'],
    ['half an escape', '{"a":"\\u12"}'],
    ['nothing but spaces', ' \n '],
    ['brackets without end', '['.repeat(100_000)],
  ])('%s is no JSON', (_what, content) => {
    expect(classifyContent(content)).toMatchObject({ classification: 'UNKNOWN', columns: [] });
  });
});

describe('types', () => {
  test.each([
    ['1', 'int'],
    ['-2147483648', 'int'],
    ['2147483647', 'int'],
    ['2147483648', 'bigint'],
    ['1655564376361', 'bigint'],
    ['9223372036854775807', 'bigint'],
    ['9223372036854775808', 'double'],
    ['1.0', 'double'],
    ['1e3', 'double'],
    ['-0.5E-7', 'double'],
    ['"x"', 'string'],
    ['"2020-01-01T00:00:00Z"', 'string'],
    ['"a \\"b\\" \\u00e9 \\\\"', 'string'],
    ['true', 'boolean'],
    ['null', 'string'],
    ['[]', 'array<string>'],
    ['[null]', 'array<string>'],
    ['[1,null,2.5]', 'array<double>'],
    ['[[1],[2147483648]]', 'array<array<bigint>>'],
    ['{}', 'struct<>'],
    ['{"LatLon":{"lat":1.5,"Lon":2}}', 'struct<LatLon:struct<lat:double,Lon:int>>'],
    ['[{"a":1},{"b":"x","a":2147483648}]', 'array<struct<a:bigint,b:string>>'],
  ])('%s is %s', (value, type) => {
    expect(columnsOf(classifyContent(`{"v":${value}}`))).toEqual([`v ${type}`]);
  });

  test.each([
    ['1', '2147483648', 'bigint'],
    ['1', '1.5', 'double'],
    ['2147483648', '1.5', 'double'],
    ['null', '7', 'int'],
    ['[]', '[1]', 'array<int>'],
    ['{"a":null}', '{"a":true}', 'struct<a:boolean>'],
    ['{"b":1}', '{"a":"x","b":2.5}', 'struct<b:double,a:string>'],
    ['"x"', '7', 'string'],
    ['true', '1', 'string'],
    ['[1]', '1', 'string'],
    ['{"a":1}', '"x"', 'string'],
    ['{"a":1}', '[1]', 'string'],
  ])('%s and %s in one column, in either order', (a, b, type) => {
    const first = columnsOf(classifyContent(`{"v":${a}}\n{"v":${b}}`));
    expect(first).toEqual([`v ${type}`]);
    const second = columnsOf(classifyContent(`{"v":${b}}\n{"v":${a}}`));
    expect([...second.join()].sort()).toEqual([...first.join()].sort());
  });
});

describe('columns', () => {
  test('stand in order of first appearance, in lower case, and paths keep the case of the file', () => {
    const schema = classifyContent('{"URL":"x","id":1}\n{"id":2,"paperId":3,"URL":null}\n');
    expect(columnsOf(schema)).toEqual(['url string', 'id int', 'paperid int']);
    expect(schema.serdeParameters).toEqual({ paths: 'URL,id,paperId' });
    expect(schema.sourceNames).toEqual(['URL', 'id', 'paperId']);
    expect(schema.formatParameters).toEqual({});
  });

  test('keys that differ only in case share a column', () => {
    const schema = classifyContent('{"Id":1,"id":2.5}');
    expect(columnsOf(schema)).toEqual(['id double']);
    expect(schema.serdeParameters.paths).toBe('Id,id');
  });

  test('a key is the same however it is written', () => {
    expect(columnsOf(classifyContent('{"caf\\u00e9":1}\n{"café":2.5}\n{"caf\\u00e9":3}'))).toEqual([
      'café double',
    ]);
  });

  test('an array at the top has the path array', () => {
    expect(classifyContent('[{"a":1}]').serdeParameters).toEqual({ paths: 'array' });
  });
});

describe('counts: bytes over records, and as many records as fill the file', () => {
  test('one object of 273 bytes', () => {
    const markers = {
      markers: [{ name: 'Rixos The Palm Dubai', position: [25.1, 55.1], location: [25.1, 55.1] }],
    };
    const text = JSON.stringify(markers);
    const content = text + ' '.repeat(273 - text.length);
    const schema = classifyContent(content);
    expect(columnsOf(schema)).toEqual([
      'markers array<struct<name:string,position:array<double>,location:array<double>>>',
    ]);
    expect(schema).toMatchObject({ averageRecordSize: 273, recordCount: 1, sizeKey: 273 });
  });

  test('four records of 8 bytes and one of 12: 44 / 5 = 8, 44 / 8 = 5', () => {
    const content = '{"a":1}\n'.repeat(4) + '{"a":11111}\n';
    expect(classifyContent(content)).toMatchObject({ averageRecordSize: 8, recordCount: 5, sizeKey: 44 });
  });

  test('records behind the 1,000th make the average larger: 20,000 bytes / 1,000', () => {
    const content = '{"a":123}\n'.repeat(2000);
    expect(classifyContent(content)).toMatchObject({
      averageRecordSize: 20,
      recordCount: 1000,
      sizeKey: 20_000,
    });
  });

  test('only the first megabyte is looked at: 1,048,576 bytes / 104 whole records', () => {
    const record = `{"a":"${'x'.repeat(9991)}"}\n`;
    expect(record.length).toBe(10_000);
    const schema = classifyContent(record.repeat(300));
    // 1,048,576 / 104 = 10,082; 3,000,000 / 10,082 = 297.
    expect(schema).toMatchObject({ averageRecordSize: 10_082, recordCount: 297, sizeKey: 3_000_000 });
    expect(schema.damage).toBeUndefined();
  });
});

describe('broken and cut records', () => {
  test('half a line at the end of a file is left out, and the reason says so', () => {
    const schema = classifyContent('{"a":1}\n{"a":2}\n{"a":3,"b":"x');
    expect(schema.classification).toBe('json');
    expect(columnsOf(schema)).toEqual(['a int']);
    expect(schema.damage).toContain('ends within record 3');
    expect(schema.reasons.join(' ')).toContain('ends within record 3');
  });

  test.each([
    '{"a":1}\n{"a":2\n',
    '{"a":1}\n{"a"',
    '{"a":1}\n{"a":tru',
    '{"a":1}\n{"a":-',
    '{"a":1}\n{"a":"\\u00',
  ])('%j is one record and a half', (content) => {
    const schema = classifyContent(content);
    expect(schema.classification).toBe('json');
    expect(columnsOf(schema)).toEqual(['a int']);
  });

  test('a broken record in the middle makes the file unknown and names the place', () => {
    const schema = classifyContent('{"a":1,"b":2}\n{"a":2,"b":}\n{"a":3,"b":4}\n');
    expect(schema).toMatchObject({ classification: 'UNKNOWN', columns: [] });
    expect(schema.damage).toBe('as json, record 2 is broken at byte 25: a value is missing');
  });

  test('a megabyte that ends within a record shows nothing of it', () => {
    const record = `{"a":"${'é'.repeat(4000)}"}\n`;
    const before = Math.floor(1_048_576 / Buffer.byteLength(record));
    const schema = classifyContent(
      record.repeat(before) + `{"b":1,"a":"${'é'.repeat(9000)}"}\n` + record.repeat(9),
    );
    expect(columnsOf(schema)).toEqual(['a string']);
    expect(schema.damage).toBeUndefined();
  });

  test('a first record beyond the megabyte is no JSON to a crawler', () => {
    const schema = classifyContent(`[${'{"a":1},'.repeat(140_000)}{"a":1}]`);
    expect(schema.classification).toBe('UNKNOWN');
    expect(schema.reasons.join(' ')).toContain('does not end within the 1048576 bytes');
    expect(schema.damage).toBeUndefined();
  });

  test('every text that JSON.stringify writes is read to its end', () => {
    const record = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(fc.array(record), fc.constantFrom(0, 2), (values, indent) => {
        const text = values.map((value) => JSON.stringify(value, undefined, indent)).join('\n');
        const { recordCount, failure } = readJsonRecords(Buffer.from(text), 0, 1000);
        expect(failure).toBeUndefined();
        expect(recordCount).toBe(values.length);
      }),
    );
  });

  test('a text cut anywhere within its last record keeps the others and tells that it is cut', () => {
    const record = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(record, record, fc.nat(), (first, last, cut) => {
        const head = Buffer.from(`${JSON.stringify(first)}\n`);
        const tail = Buffer.from(JSON.stringify(last));
        const bytes = Buffer.concat([head, tail.subarray(0, 1 + (cut % (tail.length - 1)))]);
        const { recordCount, failure, objects } = readJsonRecords(bytes, 0, 1000);
        expect(recordCount).toBe(1);
        expect(failure?.isCut).toBe(true);
        expect(objects.toHiveType()).toEqual(readJsonRecords(head, 0, 1000).objects.toHiveType());
      }),
    );
  });
});
