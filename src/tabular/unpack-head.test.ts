// Files that other programs compressed, read from their start.
import { describe, expect, it, test } from 'vitest';
import { classifyContent, columnsOf, writeTableFile } from '../../test/tabular/table-file.js';
import { PACKED_CSV, ZIP_OF_TWO } from '../../test/tabular/packed-files.js';
import { classifyFile } from './classify-file.js';

const COLUMNS = ['id bigint', 'name string', 'price double'];
const classifyKey = (content: Buffer, key: string) =>
  classifyFile({ path: writeTableFile(content), key, size: content.length });

describe('compressed files', () => {
  test.each([
    ['bzip2', PACKED_CSV.bzip2, 'a.csv.bz2'],
    ['zip', PACKED_CSV.zip, 'a.zip'],
    ['lz4', PACKED_CSV.lz4, 'a.csv.lz4'],
    ['snappy', PACKED_CSV.snappyFrames, 'a.csv.sz'],
    ['snappy', PACKED_CSV.snappyHadoop, 'a.csv.snappy'],
  ])('%s is read', (compressionType, content, key) => {
    const schema = classifyKey(content, key);
    expect(schema).toMatchObject({
      classification: 'csv',
      compressionType,
      sizeKey: content.length,
      averageRecordSize: 12,
      // A guess: as many records as would fill the stored file. Only gzip is known to differ.
      recordCount: Math.floor(content.length / 12),
    });
    expect(columnsOf(schema)).toEqual(COLUMNS);
    expect(schema.reasons.join(' ')).toContain('from 402 records');
    expect(schema.damage).toBeUndefined();
  });

  it('of several members is UNKNOWN, and says why', () => {
    const schema = classifyContent(ZIP_OF_TWO);
    expect(schema).toMatchObject({ classification: 'UNKNOWN', compressionType: 'zip' });
    expect(schema.damage).toContain('it holds 2 files');
  });

  it('in Zstandard is UNKNOWN, and says why', () => {
    const schema = classifyContent(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0]));
    expect(schema).toMatchObject({ classification: 'UNKNOWN', compressionType: 'zstd' });
    expect(schema.reasons).toEqual(['Its zstd compression is not read.']);
  });

  // Every file cut at every place, and with every byte changed: never an exception, never a hang.
  test.each(Object.entries(PACKED_CSV))('%s cut or broken anywhere never throws', (name, content) => {
    const key = name === 'snappyHadoop' ? 'a.snappy' : 'a';
    const step = Math.max(1, Math.floor(content.length / 60));
    for (let at = 0; at < content.length; at += step) {
      expect(classifyKey(content.subarray(0, at + 1), key).sizeKey).toBe(at + 1);
      const broken = Buffer.from(content);
      broken[at] = broken[at]! ^ 0xff;
      expect(classifyKey(broken, key).sizeKey).toBe(content.length);
    }
  });
});
