// Athena at work on a table while ingests go on: each query sees the table as one of the runs left it, and never goes back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openQueryRunner } from '../query/query-runner.js';
import { openIngestFixture, type IngestFixture, type Row } from './ingest-fixture.js';

const ROUNDS = 6;
const FIRST_ROWS = 6;

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const COLUMNS = [
  { Name: 'id', Type: 'int' },
  { Name: 'amount', Type: 'bigint' },
  { Name: 'updated_at', Type: 'timestamp' },
];

/** The source before each round: a row comes in every one, and in every other an older one changes, each in a file of its own. */
function sources(): Row[][] {
  const at = (round: number) => `2024-01-01 00:${String(round).padStart(2, '0')}:00`;
  let rows = Array.from({ length: FIRST_ROWS }, (_, id): Row => ({ id, amount: 1, updated_at: at(0) }));
  const all = [rows];
  for (let round = 1; round <= ROUNDS; round++) {
    const updated_at = at(round);
    rows = rows.map((row) =>
      round % 2 === 0 && row.id === round ? { ...row, amount: 1000 ** 2, updated_at } : row,
    );
    rows = [...rows, { id: FIRST_ROWS + round, amount: 1000 * round, updated_at }];
    all.push(rows);
  }
  return all;
}

const stateOf = (rows: readonly Row[]) =>
  `${rows.length} rows, ${rows.reduce((sum, { amount }) => sum + Number(amount), 0)}`;

it('a query that runs while others load the table sees what one of them left, whole', async () => {
  const [first = [], ...later] = sources();
  const load = async (rows: readonly Row[]) => {
    await lake.setRows('orders', rows);
    const { tables } = await lake.run({ include: ['orders'], key: ['id'] });
    expect(tables).toMatchObject([{ status: 'loaded' }]);
  };
  await lake.defineTable('orders', COLUMNS);
  await load(first);

  const athena = openQueryRunner(lake.clients.athena, {
    Database: 'shop_parquet',
    OutputLocation: 's3://lake/results/',
  });
  const seen: string[] = [];
  let isOver = false;
  const reader = async () => {
    while (!isOver) {
      const [[count, sum] = []] = await athena.rows('SELECT count(*), sum(amount) FROM orders');
      seen.push(`${count} rows, ${sum}`);
    }
  };
  const loads = async () => {
    try {
      for (const rows of later) await load(rows);
    } finally {
      isOver = true;
    }
  };
  await Promise.all([loads(), reader()]);

  const states = [first, ...later].map(stateOf);
  const order = seen.map((state) => states.indexOf(state));
  expect(seen.filter((_, index) => order[index] === -1)).toEqual([]);
  expect(order).toEqual(order.toSorted((one, other) => one - other));
  expect(new Set(order).size).toBeGreaterThan(1);
});
