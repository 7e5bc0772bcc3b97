// What reading files of one kind comes to: a table function, and a value for each column.
import type { TableColumn } from '../select/analysis.js';
import type { FileCompression } from './file-compression.js';
import type { RowDeletes } from './row-deletes.js';

export interface ReadRequest {
  /** The table's own columns, without partition keys. */
  columns: readonly TableColumn[];
  /** The columns that the files were declared with: those of their partition. */
  inFile: readonly TableColumn[];
  /** Whether the query needs the column at this place. */
  isWanted(index: number): boolean;
  /** Of an Iceberg table: columns are found by these ids, in the order of `columns`. */
  fieldIds?: readonly number[];
  /** Of an Iceberg table: which rows of its files are gone. */
  deletes?: RowDeletes;
  paths: readonly string[];
  compression: FileCompression;
  /** Whether the path must be there as `reader.file`. */
  wantsFile: boolean;
}

export interface Reader {
  /** By the place of the column; undefined is null. */
  values: (string | undefined)[];
  /** Called `reader`. */
  from: string;
}
