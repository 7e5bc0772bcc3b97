// What tables of CSV and JSON text have in common.
import type { TableFormat } from './file-schema.js';

export function textFormat(serializationLibrary: string): TableFormat {
  return {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serializationLibrary,
  };
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where the text begins: 3 behind a UTF-8 byte order mark, otherwise 0. */
export function textStart(bytes: Buffer): number {
  return bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
}

/** True when the bytes hold what no text holds. Looks at the first 8 KiB. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8192).includes(0);
}
