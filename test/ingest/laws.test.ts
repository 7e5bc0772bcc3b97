// Laws of ingesting: whatever happens to the source and to runs, the output becomes the source, and is never half of it.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runIngest } from '../../src/toolkit/ingest/index.js';
import { crashingClients, type Crash } from './crashing-clients.js';
import { openIngestFixture, ORDERS, type IngestFixture, type Row } from './ingest-fixture.js';
import { byChance } from '../law.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const SETTINGS = {
  key: ['id'],
  lookback: '2h',
  reconcileDeletes: { maxPercent: 100 },
} as const;

type Act =
  | { kind: 'put'; id: number; name: string; lateMinutes: number }
  | { kind: 'delete'; id: number }
  | { kind: 'duplicate'; id: number }
  | { kind: 'addColumn' };

const id = fc.integer({ min: 1, max: 8 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      id,
      name: fc.string({ maxLength: 3 }),
      lateMinutes: fc.constantFrom(0, 0, 5, 60),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('duplicate' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('addColumn' as const) }) },
);
const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({
    call: fc.integer({ min: 1, max: 24 }),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  { nil: undefined },
);
const rounds = fc.array(fc.record({ acts: fc.array(act, { maxLength: 6 }), crash }), {
  minLength: 2,
  maxLength: 4,
});

interface Source {
  rows: Map<number, Row>;
  /** The newest time that a row of each id ever had: one that comes back with an older one loses against the one that was stored. */
  times: Map<number, string>;
  /** Older states that stand in the files beside the newest. */
  older: Row[];
  hasExtra: boolean;
  now: () => Date;
}

function apply(source: Source, change: Act): void {
  const text = (date: Date) => date.toISOString().slice(0, 19).replace('T', ' ');
  switch (change.kind) {
    case 'put': {
      const late = text(new Date(source.now().getTime() - change.lateMinutes * 60_000));
      const before = source.times.get(change.id) ?? late;
      const updated_at = before > late ? before : late;
      source.times.set(change.id, updated_at);
      const row: Row = { id: change.id, name: change.name, updated_at };
      source.rows.set(change.id, source.hasExtra ? { ...row, extra: change.name.length } : row);
      break;
    }
    case 'delete':
      source.rows.delete(change.id);
      source.older = source.older.filter((row) => row.id !== change.id);
      break;
    case 'duplicate': {
      const row = source.rows.get(change.id);
      if (row) source.older.push({ ...row, name: 'older', updated_at: '2020-01-01 00:00:00' });
      break;
    }
    case 'addColumn':
      source.hasExtra = true;
  }
}

const model = ({ rows, hasExtra }: Source, columns: 3 | 4): Row[] =>
  [...rows.values()]
    .map((row) => (columns === 4 ? { extra: null, ...row } : row))
    .map(({ id, name, updated_at, extra }) =>
      hasExtra && columns === 4 ? { id, name, updated_at, extra: extra ?? null } : { id, name, updated_at },
    )
    .sort((one, other) => (one.id as number) - (other.id as number)) as Row[];

it(
  'ends equal to the source after any inserts, updates, deletes, late and equal times, new columns and crashes',
  { timeout: 120_000 },
  async () => {
    let tables = 0;
    await fc.assert(
      fc.asyncProperty(rounds, async (given) => {
        const name = `t${++tables}`;
        await lake.defineTable(name);
        const source: Source = {
          rows: new Map(),
          times: new Map(),
          older: [],
          hasExtra: false,
          now: () => lake.clock.now(),
        };
        let seen: Row[] = [];
        for (const round of given) {
          await lake.clock.advance(600_000);
          const hadExtra = source.hasExtra;
          for (const change of round.acts) apply(source, change);
          if (source.hasExtra && !hadExtra) {
            const Columns = [...ORDERS, { Name: 'extra', Type: 'int' }];
            const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: name });
            await lake.clients.glue.updateTable({
              DatabaseName: 'shop',
              TableInput: { Name: name, StorageDescriptor: { ...Table?.StorageDescriptor, Columns } },
            });
          }
          await lake.setRows(name, [...source.rows.values(), ...source.older]);
          if (round.crash) {
            const dying = crashingClients(lake.aws, lake.store, round.crash);
            await runIngest(lake.spec({ ...SETTINGS, include: [name] } as never), dying.clients, {
              clock: lake.clock,
              store: dying.store,
            }).catch((error: unknown) => expect(String(error)).toContain('dead'));
            const after = await lake.read(name).catch(() => []);
            const possible = [seen, model(source, 3), model(source, 4)].map((rows) => withoutExtra(rows));
            expect(possible).toContainEqual(withoutExtra(after));
          }
          const report = await lake.run({ ...SETTINGS, include: [name] } as never);
          expect(report.tables.map(({ status, reason }) => `${status}: ${reason}`)).not.toContainEqual(
            expect.stringContaining('failed'),
          );
          seen = await lake.read(name);
          expect(withoutExtra(seen)).toEqual(withoutExtra(model(source, 3)));
          if (seen.some((row) => 'extra' in row)) expect(seen).toEqual(model(source, 4));
        }
      }),
      // To make a failure smaller takes longer than a test may.
      { ...byChance({ numRuns: 8, seed: 20_261_122 }), endOnFailure: true },
    );
  },
);

const withoutExtra = (rows: readonly Row[]) =>
  rows.map(({ id, name, updated_at }) => ({ id, name, updated_at }));

it('leaves one winner when runs meet on a table, and loses nothing', { timeout: 60_000 }, async () => {
  await lake.defineTable('raced');
  const row = (at: number, name: string, day: string) => ({
    id: at,
    name,
    updated_at: `2024-01-0${day} 00:00:00`,
  });
  await lake.setRows('raced', [row(1, 'a', '1'), row(2, 'b', '1')]);
  await lake.run({ key: ['id'], include: ['raced'] });
  await lake.setRows('raced', [row(1, 'a2', '2'), row(2, 'b', '1'), row(3, 'c', '2')]);
  const runs = await Promise.all([1, 2, 3].map(() => lake.run({ key: ['id'], include: ['raced'] })));
  const ends = runs.flatMap(({ tables }) => tables);
  expect(ends.filter(({ status }) => status === 'loaded')).toHaveLength(1);
  for (const end of ends) if (end.status === 'failed') expect(end.kind).toBe('conflict');
  expect(await lake.read('raced')).toEqual([row(1, 'a2', '2'), row(2, 'b', '1'), row(3, 'c', '2')]);
});

it(
  'finishes or discards a run that died at any call, and readers see the old or the new table',
  { timeout: 120_000 },
  async () => {
    const row = (at: number, name: string, day: string) => ({
      id: at,
      name,
      updated_at: `2024-01-0${day} 00:00:00`,
    });
    const before = [row(1, 'a', '1'), row(2, 'b', '1')];
    const after = [row(1, 'a2', '2'), row(2, 'b', '1'), row(3, 'c', '2')];
    let wasReached = true;
    let finished = 0;
    for (let call = 1; wasReached; call++) {
      const name = `step${call}`;
      await lake.defineTable(name);
      await lake.setRows(name, before);
      await lake.run({ key: ['id'], include: [name] });
      await lake.setRows(name, after);
      // Before each call all is as it is behind the one before it: no state between two calls is left out.
      const dying = crashingClients(lake.aws, lake.store, { call, when: 'before' });
      await runIngest(lake.spec({ key: ['id'], include: [name] }), dying.clients, {
        clock: lake.clock,
        store: dying.store,
      }).catch((error: unknown) => expect(String(error)).toContain('dead'));
      wasReached = dying.calls() >= call;
      const seen = await lake.read(name);
      expect([before, after]).toContainEqual(seen);
      const report = await lake.run({ key: ['id'], include: [name] });
      if (report.tables[0]?.warnings.some((text) => text.includes('finished first'))) finished++;
      expect(await lake.read(name)).toEqual(after);
      const again = await lake.run({ key: ['id'], include: [name] });
      expect(again.tables).toMatchObject([{ status: 'unchanged' }]);
    }
    expect(finished).toBeGreaterThan(1);
  },
);
