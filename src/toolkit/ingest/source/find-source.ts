// Which kind of source a catalog table is.
import type { Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';
import { databaseSource } from './database-source.js';
import { fileSource } from './file-source.js';
import { icebergSource } from './iceberg-source.js';
import type { SourceKind } from './source-kind.js';

/** The first that reads a table is asked for it. Another kind of source: a file in this folder, and an entry here. */
const KINDS: readonly SourceKind[] = [databaseSource, icebergSource, fileSource];

/** @throws GluepotError `unsupported` when nothing reads it */
export function findSource(table: Table): SourceKind {
  const found = KINDS.find((kind) => kind.reads(table));
  if (found) return found;
  throw new GluepotError(
    'unsupported',
    `${table.DatabaseName}.${table.Name} is at ${JSON.stringify(table.StorageDescriptor?.Location ?? '')}, which cannot be read. ` +
      'Tables of files in S3 and of Iceberg can be ingested, and those that a crawl found in PostgreSQL and MySQL; exclude it.',
  );
}
