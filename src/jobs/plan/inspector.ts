// Questions about data that the shape of a plan depends on; an engine answers them.
import type { Expression } from './expression.js';
import type { CsvFormat } from './file-format.js';
import type { Column, QueryText, Relation, ScanFile, SparkQuery } from './plan.js';

export interface Inspector {
  /** The first record of a CSV file, after `skipLines`; undefined when the file has none. */
  csvHeader(file: ScanFile, format: CsvFormat): string[] | undefined;
  /** Keys at the top of the first JSON records. */
  jsonKeys(files: readonly ScanFile[]): Promise<string[]>;
  /** Columns of JSON records, over all of them, named as their keys are. */
  jsonColumns(files: readonly ScanFile[]): Promise<Column[]>;
  /** Columns of Parquet files, over all of them. */
  parquetColumns(files: readonly ScanFile[]): Promise<Column[]>;
  /** What a query gives. @throws Error with what is wrong with the query */
  describeQuery(query: QueryText): Promise<Pick<SparkQuery, 'columns' | 'isPerRow'>>;
  /** For each condition, whether it holds in every row; nothing holds when there are no rows. */
  holdsEverywhere(relation: Relation, conditions: readonly Expression[]): Promise<boolean[]>;
}
