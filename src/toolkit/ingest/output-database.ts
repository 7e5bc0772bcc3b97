// Which catalog database the output of an ingest is registered in.
import type { IngestSpec } from './spec.js';

export function outputDatabaseOf(spec: Pick<IngestSpec, 'database' | 'outputDatabase'>): string {
  return spec.outputDatabase ?? `${spec.database}_parquet`;
}
