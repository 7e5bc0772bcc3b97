// A process that is killed at any moment, fifty times over, loses nothing of what its catalog has acknowledged.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { randomIds } from '../../src/base/ids.js';
import { checkCatalog } from '../../src/catalog/check-catalog.js';
import { openCatalog, type OpenCatalog } from '../../src/catalog/open-catalog.js';
import { everyItem } from '../../src/catalog/page.js';
import { catalogSchema } from '../../src/catalog/schema.js';
import { checkState } from '../../src/state/check-state.js';
import { documentsSchema } from '../../src/state/documents.js';
import { openState } from '../../src/state/state.js';

const ROUNDS = 50;
/** Time at work before the kill, in milliseconds. */
const WORK_MS_MAX = 120;

type Entry =
  | ['database', name: string, isThere: boolean]
  | ['table', name: string, version: number]
  | ['partitions', table: string, range: [from: number, to: number]];

/** What has been acknowledged, and what was under way when the process was killed, which may be there or not. */
class Ledger {
  readonly databases = new Map<string, boolean>();
  readonly versions = new Map<string, number>();
  readonly ranges = new Map<string, [from: number, to: number][]>();
  underWay: Entry[] = [];

  note(mark: string, entry: Entry): void {
    if (mark === '?') {
      this.underWay.push(entry);
      return;
    }
    this.underWay = this.underWay.filter((each) => JSON.stringify(each) !== JSON.stringify(entry));
    const [kind, name] = entry;
    if (kind === 'partitions') this.ranges.set(name, [...(this.ranges.get(name) ?? []), entry[2]]);
    else if (kind === 'table') this.versions.set(name, entry[2]);
    else {
      this.databases.set(name, entry[2]);
      if (!entry[2]) this.forget(name);
    }
  }

  forget(database: string): void {
    this.versions.delete(`${database}.t`);
    this.ranges.delete(`${database}.t`);
  }

  /** Takes what was under way for acknowledged where it is found to have been done, so that later rounds expect it. */
  settle(catalog: OpenCatalog): void {
    for (const entry of this.underWay) {
      const [kind, name, value] = entry;
      const [database = '', table = ''] = name.split('.');
      const found = catalog.findTable(database, table);
      const isDone =
        kind === 'database'
          ? [...everyItem((page) => catalog.listDatabases(page))].some(({ Name }) => Name === name) === value
          : kind === 'table'
            ? found?.VersionId === String(value)
            : found !== undefined && catalog.findPartition(database, table, [String(value[0])]) !== undefined;
      if (isDone) this.note('!', entry);
    }
    this.underWay = [];
  }
}

function expectAllOf(ledger: Ledger, catalog: OpenCatalog): void {
  const databases = [...everyItem((page) => catalog.listDatabases(page))].map(({ Name }) => Name);
  const expected = [...ledger.databases].filter(([, isThere]) => isThere).map(([name]) => name);
  expect(databases).toEqual([...expected, 'shared'].sort());
  const tables = databases.flatMap((database = '') =>
    [...everyItem((page) => catalog.listTables(database, page))].map(({ Name }) => `${database}.${Name}`),
  );
  expect(tables.sort()).toEqual([...ledger.versions.keys()].sort());
  for (const [path, version] of ledger.versions) {
    const [database = '', name = ''] = path.split('.');
    const table = catalog.getTable(database, name);
    expect([path, table.VersionId, table.Description]).toEqual([path, String(version), String(version)]);
    const versions = [...everyItem((page) => catalog.listTableVersions(database, name, page))];
    expect(versions.map(({ VersionId, Table }) => [VersionId, Table?.Description])).toEqual(
      Array.from({ length: version + 1 }, (_, age) => [String(version - age), String(version - age)]),
    );
    const indexes = catalog.partitionIndexes.list(database, name).map(({ IndexName }) => IndexName);
    expect(indexes).toEqual(['by_k']);
    const ranges = ledger.ranges.get(path) ?? [];
    const partitions = [...everyItem((page) => catalog.listPartitions(database, name, page), 1000)];
    expect(partitions.map(({ Values }) => Number(Values?.[0]))).toEqual(
      ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at)),
    );
    for (const { Values, StorageDescriptor, Parameters } of partitions) {
      if (StorageDescriptor?.Location === `s3://lake/${Values?.[0]}` && Parameters?.['batch']) continue;
      throw new Error(`Partition ${Values?.join()} of ${path} is not whole.`);
    }
  }
}

const child = fileURLToPath(new URL('catalog-writer.child.mjs', import.meta.url));

/** A writer that has loaded its code and waits for a line to begin. */
function prepareWriter(dataDir: string, round: number): ChildProcess {
  return spawn(process.execPath, [child, dataDir, String(round)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Lets the writer work for a while and kills it; returns how many writes it had acknowledged. */
async function workAndKill(writer: ChildProcess, workMs: number, ledger: Ledger): Promise<number> {
  let count = 0;
  const exited = once(writer, 'exit');
  writer.stdin?.write('go\n');
  for await (const line of createInterface({ input: writer.stdout as NodeJS.ReadableStream })) {
    const mark = line.charAt(0);
    const entry = JSON.parse(line.slice(1)) as Entry;
    if (mark === 'x') throw new Error(String(entry));
    if (mark === 'r') continue;
    ledger.note(mark, entry);
    if (mark === '!' && count++ === 0) void delay(workMs).then(() => writer.kill('SIGKILL'));
  }
  await exited;
  expect(writer.signalCode).toBe('SIGKILL');
  return count;
}

it(`keeps every acknowledged write through ${ROUNDS} kills`, { timeout: 180_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'killed-catalog-'));
  const open = () => {
    const state = openState(join(dataDir, 'gluepot.db'), [documentsSchema, catalogSchema]);
    const settings = { clock: systemClock, ids: randomIds, accountId: '123456789012', region: 'us-east-1' };
    return { state, catalog: openCatalog(state, settings) };
  };
  const ledger = new Ledger();
  const { state, catalog } = open();
  catalog.createDatabase({ Name: 'shared' });
  for (const name of ['a', 'b', 'grown']) {
    const input = { Name: name, Description: '0', PartitionKeys: [{ Name: 'k', Type: 'int' }] };
    const partitionIndexes = [{ IndexName: 'by_k', Keys: ['k'] }];
    catalog.createTable('shared', input, { createdBy: 'me', partitionIndexes });
    ledger.versions.set(`shared.${name}`, 0);
  }
  state.close();

  let acknowledged = 0;
  let next = prepareWriter(dataDir, 0);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const writer = next;
      // Loads its code while this one works.
      next = prepareWriter(dataDir, round + 1);
      const done = await workAndKill(writer, Math.random() * WORK_MS_MAX, ledger);
      acknowledged += done;
      const opened = open();
      try {
        ledger.settle(opened.catalog);
        expect([...checkState(opened.state), ...checkCatalog(opened.state)], `round ${round}`).toEqual([]);
        expectAllOf(ledger, opened.catalog);
      } finally {
        opened.state.close();
      }
    }
  } finally {
    next.kill('SIGKILL');
  }
  expect(acknowledged).toBeGreaterThan(ROUNDS);
  rmSync(dataDir, { recursive: true });
});
