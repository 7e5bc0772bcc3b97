// Runs of the command line over a server, killed with SIGKILL while they write, upload and commit; and two at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyTables } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

const BIN = resolve(import.meta.dirname, '../../bin/gluepot.mjs');
const ROWS = 1_500_000;
const KEYS = 1_200_000;
const MEMORY_LIMIT_MB = 256;
const PATIENCE_MS = 100_000;

let lake: IngestFixture;
let folder: string;
let endpoint: string;
let stop: () => Promise<void>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  lake = await openIngestFixture();
  const server = await lake.aws.listen({ port: 0 });
  [endpoint, stop] = [server.endpoint, () => server.close()];
  folder = mkdtempSync(join(tmpdir(), 'gluepot-killed-test-'));
  mkdirSync(join(folder, 'tmp'));
  await lake.defineTable(
    'large',
    [
      { Name: 'id', Type: 'bigint' },
      { Name: 'note', Type: 'string' },
      { Name: 'updated_at', Type: 'timestamp' },
    ],
    {},
  );
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: 'large' });
  const SerdeInfo = { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' };
  await lake.clients.glue.updateTable({
    DatabaseName: 'shop',
    TableInput: { Name: 'large', StorageDescriptor: { ...Table?.StorageDescriptor, SerdeInfo } },
  });
  await lake.putParquet(
    'raw/large/a.parquet',
    `SELECT CAST(i % ${KEYS} AS BIGINT) AS id, 'note ' || i % 1000 AS note,
     TIMESTAMP '2024-01-01' + to_milliseconds(i) AS updated_at FROM range(${ROWS}) t(i)`,
  );
  const spec = lake.spec({
    include: ['large'],
    key: ['id'],
    memoryLimitMb: MEMORY_LIMIT_MB,
    trackerPath: 's3://lake/trackers',
  });
  writeFileSync(join(folder, 'ingest.json'), JSON.stringify(spec));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stop();
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `gluepot ingest run` as a process of its own, which says its largest resident memory when it ends by itself. */
function startRun(): {
  child: ChildProcess;
  ended: Promise<{ code: number | null; stdout: string; residentMb: number }>;
} {
  const script = `
    process.on('exit', () => process.stderr.write('resident ' + process.resourceUsage().maxRSS));
    await import(${JSON.stringify(`file://${BIN}`)});`;
  const words = ['ingest', 'run', 'ingest.json', '--json', '--endpoint-url', endpoint];
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, BIN, ...words], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      TMPDIR: join(folder, 'tmp'),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = (async () => {
    const [code] = (await once(child, 'close')) as [number | null];
    const resident = /resident (\d+)/.exec(stderr)?.[1] ?? '0';
    if (code !== 0 && child.signalCode === null && code !== 5)
      throw new Error(`${code}: ${stdout} ${stderr}`);
    return { code, stdout, residentMb: Number(resident) / 1024 };
  })();
  return { child, ended };
}

/** Names of all files below the folder of temporary files. */
const staged = () => readdirSync(join(folder, 'tmp'), { recursive: true, encoding: 'utf8' });

const rowsSeen = async (): Promise<number | undefined> => {
  const { TableList = [] } = await lake.clients.glue.getTables({ DatabaseName: 'shop_parquet' });
  if (TableList.length === 0) return undefined;
  const location = TableList[0]?.StorageDescriptor?.Location?.replace('s3://', '') ?? '';
  const [row] = await lake.query(
    `SELECT count(*) AS n FROM read_parquet('${join(lake.aws.dataDir, 's3', location)}*.parquet')`,
  );
  return Number(row?.n);
};

it(
  'finishes a table that was being ingested when the process was killed, wherever it was',
  { timeout: 400_000 },
  async () => {
    const reached = {
      writing: () => staged().some((name) => name.endsWith('written')),
      uploaded: async () => (await lake.keys('parquet/large/')).length > 0,
      committed: async () => (await lake.keys('trackers/large/manifests/')).length > 0,
    };
    for (const [stage, isReached] of Object.entries(reached)) {
      const { child, ended } = startRun();
      let isOver = false;
      const over = ended.then(() => (isOver = true));
      const giveUpMs = performance.now() + PATIENCE_MS;
      while (!(await isReached()) && !isOver) {
        if (performance.now() > giveUpMs) throw new Error(`It was never ${stage}.`);
        await wait(2);
      }
      child.kill('SIGKILL');
      await over;
      // Nothing, or all: a run that was over its commit may have ended by itself.
      expect([undefined, KEYS]).toContain(await rowsSeen());
    }
    const { code, stdout, residentMb } = await startRun().ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: { tables: [{ table: 'large', rows: KEYS }] } });
    expect(await rowsSeen()).toBe(KEYS);
    const spec = lake.spec({ include: ['large'], trackerPath: 's3://lake/trackers' });
    expect(await verifyTables(spec, lake.clients)).toMatchObject([{ isIngested: true, problems: [] }]);
    // What the killed ones had staged is gone with the last one's.
    expect(staged()).toEqual([]);
    expect(residentMb).toBeGreaterThan(0);
    expect(residentMb).toBeLessThan(MEMORY_LIMIT_MB + 512);
  },
);

it('lets one of two processes win, and the other say so', { timeout: 120_000 }, async () => {
  const before = await lake.keys('trackers/large/manifests/');
  await lake.putParquet(
    'raw/large/b.parquet',
    `SELECT CAST(i AS BIGINT) AS id, 'changed' AS note, TIMESTAMP '2024-02-01' AS updated_at FROM range(1000) t(i)`,
  );
  const ends = await Promise.all([startRun(), startRun()].map(({ ended }) => ended));
  const statuses = ends.map(({ stdout }) => {
    const { result } = JSON.parse(stdout) as { result: { tables: { status: string; kind?: string }[] } };
    return result.tables[0]?.kind ?? result.tables[0]?.status;
  });
  // The slower one may come when all is done.
  expect(statuses.sort()).toSatisfy(
    ([one, other]: string[]) =>
      [one, other].includes('loaded') &&
      [one, other].some((status) => status === 'conflict' || status === 'unchanged'),
  );
  expect(ends.map(({ code }) => code)).toEqual(expect.arrayContaining([0]));
  expect(await lake.keys('trackers/large/manifests/')).toHaveLength(before.length + 1);
  expect(await rowsSeen()).toBe(KEYS);
  expect(staged()).toEqual([]);
});
