// What one look at one file tells: its format, its columns, and the counts that a crawler writes down.
import type { HiveType } from './hive-type.js';

export interface FileColumn {
  /** As a crawler writes it: lower-cased at the top level. */
  name: string;
  type: HiveType;
}

/** A format's entry in a table's storage descriptor. */
export interface TableFormat {
  inputFormat: string;
  outputFormat: string;
  serializationLibrary: string;
}

export interface FileSchema {
  /** `csv`, `json`, `parquet`, ... or `UNKNOWN`. */
  classification: string;
  /** `none`, `gzip`, ...: compression of the whole file, not inside it. */
  compressionType: string;
  columns: FileColumn[];
  recordCount: number;
  /** Bytes. */
  averageRecordSize: number;
  /** Size of the object in bytes. */
  sizeKey: number;
  format: TableFormat | undefined;
  serdeParameters: Record<string, string>;
  /** Table parameters of the format itself: `delimiter`, `skip.header.line.count`, `columnsOrdered`, ... */
  formatParameters: Record<string, string>;
  /** Files differ in kind when this differs: classification, compression, delimiter and the like in one string. */
  compatibilityKey: string;
  /** Top-level names as the file spells them, in order of appearance (JSON: what `paths` is made of). */
  sourceNames: string[];
  /** What is broken about the file, when something is; `UNKNOWN` with damage means that nothing of it could be read. */
  damage?: string | undefined;
  /** Why it was classified so, for people: one sentence a step. */
  reasons: string[];
}
