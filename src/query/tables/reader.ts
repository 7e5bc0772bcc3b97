// What reading files of one kind comes to: a table function, and a value for each column.
import type { TableColumn } from '../select/analysis.js';
import type { FileCompression } from './file-compression.js';

export interface ReadRequest {
  /** The table's own columns, without partition keys. */
  columns: readonly TableColumn[];
  /** The columns that the files were declared with: those of their partition. */
  inFile: readonly TableColumn[];
  /** Whether the query needs the column at this place. */
  isWanted(index: number): boolean;
  paths: readonly string[];
  compression: FileCompression;
  /** Whether the path must be there as FILE_COLUMN. */
  wantsFile: boolean;
}

export interface Reader {
  /** By the place of the column; undefined is null. */
  values: (string | undefined)[];
  /** Called `reader`. */
  from: string;
}
