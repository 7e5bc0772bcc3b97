// Classification across formats: compression, damage, files that are no tables.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { classifyContent, columnsOf, writeTableFile } from '../../test/tabular/table-file.js';
import { BUILT_IN_CLASSIFIERS, classifyFile } from './classify-file.js';
import type { Classifier } from './classifier.js';

/** Numbers that do not compress, the same ones every time. */
const noise = (index: number) =>
  parseInt(createHash('md5').update(String(index)).digest('hex').slice(0, 10), 16);
const csvRows = (count: number) =>
  Array.from({ length: count }, (_, row) => `${row},${noise(row)},text ${row}`);
const csv = (count: number) => ['id,value,note', ...csvRows(count)].join('\n') + '\n';

describe('gzip', () => {
  test('CSV inside is csv with compressionType gzip', () => {
    const schema = classifyContent(gzipSync(csv(100)));
    expect(schema).toMatchObject({ classification: 'csv', compressionType: 'gzip' });
    expect(columnsOf(schema)).toEqual(['id bigint', 'value bigint', 'note string']);
    expect(schema.compatibilityKey).not.toBe(classifyContent(csv(100)).compatibilityKey);
  });

  test('JSON inside is json, averaged over the decompressed bytes', () => {
    const content = '{"a":1}\n'.repeat(4) + '{"a":11111}\n';
    const file = gzipSync(content);
    const schema = classifyContent(file);
    expect(schema).toMatchObject({
      classification: 'json',
      compressionType: 'gzip',
      averageRecordSize: 8,
      sizeKey: file.length,
    });
  });

  test('only the first megabyte of the content is looked at', () => {
    const file = gzipSync(csv(200_000));
    expect(file.length).toBeGreaterThan(1_048_576);
    expect(columnsOf(classifyContent(file))).toEqual(['id bigint', 'value bigint', 'note string']);
    const record = `{"a":"${'x'.repeat(9991)}"}\n`;
    expect(classifyContent(gzipSync(record.repeat(300))).averageRecordSize).toBe(10_082);
  });

  test('several members one after another are one content', () => {
    const file = Buffer.concat([gzipSync('id,n\n1,2\n'), gzipSync('3,4.5\n')]);
    expect(columnsOf(classifyContent(file))).toEqual(['id bigint', 'n double']);
  });

  // A guess: inferred from public crawled tables, documented nowhere.
  test('recordCount takes it to inflate as its first 512 bytes do, over 1024', () => {
    const content = 'a,b\n' + '1,2\n'.repeat(10_000);
    const file = gzipSync(content);
    expect(file.length).toBeLessThan(512);
    // The first 512 bytes inflate to all 40,004; 3 bytes a line: size x 40,004 / 1,024 / 3.
    const recordCount = Math.floor((file.length * 40_004) / 1024 / 3);
    expect(classifyContent(file)).toMatchObject({ averageRecordSize: 3, recordCount });
  });

  test('recordCount does not depend on what follows the first 512 bytes', () => {
    const file = gzipSync(csv(5000));
    const inflated = gunzipSync(file.subarray(0, 512), { finishFlush: constants.Z_SYNC_FLUSH }).length;
    const { averageRecordSize, recordCount } = classifyContent(file);
    expect(recordCount).toBe(Math.floor((file.length * inflated) / 1024 / averageRecordSize));
  });

  test('a small file has at least one record', () => {
    expect(classifyContent(gzipSync(`{"a":"${'x'.repeat(50)}"}`)).recordCount).toBe(1);
  });

  test('one that ends too early gives what can be read, and says so', () => {
    const file = gzipSync(csv(5000));
    const schema = classifyContent(file.subarray(0, file.length - 2000));
    expect(schema).toMatchObject({ classification: 'csv', compressionType: 'gzip' });
    expect(schema.damage).toContain('ends before its end');
  });

  test('a broken one is unknown, and says so', () => {
    const file = gzipSync(csv(5000));
    file.fill(0xff, 100, 200);
    const schema = classifyContent(file);
    expect(schema).toMatchObject({ classification: 'UNKNOWN', compressionType: 'gzip', columns: [] });
    expect(schema.damage).toContain('the gzip is broken');
  });

  test('nothing inside is unknown', () => {
    expect(classifyContent(gzipSync('')).classification).toBe('UNKNOWN');
  });

  test('a small file that inflates to gigabytes is cut off', () => {
    const file = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'a,b\n'));
    const schema = classifyContent(file);
    expect(schema).toMatchObject({ classification: 'csv', columns: [{ name: 'col0' }, { name: 'col1' }] });
  });
});

describe('files that are no tables', () => {
  test('an empty file has no schema', () => {
    const schema = classifyContent('');
    expect(schema).toMatchObject({ classification: 'UNKNOWN', columns: [], sizeKey: 0, recordCount: 0 });
    expect(schema.reasons).toEqual(['The file is empty, so it has no schema.']);
  });

  test('a binary file is unknown whatever it is called', () => {
    const bytes = Buffer.from('\x00\x01,\x02\n\x00,\x03\n', 'latin1');
    const schema = classifyFile({ path: writeTableFile(bytes, 'csv'), key: 'x.csv', size: bytes.length });
    expect(schema).toMatchObject({ classification: 'UNKNOWN', columns: [], sizeKey: bytes.length });
    expect(schema.reasons).toContain('Not csv: it holds zero bytes, so it is no text.');
    expect(schema.damage).toBeUndefined();
  });

  test.each([
    ['bzip2', 'BZh91AY&SY'],
    ['zip', 'PK\x03\x04abc'],
    ['snappy', '\xff\x06\x00\x00sNaPpYabc'],
    ['lz4', '\x04\x22\x4d\x18abc'],
  ])('a mere beginning of %s is recognised and damaged', (compressionType, magic) => {
    const schema = classifyContent(Buffer.from(magic, 'latin1'));
    expect(schema).toMatchObject({ classification: 'UNKNOWN', compressionType });
    expect(schema.damage).toContain(`the ${compressionType} `);
  });

  test('a text in Latin-1 is CSV all the same', () => {
    const schema = classifyContent(Buffer.from('id,caf\xe9\n1,2\n', 'latin1'));
    expect(columnsOf(schema)).toEqual(['id bigint', 'caf\uFFFD bigint']);
  });
});

describe('files that cannot be read', () => {
  test('a missing one is an error that names the object and the file', () => {
    const path = join(writeTableFile(''), 'missing');
    expect(() => classifyFile({ path, key: 'data/x.csv', size: 5 })).toThrow(
      /^Object data\/x\.csv could not be read from .*missing: E(NOENT|NOTDIR)/,
    );
  });

  test('a folder is one too', () => {
    const path = join(writeTableFile(''), '..');
    expect(() => classifyFile({ path, key: 'data', size: 5 })).toThrow('Object data could not be read');
  });

  test('a file that is shorter than it was listed is read as far as it goes', () => {
    const path = writeTableFile('a,b\n1,2\n3,4\n');
    expect(columnsOf(classifyFile({ path, key: 'k', size: 100 }))).toEqual(['a bigint', 'b bigint']);
  });
});

describe('classifiers', () => {
  test('are asked in the order of AWS', () => {
    expect(BUILT_IN_CLASSIFIERS.map(({ classification }) => classification)).toEqual([
      'avro',
      'orc',
      'parquet',
      'json',
      'bson',
      'xml',
      'ion',
      'combined_apache',
      'apache',
      'linux_kernel',
      'microsoft_log',
      'ruby_logger',
      'squid',
      'redismonlog',
      'redislog',
      'csv',
    ]);
  });

  test('others can be put before them', () => {
    const first: Classifier = {
      classification: 'poem',
      classify: () => ({ notBecause: 'it does not rhyme' }),
    };
    const path = writeTableFile('no table\n');
    const classifiers = [first, ...BUILT_IN_CLASSIFIERS];
    const schema = classifyFile({ path, key: 'k', size: 9 }, { classifiers });
    expect(schema.reasons[0]).toBe('Not poem: it does not rhyme.');
  });
});
