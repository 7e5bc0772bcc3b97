// Formats that DuckDB has no reader of: their files are decoded here and handed to it as JSON.
import { AvroError } from './avro/avro-container.js';
import { readAvroColumns, writeAvroAsJson } from './avro/avro-json.js';
import { OrcError } from './orc/orc-footer.js';
import { readOrcColumns, writeOrcAsJson } from './orc/orc-json.js';
import type { StagedColumn, Staging } from './staged-json.js';

export interface DecodedFormat {
  name: 'Avro' | 'ORC';
  columns(path: string): Promise<StagedColumn[]>;
  /** @returns how many rows were written */
  write(path: string, staging: Staging): Promise<number>;
  /** What it throws for files that cannot be read. */
  failure: typeof AvroError | typeof OrcError;
}

export const AVRO: DecodedFormat = {
  name: 'Avro',
  columns: readAvroColumns,
  write: writeAvroAsJson,
  failure: AvroError,
};

export const ORC: DecodedFormat = {
  name: 'ORC',
  columns: readOrcColumns,
  write: writeOrcAsJson,
  failure: OrcError,
};
