// Reading a table of PostgreSQL into Parquet, against the server's own COPY of it into nothing.
import { join } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { openEmbedded } from '../src/embedded.js';
import { runIngest } from '../src/toolkit/ingest/index.js';
import { missingPostgresql, startPostgresql } from '../test/databases/postgresql-server.js';
import type { TestDatabase } from '../test/databases/server-process.js';
import type { Bench, BenchContext } from './bench.js';
import { compare, interleave, timeMs, type Result } from './measure.js';

const COLUMNS = 'id, customer, product, quantity, price, note, placed_at, updated_at';
const TARGET = { atMost: 3 };

export const ingestDatabase: Bench = {
  name: 'ingest-database',
  summary: 'a million rows of PostgreSQL to Parquet through a Glue connection, against COPY TO STDOUT',
  async run(context) {
    const rowCount = context.isQuick ? 100_000 : 1_000_000;
    const name = `ingest of ${rowCount} rows of PostgreSQL`;
    if (missingPostgresql !== undefined) {
      return [{ name, unit: 's', measured: 0, missing: missingPostgresql, target: TARGET }];
    }
    const server = await startPostgresql();
    context.defer(() => server.stop());
    context.note(`writing ${rowCount} rows`);
    await server.run(
      'postgres',
      `CREATE TABLE orders AS SELECT n::bigint AS id, (n::bigint * 7919) % 100000 AS customer, 'product ' || n % 5000 AS product,
        n % 10 AS quantity, ((n % 100000) / 100.0)::numeric(12,2) AS price, md5(n::text) AS note,
        timestamp '2024-01-01' + n * interval '1 second' AS placed_at,
        timestamptz '2024-01-01' + n * interval '1 second' AS updated_at
      FROM generate_series(1, ${rowCount}) AS n`,
      'ALTER TABLE orders ADD PRIMARY KEY (id)',
      'VACUUM ANALYZE orders',
    );
    return measure(context, name, rowCount, server);
  },
};

async function measure(
  { folder, isQuick, defer, note }: BenchContext,
  name: string,
  rowCount: number,
  server: TestDatabase,
): Promise<Result[]> {
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  defer(() => client.end());
  const aws = await openEmbedded({ dataDir: join(folder, 'data') });
  defer(() => aws.close());
  const clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.glue.createConnection({
    ConnectionInput: {
      Name: 'db',
      ConnectionType: 'JDBC',
      ConnectionProperties: server.properties('postgres'),
    },
  });
  const ingest = async () => {
    const { tables } = await runIngest(
      {
        connection: 'db',
        database: 'postgres',
        outputPath: 's3://lake/parquet',
        trackerPath: join(folder, 'trackers'),
        disposition: 'replace',
        keepReplaced: '0s',
      },
      clients,
      { temporaryFolder: join(folder, 'data', 'spill') },
    );
    if (tables[0]?.rows !== rowCount) throw new Error(tables[0]?.reason ?? 'The table is missing.');
  };
  const copy = async (format: string) => {
    const stream = client.query(copyTo(`COPY (SELECT ${COLUMNS} FROM orders) TO STDOUT (FORMAT ${format})`));
    let bytes = 0;
    for await (const chunk of stream) bytes += (chunk as Buffer).length;
    if (bytes < rowCount) throw new Error(`COPY sent ${bytes} bytes.`);
  };
  const seconds = async (body: () => Promise<void>) => (await timeMs(body)) / 1000;
  note('ingest and COPY in turns');
  const samples = await interleave(
    {
      ingest: () => seconds(ingest),
      csv: () => seconds(() => copy('csv')),
      binary: () => seconds(() => copy('binary')),
    },
    { rounds: isQuick ? 2 : 5, warmUpRounds: 1 },
  );
  return (['csv', 'binary'] as const).map((format) =>
    compare({
      name,
      unit: 's',
      measured: samples.ingest,
      limit: { name: `COPY TO STDOUT, ${format}`, samples: samples[format] },
      target: TARGET,
    }),
  );
}
