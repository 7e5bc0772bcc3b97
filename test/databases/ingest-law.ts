// The law of ingests over a database server: whatever is written there, and wherever runs die, the output ends as the model does.
import fc from 'fast-check';
import { expect } from 'vitest';
import { runIngest, verifyTables, type IngestSpec } from '../../src/toolkit/ingest/index.js';
import { crashingClients, type Crash } from '../ingest/crashing-clients.js';
import type { IngestFixture } from '../ingest/ingest-fixture.js';
import { IngestModel, LOOKBACK_MINUTES, timeOf, type SourceRow } from '../ingest/ingest-model.js';
import { byChance, isReplay } from '../law.js';
import type { TestDatabase } from './server-process.js';

/** `keyed` has one row a key, by the server's own primary key; `history` all that a key ever was, and no such key. */
type Kind = 'keyed' | 'history';

/** What the engines spell each in their way. */
export interface Dialect {
  /** Before a table's name in that of the output. */
  prefix: string;
  timestamp: string;
  /** Between the quotes of a text. */
  escaped(text: string): string;
  /** Makes the column `amount` a bigint. */
  widen(table: string): string;
}

interface DatabaseRow extends SourceRow {
  amount: number;
  note: string | null;
}

const id = fc.integer({ min: 1, max: 5 });
const name = fc.constantFrom('a', "b'\\", 'c\n店');
/** Minutes before the round's own time: late ones within the lookback and beyond it. */
const late = fc.constantFrom(0, 0, 0, 10, LOOKBACK_MINUTES, 90);
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), id, name, late }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mark' as const), id, name, late }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('noTime' as const), id, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('addNote', 'dropNote', 'widen') }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
const crash: fc.Arbitrary<Crash> = fc.record({
  call: fc.integer({ min: 1, max: 20 }),
  when: fc.constantFrom('before' as const, 'after' as const),
});
const story = fc.record({
  kind: fc.constantFrom<Kind[]>('history', 'keyed'),
  reconciles: fc.boolean(),
  rounds: fc.array(
    fc.record({
      acts: fc.array(act, { minLength: 1, maxLength: 6 }),
      how: fc.constantFrom('once', 'once', 'crashed', 'crashed', 'together', 'full'),
      crash,
    }),
    { minLength: 3, maxLength: 4 },
  ),
});

/** A row without a time that an older mark deletes: chance seldom comes to it. */
const MARKED: typeof story extends fc.Arbitrary<infer T> ? T : never = {
  kind: 'history',
  reconciles: false,
  rounds: [
    {
      acts: [
        { kind: 'mark', id: 1, name: 'a', late: 0 },
        { kind: 'noTime', id: 1, name: "b'\\" },
        { kind: 'put', id: 2, name: 'a', late: 90 },
      ],
      how: 'once',
      crash: { call: 1, when: 'before' },
    },
    {
      acts: [{ kind: 'put', id: 2, name: 'c\n店', late: 0 }],
      how: 'once',
      crash: { call: 1, when: 'before' },
    },
    { acts: [{ kind: 'widen' }], how: 'crashed', crash: { call: 12, when: 'after' } },
  ],
};

/** One table of the server, and what it should hold. */
class SourceTable {
  rows: DatabaseRow[] = [];
  private statements: string[] = [];
  private hasNote = false;
  private isWide = false;
  private count = 0;

  constructor(
    private readonly table: string,
    private readonly kind: Kind,
    private readonly dialect: Dialect,
  ) {
    const primaryKey = kind === 'keyed' ? ' PRIMARY KEY' : '';
    this.statements.push(
      `CREATE TABLE ${table} (id int${primaryKey}, name varchar(20), updated_at ${dialect.timestamp}, gone boolean, amount int)`,
    );
  }

  perform(change: Act, now: number): void {
    switch (change.kind) {
      case 'put':
      case 'mark':
        // No two rows of a key are equally new: which of them a server gives last is its own affair.
        this.insert(change.id, change.name, now - change.late + ++this.count / 60, change.kind === 'mark');
        break;
      case 'noTime':
        this.remove(
          ({ id, at }) => id === change.id && at === null,
          `id = ${change.id} AND updated_at IS NULL`,
        );
        this.insert(change.id, change.name, null, false);
        break;
      case 'delete':
        this.remove(({ id }) => id === change.id, `id = ${change.id}`);
        break;
      case 'widen':
        this.isWide = true;
        this.statements.push(this.dialect.widen(this.table));
        break;
      case 'addNote':
      case 'dropNote':
        if (this.hasNote === (change.kind === 'addNote')) return;
        this.hasNote = !this.hasNote;
        this.rows = this.rows.map((row) => ({ ...row, note: null }));
        this.statements.push(
          `ALTER TABLE ${this.table} ${this.hasNote ? 'ADD COLUMN note varchar(10)' : 'DROP COLUMN note'}`,
        );
    }
  }

  /** What is to be done at the server since it was asked for last. */
  takeStatements(): string[] {
    return this.statements.splice(0);
  }

  private insert(rowId: number, text: string, at: number | null, gone: boolean): void {
    if (this.kind === 'keyed') this.remove(({ id }) => id === rowId, `id = ${rowId}`);
    const amount = this.isWide ? 4_000_000_000 + this.count : this.count;
    const row = { id: rowId, name: text, at, gone, amount, note: this.hasNote ? `note ${this.count}` : null };
    this.rows.push(row);
    const quoted = `'${this.dialect.escaped(text)}'`;
    const time = at === null ? 'NULL' : `'${timeOf(at)}'`;
    const note = this.hasNote ? [`'${row.note}'`] : [];
    const values = [rowId, quoted, time, gone, amount, ...note].join(', ');
    this.statements.push(
      `INSERT INTO ${this.table} (id, name, updated_at, gone, amount${this.hasNote ? ', note' : ''}) VALUES (${values})`,
    );
  }

  private remove(isGone: (row: DatabaseRow) => boolean, condition: string): void {
    this.rows = this.rows.filter((row) => !isGone(row));
    this.statements.push(`DELETE FROM ${this.table} WHERE ${condition}`);
  }
}

/** Without nulls: a file from before a column was there has no nulls of it either. */
const valuesOf = (row: object) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      // MySQL's booleans are numbers, and rows that are shown are not marked.
      .map(([column, value]) => [column, column === 'gone' ? String(Boolean(value)) : String(value)]),
  );
const outputOf = ({ at, ...row }: DatabaseRow) =>
  valuesOf({ ...row, updated_at: at === null ? null : timeOf(at) });

export async function requireIngestLaw(
  server: TestDatabase,
  lake: IngestFixture,
  dialect: Dialect,
): Promise<void> {
  let tables = 0;
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(story, async ({ kind, reconciles, rounds }) => {
      const table = `law${++tables}`;
      const output = `${dialect.prefix}${table}`;
      const spec: Partial<IngestSpec> = {
        ...{ connection: 'shop-db', include: [output], softDelete: 'gone', lookback: `${LOOKBACK_MINUTES}m` },
        ...(kind === 'history' ? { key: ['id'] } : {}),
        ...(reconciles ? { reconcileDeletes: { maxPercent: 100 } } : {}),
      };
      const source = new SourceTable(table, kind, dialect);
      const model = new IngestModel<DatabaseRow>();
      const expected = () => model.rows().map(outputOf);
      const shown = async () =>
        (await lake.read(output)).map(valuesOf).sort((one, other) => Number(one.id) - Number(other.id));
      for (const [index, round] of rounds.entries()) {
        await lake.clock.advance(600_000);
        for (const change of round.acts) source.perform(change, (index + 1) * 60);
        await server.run('shop', ...source.takeStatements());
        const before = expected();
        const isFull = index === 0 || round.how === 'full';
        model.run(source.rows, isFull);
        if (reconciles) model.reconcile(source.rows);
        seen.add(kind).add(round.how);
        if (round.how === 'crashed') {
          const dying = crashingClients(lake.aws, lake.store, round.crash);
          await runIngest(lake.spec(spec), dying.clients, { clock: lake.clock, store: dying.store }).catch(
            (error: unknown) => expect(String(error)).toContain('dead'),
          );
          expect([before, expected()]).toContainEqual(await shown().catch(() => []));
        }
        if (round.how === 'together') {
          const ends = (await Promise.all([lake.run(spec), lake.run(spec)])).flatMap((run) => run.tables);
          expect(ends.some(({ status }) => status !== 'failed')).toBe(true);
          for (const end of ends) if (end.status === 'failed') expect(end.kind).toBe('conflict');
        }
        const { tables: ends } = await lake.run({ ...spec, ...(isFull ? { load: 'full' } : {}) });
        expect(ends.map(({ status, reason }) => (status === 'failed' ? reason : 'whole'))).toEqual(['whole']);
        expect(await shown()).toEqual(expected());
      }
      const [verified] = await verifyTables(lake.spec(spec), lake.clients, { only: [output] });
      expect(verified).toMatchObject({ isIngested: true, problems: [] });
      await server.run('shop', `DROP TABLE ${table}`);
    }),
    // To make a failure smaller takes longer than a test may.
    { ...byChance({ numRuns: 3, seed: 20_241_143 }), examples: [[MARKED]], endOnFailure: true },
  );
  // The stories are worth their time only when all this has happened in them.
  if (isReplay) return;
  expect([...seen]).toEqual(
    expect.arrayContaining(['keyed', 'history', 'once', 'crashed', 'together', 'full']),
  );
}
