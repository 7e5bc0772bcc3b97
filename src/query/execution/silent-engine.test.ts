// An engine that never answers again: its queries end all the same, and others run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock, type ManualClock } from '../../base/clock.js';
import { randomIds } from '../../base/ids.js';
import { QUERY_CONCURRENCY_MAX } from '../../base/limits.js';
import { openCatalog } from '../../catalog/open-catalog.js';
import { openState, type State } from '../../state/state.js';
import { STATE_SCHEMAS } from '../../state-schemas.js';
import { openObjectStorage } from '../../storage/local-object-storage.js';
import type { Duckdb } from '../../tabular/duckdb.js';
import { openQueries, type Queries } from './open-queries.js';

let folder: string;
let state: State;
let clock: ManualClock;
let queries: Queries;

/** Takes statements and is not heard of again, whatever it is told. */
const SILENT: Duckdb = {
  run: () => new Promise(() => {}),
  rows: () => new Promise(() => {}),
  // eslint-disable-next-line require-yield -- there is nothing to yield
  async *chunks() {
    await new Promise(() => {});
  },
  close: () => Promise.resolve(),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-silent-'));
  clock = manualClock();
  state = openState(join(folder, 'gluepot.db'), STATE_SCHEMAS);
  const account = { clock, ids: randomIds, accountId: '123456789012', region: 'us-east-1' };
  const storage = openObjectStorage(state, { root: join(folder, 's3'), ...account });
  storage.buckets.create('lake', account.region);
  const catalog = openCatalog(state, { ...account });
  queries = openQueries(state, { catalog, storage, duckdb: SILENT, ...account, log: () => {}, graceMs: 20 });
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const start = (QueryString: string) =>
  queries.start(
    { QueryString, ResultConfiguration: { OutputLocation: 's3://lake/results/' } },
    { callerArn: 'arn:aws:iam::123456789012:root', accountId: '123456789012' },
  );

test('a query of an engine that is silent fails by its time limit, and gives its place to the next', async () => {
  const ids = Array.from({ length: QUERY_CONCURRENCY_MAX }, () => start('SELECT 1'));
  const next = start('SELECT 2');
  await expect.poll(() => ids.map((id) => queries.get(id).state)).toEqual(ids.map(() => 'RUNNING'));
  expect(queries.get(next).state).toBe('QUEUED');
  await clock.advance(31 * 60_000);
  await Promise.all(ids.map((id) => queries.ended(id)));
  for (const id of ids) {
    expect(queries.get(id)).toMatchObject({
      state: 'FAILED',
      stateChangeReason: 'Query timeout: it ran for more than 30 minutes',
    });
  }
  await expect.poll(() => queries.get(next).state).toBe('RUNNING');
  await queries.close();
});

test('a query of an engine that is silent can be stopped', async () => {
  const id = start('SELECT 1');
  await expect.poll(() => queries.get(id).state).toBe('RUNNING');
  queries.stop(id);
  await queries.ended(id);
  expect(queries.get(id).state).toBe('CANCELLED');
});
