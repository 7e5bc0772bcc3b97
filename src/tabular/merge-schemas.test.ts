// Many files, one table: columns, counts, parameters, likeness.
import { describe, expect, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { formatPaths, mergeCounts, mergeFileSchemas, schemaSimilarity } from './merge-schemas.js';

describe('counts of several files', () => {
  test('the average is truncated after every file', () => {
    // 10 x 3 = 30; (30 + 11 x 3) / 6 = 10.5 -> 10; (10 x 6 + 11 x 4) / 10 = 10.4 -> 10. Truncated once it would be 10.7 -> 10.
    const files = [
      { averageRecordSize: 10, recordCount: 3, sizeKey: 30 },
      { averageRecordSize: 11, recordCount: 3, sizeKey: 33 },
      { averageRecordSize: 11, recordCount: 4, sizeKey: 44 },
    ];
    expect(mergeCounts(files)).toEqual({ averageRecordSize: 10, recordCount: 10, sizeKey: 107 });
  });

  test('their order matters', () => {
    // Forwards (9 x 1 + 10 x 1) / 2 = 9.5 -> 9, (9 x 2 + 11 x 2) / 4 = 10. Backwards (22 + 10) / 3 = 10.6 -> 10, (30 + 9) / 4 -> 9.
    const files = [
      { averageRecordSize: 9, recordCount: 1, sizeKey: 9 },
      { averageRecordSize: 10, recordCount: 1, sizeKey: 10 },
      { averageRecordSize: 11, recordCount: 2, sizeKey: 22 },
    ];
    expect(mergeCounts(files).averageRecordSize).toBe(10);
    expect(mergeCounts([...files].reverse()).averageRecordSize).toBe(9);
  });

  test('files without records leave it alone', () => {
    expect(mergeCounts([{ averageRecordSize: 0, recordCount: 0, sizeKey: 4 }])).toEqual({
      averageRecordSize: 0,
      recordCount: 0,
      sizeKey: 4,
    });
  });
});

describe('the schema of a table', () => {
  test('columns stand in order of first appearance and types merge', () => {
    const merged = mergeFileSchemas([
      classifyContent('id,amount\n1,2\n'),
      classifyContent('amount,id,note\n2.5,7,x\n'),
    ]);
    expect(columnsOf(merged)).toEqual(['id bigint', 'amount double', 'note string']);
  });

  test('a column that is empty in one file has the type of the other', () => {
    const merged = mergeFileSchemas([classifyContent('id,n\n1,\n2,\n'), classifyContent('id,n\n3,4\n')]);
    expect(columnsOf(merged)).toEqual(['id bigint', 'n bigint']);
  });

  test('counts merge file by file', () => {
    const merged = mergeFileSchemas([
      // Lines of 3, 3 and 5 bytes: 11 / 3 = 3; 14 bytes / 3 = 4 records.
      classifyContent('a,b\n1,2\n33,44\n'),
      // Lines of 3 and 10 bytes: 13 / 2 = 6; 15 bytes / 6 = 2 records.
      classifyContent('a,b\n5555555,66\n'),
    ]);
    // (3 x 4 + 6 x 2) / 6 = 4.
    expect(merged).toMatchObject({ averageRecordSize: 4, recordCount: 6, sizeKey: 29 });
  });

  test('paths are the keys of all files, sorted by code, upper case first', () => {
    const merged = mergeFileSchemas([classifyContent('{"b":1,"a":2}'), classifyContent('{"Z":1,"a":3}')]);
    expect(merged.serdeParameters).toEqual({ paths: 'Z,a,b' });
    expect(columnsOf(merged)).toEqual(['b int', 'a int', 'z int']);
    expect(formatPaths(['paper_id', 'URL', 'ADDRESS'])).toBe('ADDRESS,URL,paper_id');
  });

  test('a quoted cell over several lines in any file marks the table as quoted', () => {
    const merged = mergeFileSchemas([
      classifyContent('a,b\n1,2\n'),
      classifyContent('a,b\n1,"two\nlines"\n'),
    ]);
    expect(merged.formatParameters).toMatchObject({ areColumnsQuoted: 'true', delimiter: ',' });
  });

  test('damage of one file is not the table damaged', () => {
    const damaged = classifyContent('{"a":1}\n{"a":');
    expect(damaged.damage).toBeDefined();
    expect(mergeFileSchemas([damaged, classifyContent('{"a":2}')]).damage).toBeUndefined();
  });

  test('no schema at all is a mistake of the caller', () => {
    expect(() => mergeFileSchemas([])).toThrow('needs at least one schema');
  });
});

describe('likeness of two schemas, a guess: shared column names over all of them', () => {
  const csv = (header: string) => classifyContent(`${header}\n${header.replaceAll(/[^,]+/g, '1')}\n`);
  test.each([
    ['a,b,c', 'a,b,c', 1],
    ['a,b,c', 'a,b,d', 0.5],
    ['a,b,c,d', 'a,b,c', 0.75],
    ['a,b', 'c,d', 0],
  ])('%s and %s: %d', (a, b, similarity) => {
    expect(schemaSimilarity(csv(a), csv(b))).toBe(similarity);
  });

  test('files of different kinds are not alike', () => {
    expect(schemaSimilarity(classifyContent('a,b\n1,2\n'), classifyContent('a;b\n1;2\n'))).toBe(0);
    expect(schemaSimilarity(classifyContent('a,b\n1,2\n'), classifyContent('{"a":1,"b":2}'))).toBe(0);
  });
});
