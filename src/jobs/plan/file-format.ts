// How rows lie in files: what a scan must know to read them and a write to make them.

export interface CsvFormat {
  kind: 'csv';
  delimiter: string;
  /** Absent when nothing is quoted. */
  quote?: string;
  escape?: string;
  /** Lines before the first record. */
  skipLines: number;
  /** Text that stands for null besides what does not fit the column's type. */
  nullText?: string;
}

export interface JsonFormat {
  kind: 'json';
  /** For each column that is in the files, the spellings of its key, the one to prefer first. */
  keys: string[][];
}

export interface ParquetFormat {
  kind: 'parquet';
}

export type FileFormat = CsvFormat | JsonFormat | ParquetFormat;

export type OutputFormat =
  | {
      kind: 'csv';
      delimiter: string;
      quote: string;
      /** Whether text is quoted even when it need not be. */
      quotesAllText: boolean;
      hasHeader: boolean;
      compression: 'none' | 'gzip';
    }
  | { kind: 'json'; compression: 'none' | 'gzip' }
  | {
      kind: 'parquet';
      compression: 'uncompressed' | 'snappy' | 'gzip' | 'lz4' | 'brotli' | 'zstd';
    };

/** As AWS Glue's sink writes by default: comma, header line, all text quoted. */
export function glueCsv(compression: 'none' | 'gzip'): OutputFormat {
  return { kind: 'csv', delimiter: ',', quote: '"', quotesAllText: true, hasHeader: true, compression };
}
