// What a job's output files are called.
import type { OutputFormat } from '../../plan/file-format.js';

/**
 * As AWS Glue's sinks name files: `run-1699999999999-part-r-00000` (seen for CSV and JSON) and
 * `run-1699999999999-part-block-0-r-00000-snappy.parquet`.
 */
export function outputFileName(format: OutputFormat, runMs: number, index: number): string {
  const number = String(index).padStart(5, '0');
  if (format.kind === 'parquet') {
    return `run-${runMs}-part-block-0-r-${number}-${format.compression}.parquet`;
  }
  return `run-${runMs}-part-r-${number}${format.compression === 'gzip' ? '.gz' : ''}`;
}
