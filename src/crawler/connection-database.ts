// The database behind a connection of the catalog, its certificate read from the embedded buckets.
import { readFile } from 'node:fs/promises';
import type { Connection } from '@aws-sdk/client-glue';
import { connectionSettings } from '../databases/connection-settings.js';
import type { Database } from '../databases/database.js';
import { CONNECT_TIMEOUT_MS, openDatabase } from '../databases/open-database.js';
import { parseS3Uri, type ObjectStorage } from '../storage/object-storage.js';

/** @throws GluepotError naming the connection, what is wrong and what to do */
export function openConnectionDatabase(
  connection: Connection,
  { storage, signal }: { storage: ObjectStorage; signal: AbortSignal },
): Promise<Database> {
  return openDatabase(connectionSettings(connection), {
    signal,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    async readCertificate(uri) {
      const place = parseS3Uri(uri);
      if (!place) throw new Error('it is not of the form s3://bucket/key.');
      return readFile(storage.path(place.bucket, place.key), 'utf8');
    },
  });
}
