// A snapshot command's beginning and end: connect, open the store, do the work, close whatever happened.
import { join } from 'node:path';
import { GluepotError } from '../base/errors.js';
import { connect, type Connection } from '../connect.js';
import { openDocumentStore, type DocumentStore } from '../toolkit/catalog-snapshot/index.js';
import { openCallCounter, type CallCounter } from './call-counter.js';
import type { CommandContext } from './command.js';
import { connectOptions, type GlobalOptions } from './global-options.js';
import { tellSlowAnswers } from './slow-answers.js';
import type { StoreOptions } from './store-option.js';

/** Below the data directory, for the embedded AWS. */
const DEFAULT_FOLDER = 'snapshots';

/** @throws GluepotError `usage` when an account is worked on and nobody said where to keep its snapshots */
export function storeLocation({ target, dataDir }: GlobalOptions, { store }: StoreOptions): string {
  if (store !== undefined) return store;
  if (target === 'local') return join(dataDir, DEFAULT_FOLDER);
  throw new GluepotError(
    'usage',
    'Where are snapshots of this account kept? Say so with --store FOLDER, --store s3://BUCKET/PREFIX, or in GLUEPOT_SNAPSHOT_STORE.',
  );
}

export interface SnapshotSession {
  connection: Connection;
  store: DocumentStore;
  calls: CallCounter;
}

export async function withSnapshotStore<T>(
  { options, output, signal, leaves }: CommandContext,
  given: StoreOptions,
  act: (session: SnapshotSession) => Promise<T>,
): Promise<T> {
  leaves('Nothing was changed.');
  const location = storeLocation(options, given);
  const connection = await connect(connectOptions(options));
  const { glue, s3, sts } = connection.clients;
  const clients = [glue, s3, sts];
  tellSlowAnswers(clients, output.progress);
  const calls = openCallCounter(clients);
  try {
    return await act({
      connection,
      store: openDocumentStore(location, connection.clients, { signal }),
      calls,
    });
  } finally {
    await connection.close();
  }
}
