// A snapshot of 100,000 partitions: against a bare walk through the same pages, and its memory against that of a tenth.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Glue, paginateGetPartitions, paginateGetTables } from '@aws-sdk/client-glue';
import type { Bench } from './bench.js';
import { compare, interleave, timeMs } from './measure.js';
import { samplePartition, sampleTable } from './sample-table.js';
import { startGluepot } from './server-process.js';

const MAIN = new URL('../dist/command/main.js', import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** AWS's largest BatchCreatePartition. */
const BATCH_SIZE = 100;
const CONNECTIONS = 4;

export const catalogSnapshot: Bench = {
  name: 'catalog-snapshot',
  summary:
    'gluepot catalog snapshot create of 100,000 partitions, against a bare walk; memory against a tenth',
  async run(context) {
    const { folder, isQuick, note } = context;
    const count = isQuick ? 10_000 : 100_000;
    const rounds = isQuick ? 1 : 3;
    const server = await startGluepot(context, { dataDir: join(folder, 'data') });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const glue = new Glue({ endpoint: server.endpoint, region: 'us-east-1', credentials });
    context.defer(() => glue.destroy());
    note(`filling ${count} partitions, and ${count / 10} elsewhere`);
    await fill(glue, 'large', count);
    await fill(glue, 'small', count / 10);

    let round = 0;
    const create = (database: string, store: string) =>
      snapshot(server.endpoint, ['--database', database, '--store', join(folder, store)]);
    await create('large', 'kept');
    const { first, again, walk } = await interleave(
      {
        first: async () => (await create('large', `new-${round++}`)).ms,
        again: async () => (await create('large', 'kept')).ms,
        walk: () => timeMs(() => walkPages(glue, 'large')),
      },
      { rounds },
    );
    const memory = await interleave(
      {
        large: async () => (await create('large', `new-${round++}`)).residentMB,
        small: async () => (await create('small', `new-${round++}`)).residentMB,
      },
      { rounds },
    );
    const limit = { name: 'a walk by one client', samples: walk };
    return [
      compare({
        name: `first snapshot of ${count.toLocaleString('en')} partitions`,
        unit: 'ms',
        measured: first,
        limit,
        target: { atMost: 2.5 },
      }),
      compare({ name: 'the next one', unit: 'ms', measured: again, limit, target: { atMost: 1.5 } }),
      compare({
        name: 'resident memory of the first',
        unit: 'MB',
        measured: memory.large,
        limit: { name: 'of a tenth of it', samples: memory.small },
        target: { atMost: 2 },
      }),
    ];
  },
};

async function fill(glue: Glue, DatabaseName: string, count: number): Promise<void> {
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  await glue.createTable({ DatabaseName, TableInput: sampleTable('facts') });
  let next = 0;
  const work = async () => {
    while (next < count) {
      const start = next;
      next += BATCH_SIZE;
      await glue.batchCreatePartition({
        DatabaseName,
        TableName: 'facts',
        PartitionInputList: Array.from({ length: BATCH_SIZE }, (_, index) =>
          samplePartition('facts', start + index),
        ),
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

/** Reads what a snapshot reads, one page after the other, and does nothing with it. */
async function walkPages(client: Glue, DatabaseName: string): Promise<void> {
  for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName })) {
    for (const { Name: TableName } of TableList) {
      const pages = paginateGetPartitions({ client }, { DatabaseName, TableName });
      for await (const page of pages) if (!page.Partitions) throw new Error('A page without partitions.');
    }
  }
}

/** The command in a process of its own, which tells its largest resident memory at its end. */
async function snapshot(
  endpoint: string,
  args: readonly string[],
): Promise<{ ms: number; residentMB: number }> {
  const words = ['catalog', 'snapshot', 'create', '--quiet', '--endpoint-url', endpoint, ...args];
  const script = `
    const { main } = await import(${JSON.stringify(MAIN.href)});
    await main(${JSON.stringify(words)});
    process.stderr.write(String(process.resourceUsage().maxRSS));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let code: number | null = null;
  const ms = await timeMs(async () => {
    [code] = (await once(child, 'close')) as [number | null];
  });
  if (code !== 0) throw new Error(`gluepot ${words.join(' ')} ended with ${code}: ${said}`);
  return { ms, residentMB: Number(said) / 1024 };
}
