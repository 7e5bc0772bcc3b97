// averageRecordSize and recordCount of text files, as AWS computes them.
import type { FileHead, HeadText } from './file-head.js';
import type { Counts } from './merge-schemas.js';

/**
 * The counts of a text file whose sampled records have `averageRecordSize` bytes (decompressed, at least 1): as many
 * records as would fill the object. Reproduced on public crawled tables, CSV and JSON.
 */
export function textCounts(head: FileHead, text: HeadText, averageRecordSize: number): Counts {
  const bytes =
    text.inflatedStartBytes === undefined
      ? head.sizeBytes
      : head.sizeBytes * inflation(text.inflatedStartBytes);
  return {
    sizeKey: head.sizeBytes,
    averageRecordSize,
    recordCount: Math.max(1, Math.floor(bytes / averageRecordSize)),
  };
}

/**
 * How far AWS takes a gzip file to inflate: the number of bytes that its first 512 bytes inflate to, over 1024. It is
 * far too low, which is what crawled tables show. Nobody documents it; it was inferred from 26 public crawled tables of
 * gzip CSV, where recordCount * averageRecordSize * 1024 / sizeKey comes out as a whole number every time, and that number
 * is what 512 bytes of files of that kind inflate to. One crawled gzip JSON table agrees in size; so an assumption.
 */
function inflation(inflatedStartBytes: number): number {
  return inflatedStartBytes / 1024;
}
