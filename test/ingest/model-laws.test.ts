// The law of ingests against a model that is a few lines long: any rows, formats, crashes, compactions and meetings of runs.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compactTables, runIngest, verifyTables, type IngestSpec } from '../../src/toolkit/ingest/index.js';
import { byChance, isReplay } from '../law.js';
import { crashingClients, type Crash } from './crashing-clients.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';
import { IngestModel, LOOKBACK_MINUTES, timeOf, type SourceRow } from './ingest-model.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const COLUMNS = ['int', 'string', 'timestamp', 'boolean'].map((Type, index) => ({
  Name: ['id', 'name', 'updated_at', 'gone'][index] as string,
  Type,
}));
const POLICY: Partial<IngestSpec> = {
  ...{ key: ['id'], softDelete: 'gone', nullKey: 'exclude', nullCursor: 'include' },
  ...{ lookback: `${LOOKBACK_MINUTES}m`, keepReplaced: '1m' },
};

const outputOf = ({ id, name, at, gone }: SourceRow) => ({
  ...{ id, name, updated_at: at === null ? null : timeOf(at), gone },
});

type Format = 'json' | 'csv' | 'parquet';

async function define(name: string, format: Format): Promise<void> {
  const serde = {
    json: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
    csv: {
      SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      Parameters: { 'field.delim': ',' },
    },
    parquet: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  }[format];
  await lake.defineTable(name, COLUMNS, {
    StorageDescriptor: { Location: `s3://lake/raw/${name}/`, Columns: COLUMNS, SerdeInfo: serde },
  });
}

async function write(name: string, format: Format, rows: readonly SourceRow[]): Promise<void> {
  const given = rows.map(outputOf);
  const key = `raw/${name}/rows.${format}`;
  if (format === 'json') await lake.put(key, given.map((row) => `${JSON.stringify(row)}\n`).join('') || '\n');
  else if (format === 'csv') {
    const line = (row: (typeof given)[number]) => Object.values(row).map((value) => String(value ?? '\\N'));
    await lake.put(key, given.map((row) => `${line(row).join(',')}\n`).join('') || '\n');
  } else {
    const texts = given.map(({ id, name: text, updated_at, gone }) => {
      const time = updated_at === null ? 'NULL' : `'${updated_at}'`;
      return `(${id ?? 'NULL'}, '${text}', CAST(${time} AS TIMESTAMP), ${gone})`;
    });
    // No rows are a file all the same.
    const values = [...texts, `(NULL, NULL, CAST(NULL AS TIMESTAMP), NULL)`].join(', ');
    await lake.putParquet(
      key,
      `SELECT CAST(id AS INTEGER) AS id, name, updated_at, gone FROM (VALUES ${values}) AS t(id, name, updated_at, gone) WHERE gone IS NOT NULL`,
    );
  }
}

const id = fc.integer({ min: 1, max: 6 });
const name = fc.constantFrom('a', 'b', 'c');
/** Minutes before the round's own time: equal ones, late ones within the lookback and beyond it. */
const late = fc.constantFrom(0, 0, 0, 10, LOOKBACK_MINUTES, 90);
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), id, name, late }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mark' as const), id, late }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('duplicate' as const), id, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('noKey' as const), name, late }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('noTime' as const), id, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('noTimeBeside' as const), id, name }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
const crash: fc.Arbitrary<Crash> = fc.record({
  call: fc.integer({ min: 1, max: 26 }),
  when: fc.constantFrom('before' as const, 'after' as const),
});
const story = fc.record({
  format: fc.constantFrom<Format[]>('json', 'csv', 'parquet'),
  rounds: fc.array(
    fc.record({
      acts: fc.array(act, { maxLength: 5 }),
      how: fc.constantFrom('once', 'once', 'crashed', 'crashed', 'together', 'compacted', 'full'),
      crash,
    }),
    { minLength: 3, maxLength: 5 },
  ),
});

function perform(rows: SourceRow[], change: Act, now: number): SourceRow[] {
  const others = 'id' in change ? rows.filter((row) => row.id !== change.id) : rows;
  switch (change.kind) {
    case 'put':
      return [...others, { id: change.id, name: change.name, at: now - change.late, gone: false }];
    case 'mark':
      return [...others, { id: change.id, name: 'gone', at: now - change.late, gone: true }];
    case 'delete':
      return others;
    case 'duplicate': {
      const known = rows.find((row) => row.id === change.id);
      return known ? [...rows, { ...known, name: change.name }] : rows;
    }
    case 'noKey':
      return [...rows, { id: null, name: change.name, at: now - change.late, gone: false }];
    case 'noTimeBeside':
      return [...rows, { id: change.id, name: change.name, at: null, gone: false }];
    case 'noTime':
      return [...others, { id: change.id, name: change.name, at: null, gone: false }];
  }
}

it(
  'ends as the model does, whatever comes late, twice, without key or time or marked as gone, in any format',
  { timeout: 3_600_000 },
  async () => {
    let tables = 0;
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(story, async ({ format, rounds }) => {
        const table = `model${++tables}`;
        await define(table, format);
        seen.add(format);
        const spec = { ...POLICY, include: [table] };
        const model = new IngestModel();
        let rows: SourceRow[] = [];
        for (const [index, round] of rounds.entries()) {
          await lake.clock.advance(600_000);
          for (const change of round.acts) rows = perform(rows, change, (index + 1) * 60);
          await write(table, format, rows);
          const before = model.rows().map(outputOf);
          model.run(rows, index === 0 || round.how === 'full');
          seen.add(round.how);
          if (round.how === 'crashed') {
            const dying = crashingClients(lake.aws, lake.store, round.crash);
            await runIngest(lake.spec(spec), dying.clients, { clock: lake.clock, store: dying.store }).catch(
              (error: unknown) => expect(String(error)).toContain('dead'),
            );
            const after = await lake.read(table).catch(() => []);
            expect([before, model.rows().map(outputOf)]).toContainEqual(after);
          }
          if (round.how === 'together') {
            const reports = await Promise.all([lake.run(spec), lake.run(spec)]);
            const ends = reports.flatMap((report) => report.tables);
            expect(ends.some(({ status }) => status !== 'failed')).toBe(true);
            for (const end of ends) if (end.status === 'failed') expect(end.kind).toBe('conflict');
          }
          const { tables: ends } = await lake.run({
            ...spec,
            ...(round.how === 'full' ? { load: 'full' } : {}),
          });
          expect(ends.map(({ status, reason }) => (status === 'failed' ? reason : 'whole'))).toEqual([
            'whole',
          ]);
          if (round.how === 'compacted') {
            await compactTables(lake.spec(spec), lake.clients, { only: [table], clock: lake.clock });
          }
          expect(await lake.read(table)).toEqual(model.rows().map(outputOf));
        }
        // What was replaced goes in time, and nothing else does.
        await lake.clock.advance(600_000);
        await lake.run(spec);
        expect(await lake.read(table)).toEqual(model.rows().map(outputOf));
        expect(await verifyTables(lake.spec(spec), lake.clients, { only: [table] })).toMatchObject([
          { problems: [] },
        ]);
      }),
      byChance({ numRuns: 4, seed: 20_240_601 }),
    );
    // The stories are worth their time only when all this has happened in them.
    if (isReplay) return;
    expect([...seen]).toEqual(expect.arrayContaining(['once', 'crashed', 'together', 'compacted', 'full']));
  },
);
