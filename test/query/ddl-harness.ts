// DDL on a catalog and a storage of its own: what tests of statements are run with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steppingClock } from '../../src/base/clock.js';
import { countingIds } from '../../src/base/ids.js';
import { openCatalog } from '../../src/catalog/open-catalog.js';
import { catalogSchema } from '../../src/catalog/schema.js';
import type { DdlResult, DdlScope } from '../../src/query/ddl/ddl-scope.js';
import { runDdl } from '../../src/query/ddl/run-ddl.js';
import { parseStatement } from '../../src/query/statement/parse-statement.js';
import type { DdlBody } from '../../src/query/statement/statement.js';
import { documentsSchema } from '../../src/state/documents.js';
import { openState } from '../../src/state/state.js';
import { openObjectStorage } from '../../src/storage/local-object-storage.js';
import { storageSchema } from '../../src/storage/storage-schema.js';

export interface Ddl extends Pick<DdlScope, 'catalog' | 'storage'> {
  /** Runs a statement in the database `web`. @throws QueryFailure */
  run(text: string): Promise<DdlResult>;
  /** Writes an object into the bucket `lake`. */
  put(key: string, text?: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a catalog with a database `web` and a storage with a bucket `lake`. Every view's query has the columns of `view`. */
export async function openDdl(
  view: Awaited<ReturnType<DdlScope['viewColumns']>> = VIEW_COLUMNS,
): Promise<Ddl> {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-ddl-'));
  const state = openState(join(folder, 'state.sqlite'), [documentsSchema, storageSchema, catalogSchema]);
  const clock = steppingClock();
  const ids = countingIds();
  const storage = openObjectStorage(state, { root: join(folder, 's3'), clock, ids, region: 'us-east-1' });
  storage.buckets.create('lake', 'us-east-1');
  const catalog = openCatalog(state, { clock, accountId: '123456789012', region: 'us-east-1' });
  catalog.createDatabase({ Name: 'web' });
  const scope: DdlScope = {
    catalog,
    storage,
    database: 'web',
    clock,
    ids,
    callerArn: 'arn:aws:iam::123456789012:user/ana',
    viewColumns: () => Promise.resolve(view),
  };
  return {
    catalog,
    storage,
    run: (text) => runDdl(parseStatement(text) as DdlBody, scope),
    async put(key, text = '') {
      await storage.put('lake', key, Buffer.from(text));
    },
    close() {
      state.close();
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

const VIEW_COLUMNS = [
  { name: 'id', type: 'integer', hiveType: 'int' },
  { name: 'who', type: 'varchar(3)', hiveType: 'varchar(3)' },
];
