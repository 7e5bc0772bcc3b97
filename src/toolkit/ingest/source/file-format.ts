// The format of a catalog table's files, by its SerDe.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';

export type FileFormat = 'parquet' | 'json' | 'csv' | 'avro' | 'orc';

const BY_LIBRARY: readonly [library: RegExp, format: FileFormat][] = [
  [/parquet/i, 'parquet'],
  [/json/i, 'json'],
  [/OpenCSVSerde|LazySimpleSerDe|MetadataTypedColumnsetSerDe/, 'csv'],
  [/AvroSerDe/, 'avro'],
  [/OrcSerde/, 'orc'],
];

/** @throws GluepotError `unsupported` for what is not read */
export function fileFormatOf(table: Table, descriptor: StorageDescriptor): FileFormat {
  const library = descriptor.SerdeInfo?.SerializationLibrary ?? '';
  const found = BY_LIBRARY.find(([pattern]) => pattern.test(library));
  if (found) return found[1];
  throw new GluepotError(
    'unsupported',
    `${table.DatabaseName}.${table.Name} has the SerDe ${JSON.stringify(library)}. CSV, JSON, Parquet, Avro and ORC can be ` +
      'ingested; exclude the table or convert it.',
  );
}
