// The built command line ingesting millions of rows, killed with SIGKILL at any moment; its next run finishes or starts anew.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';

const BIN = resolve(import.meta.dirname, '../../bin/gluepot.cjs');
/** Elsewhere than in CI others work on the machine, too. */
const ROWS = process.env.CI ? 10_000_000 : 1_000_000;
const KEYS = ROWS * 0.8;
const CHANGES = ROWS / 1000;
/** Keys that are compared at a time. */
const SLICE = 2_000_000;
const MEMORY_LIMIT_MB = 512;
/** Of the process beside DuckDB's memory: Node.js, the embedded AWS, buffers of files. */
const BESIDE_MB = 600;
const PATIENCE_MS = 120_000;
const RANDOM_MS = 3000;

/** To kill at the same moments again: GLUEPOT_KILL_SEED=… */
const SEED = Number(process.env.GLUEPOT_KILL_SEED ?? Date.now() % 1_000_000);

let folder: string;
let raw: string;
let trackers: string;
let duckdb: DuckDBInstance;
const query = async (sql: string) => {
  const connection = await duckdb.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
  }
};

/** Every key but the last fifth several times, the newest anywhere: the times are the numbers 0 to ROWS in another order. */
const rowsSql = (from: string, id: string, day: string) =>
  `SELECT CAST(${id} AS BIGINT) AS id, 'note ' || hash(i) % 100000 AS note, i % 97 AS amount,
   TIMESTAMP '${day}' + to_milliseconds(CAST(i * 7919 % ${ROWS} AS BIGINT)) AS updated_at FROM ${from} t(i)`;

beforeAll(async () => {
  process.stderr.write(`killed.test.ts: ${ROWS} rows, GLUEPOT_KILL_SEED=${SEED}\n`);
  folder = mkdtempSync(join(tmpdir(), 'gluepot-killed-test-'));
  trackers = join(folder, 'trackers');
  duckdb = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    temp_directory: join(folder, 'spill'),
  });
  await query(`SET TimeZone = 'UTC'`);
  const aws = await openEmbedded({ dataDir: join(folder, 'data') });
  const { glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  const Columns = Object.entries({ id: 'bigint', note: 'string', amount: 'bigint', updated_at: 'timestamp' });
  await glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: 'large',
      StorageDescriptor: {
        Location: 's3://lake/raw/large/',
        Columns: Columns.map(([Name, Type]) => ({ Name, Type })),
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    },
  });
  await aws.close();
  raw = join(folder, 'data/s3/lake/raw/large');
  mkdirSync(raw, { recursive: true });
  await query(
    `COPY (${rowsSql(`range(${ROWS})`, `i % ${KEYS}`, '2024-01-01')}) TO '${raw}/a.parquet' (FORMAT parquet)`,
  );
  writeFileSync(
    join(folder, 'ingest.json'),
    JSON.stringify({
      database: 'shop',
      outputPath: 's3://lake/parquet',
      trackerPath: trackers,
      key: ['id'],
      memoryLimitMb: MEMORY_LIMIT_MB,
      fileSizeMb: 8,
    }),
  );
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  document: { result: { tables: Record<string, unknown>[] } } | undefined;
  residentMb: number;
}

/** `gluepot ingest <words>`, whose process is killed when `moment` has come; undefined lets it end. */
async function ingest(words: string[], moment?: Moment): Promise<Ended> {
  const script = `
    process.on('exit', () => process.stderr.write('resident ' + process.resourceUsage().maxRSS + '\\n'));
    await import(${JSON.stringify(`file://${BIN}`)});`;
  const args = ['ingest', ...words, 'ingest.json', '--json', '--data-dir', join(folder, 'data')];
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, TMPDIR: folder, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  const stages = new Set<string>();
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  createInterface(child.stderr).on('line', (line) => {
    stderr += `${line}\n`;
    const [, stage] = /"event":"progress".*"detail":"(\w+)"/.exec(line) ?? [];
    if (stage !== undefined) stages.add(stage);
  });
  const closed = once(child, 'close').finally(() => (isOver = true));
  if (moment) {
    const giveUpMs = performance.now() + PATIENCE_MS;
    while (!isOver && !moment.isReached(stages)) {
      if (performance.now() > giveUpMs) throw new Error(`It never came to ${moment.name}: ${stderr}`);
      await wait(1);
    }
    await Promise.race([wait(moment.laterMs ?? 0), closed]);
    child.kill('SIGKILL');
  }
  const [code] = (await closed) as [number | null];
  if (!moment && code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout} ${stderr}`);
  return {
    code,
    document: stdout === '' ? undefined : (JSON.parse(stdout) as Ended['document']),
    residentMb: Number(/resident (\d+)/.exec(stderr)?.[1] ?? 0) / 1024,
  };
}

interface Moment {
  name: string;
  isReached: (stages: ReadonlySet<string>) => boolean;
  laterMs?: number;
}

let drawn = SEED;
/** The next of a sequence that the seed begins, at least 0 and less than `end`. */
const random = (end: number) => {
  drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31;
  return (drawn / 2 ** 31) * end;
};
const stage = (name: string, laterMs?: number): Moment => ({
  name,
  isReached: (stages) => stages.has(name),
  ...(laterMs === undefined ? {} : { laterMs }),
});
const manifests = () =>
  existsSync(join(trackers, 'large/manifests')) ? readdirSync(join(trackers, 'large/manifests')).length : 0;
const committed = (name: string, count: number): Moment => ({ name, isReached: () => manifests() >= count });
const tracked = (name: string, count: number): Moment => ({
  name,
  isReached() {
    const path = join(trackers, 'large.json');
    const { sequence } = existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as { sequence: number })
      : { sequence: 0 };
    return sequence >= count;
  },
});

/** What a reader that goes by the catalog sees: files, or undefined before there is a table. */
async function shown(): Promise<string | undefined> {
  const aws = await openEmbedded({ dataDir: join(folder, 'data') });
  try {
    const { glue } = aws.clients();
    const { DatabaseList = [] } = await glue.getDatabases({});
    if (!DatabaseList.some(({ Name }) => Name === 'shop_parquet')) return undefined;
    const { TableList = [] } = await glue.getTables({ DatabaseName: 'shop_parquet' });
    const location = TableList[0]?.StorageDescriptor?.Location;
    return location && `'${join(folder, 'data/s3', location.replace('s3://', ''))}*.parquet'`;
  } finally {
    await aws.close();
  }
}

/** Rows of the source's newest state that the output has not just so, and the reverse: every row, a slice of the keys at a time. */
async function differences(): Promise<number> {
  const output = await shown();
  let differing = 0;
  for (let first = 0; first < KEYS; first += SLICE) {
    const slice = (from: string) =>
      `(SELECT * FROM read_parquet(${from}) WHERE id >= ${first} AND id < ${first + SLICE})`;
    const [row] = await query(
      `SELECT count(*) AS n FROM (SELECT id, arg_max({note: note, amount: amount}, updated_at) AS v, max(updated_at) AS at
       FROM ${slice(`'${raw}/*.parquet'`)} GROUP BY id) AS w FULL JOIN ${slice(String(output))} AS o ON o.id = w.id
       WHERE o.id IS NULL OR w.id IS NULL OR o.note <> w.v.note OR o.amount <> w.v.amount OR o.updated_at <> w.at`,
    );
    differing += Number(row?.n);
  }
  const beyond = `SELECT count(*) AS n FROM read_parquet(${output}) WHERE id IS NULL OR id < 0 OR id >= ${KEYS}`;
  return differing + Number((await query(beyond))[0]?.n);
}

/** How many rows readers see, and how many of them are of the second file. */
async function rowsShown(): Promise<{ all: number; changed: number } | undefined> {
  const output = await shown();
  if (output === undefined) return undefined;
  const [row] = await query(
    `SELECT count(*) AS "all", count(*) FILTER (updated_at >= '2024-06-01') AS changed FROM read_parquet(${output})`,
  );
  return { all: Number(row?.all), changed: Number(row?.changed) };
}

async function requireVerified(): Promise<void> {
  const { document } = await ingest(['verify']);
  expect(document?.result.tables).toMatchObject([{ table: 'large', isIngested: true, problems: [] }]);
}

it(
  'a first load is nothing or whole wherever it is killed, and the next run makes it whole',
  { timeout: 600_000 },
  async () => {
    const moments = [stage('reading', random(RANDOM_MS)), stage('writing', random(300))];
    for (const moment of moments) {
      await ingest(['run'], moment);
      expect([undefined, { all: KEYS, changed: 0 }], `${moment.name}, seed ${SEED}`).toContainEqual(
        await rowsShown(),
      );
    }
    const { document, residentMb } = await ingest(['run']);
    expect(document?.result.tables).toMatchObject([{ table: 'large', rows: KEYS }]);
    expect(residentMb).toBeGreaterThan(0);
    expect(residentMb).toBeLessThan(MEMORY_LIMIT_MB + BESIDE_MB);
    expect(await differences()).toBe(0);
    await requireVerified();
  },
);

it(
  'a merge is the old table or the new one wherever it is killed, and is finished by the next run',
  { timeout: 600_000 },
  async () => {
    const before = manifests();
    const changed = rowsSql(`range(${CHANGES})`, 'i * 7', '2024-06-01');
    await query(`COPY (${changed}) TO '${raw}/b.parquet' (FORMAT parquet)`);
    const moments = [
      stage('writing', random(300)),
      committed('commit', before + 1),
      tracked('tracker', before + 1),
    ];
    for (const moment of moments) {
      await ingest(['run'], moment);
      const states = [0, CHANGES].map((count) => ({ all: KEYS, changed: count }));
      expect(states, `${moment.name}, seed ${SEED}`).toContainEqual(await rowsShown());
    }
    const { document } = await ingest(['run']);
    expect(document?.result.tables).toMatchObject([{ table: 'large', rows: KEYS }]);
    expect(await rowsShown()).toEqual({ all: KEYS, changed: CHANGES });
    expect(await differences()).toBe(0);
    await requireVerified();
  },
);
