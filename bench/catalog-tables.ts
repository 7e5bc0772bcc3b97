// Tables of the Data Catalog over HTTP: reading one, writing durably, walking a thousand; against moto and Node itself.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { openGlueHttp, type GlueHttp } from './glue-http.js';
import { load, sendAll } from './load.js';
import { compare, interleave, median, timeMs, type Contender, type Result, type Target } from './measure.js';
import { sampleTable } from './sample-table.js';
import { startConstantServer, startGluepot, startMoto } from './server-process.js';

const CONNECTIONS = 8;
const TABLE_COUNT = 1000;
/** AWS's largest page of GetTables. */
const PAGE_SIZE = 100;
const DATABASE = 'bench';

export const catalogTables: Bench = {
  name: 'catalog-tables',
  summary:
    'GetTable, CreateTable, UpdateTable at 8 connections, a walk of 1,000 tables; against moto and a constant answer',
  async run(context) {
    const { folder, isQuick, note } = context;
    const rounds = isQuick ? 1 : 3;
    const durationMs = isQuick ? 300 : 1500;

    const connect = (endpoint: string) => {
      const client = openGlueHttp(endpoint, CONNECTIONS);
      context.defer(() => client.close());
      return client;
    };
    const gluepot = connect((await startGluepot(context, { dataDir: join(folder, 'data') })).endpoint);
    const motoServer = await startMoto(context);
    const moto = motoServer && connect(motoServer.endpoint);
    note('filling');
    for (const client of [gluepot, moto]) if (client) await fill(client);
    const answerFile = join(folder, 'answer.json');
    writeFileSync(answerFile, await gluepot.call('GetTable', { DatabaseName: DATABASE, Name: 'table_0000' }));
    const constant = connect((await startConstantServer(context, answerFile)).endpoint);

    const rate =
      (client: GlueHttp, send: (client: GlueHttp, index: number) => Promise<unknown>) => async () =>
        (await load({ connections: CONNECTIONS, durationMs }, (index) => send(client, index))).perSecond;
    const results: Result[] = [];
    const measure = async (
      name: string,
      unit: 'ms' | '1/s',
      contender: (client: GlueHttp) => Contender,
      targets: { moto: Target; constant?: Target },
    ) => {
      note(name);
      const samples = await interleave(
        {
          gluepot: contender(gluepot),
          ...(moto ? { moto: contender(moto) } : {}),
          ...(targets.constant ? { constant: contender(constant) } : {}),
        },
        { rounds, warmUpRounds: 1 },
      );
      const measured = samples.gluepot;
      if (targets.constant && samples.constant) {
        const limit = { name: 'constant answer', samples: samples.constant };
        results.push(compare({ name, unit, measured, limit, target: targets.constant }));
      }
      results.push(
        samples.moto
          ? compare({
              name,
              unit,
              measured,
              limit: { name: 'moto', samples: samples.moto },
              target: targets.moto,
            })
          : {
              name,
              unit,
              measured: median(measured),
              missing: 'moto is not installed',
              target: targets.moto,
            },
      );
    };

    await measure('GetTable, 8 connections', '1/s', (client) => rate(client, getTable), {
      constant: { atLeast: 0.25 },
      moto: { atLeast: 20 },
    });
    let created = 0;
    const create = (client: GlueHttp) => createTable(client, 'writes', `made_${created++}`);
    await measure('durable CreateTable, 8 connections', '1/s', (client) => rate(client, create), {
      moto: { atLeast: 8 },
    });
    await measure('durable UpdateTable, 8 connections', '1/s', (client) => rate(client, updateTable), {
      moto: { atLeast: 8 },
    });
    await measure('walk of 1,000 tables, pages of 100', 'ms', (client) => () => timeMs(() => walk(client)), {
      moto: { atLeast: 20 },
    });
    return results;
  },
};

const nameOf = (index: number) => `table_${String(index % TABLE_COUNT).padStart(4, '0')}`;

async function fill(client: GlueHttp): Promise<void> {
  for (const Name of [DATABASE, 'writes']) await client.call('CreateDatabase', { DatabaseInput: { Name } });
  await sendAll({ connections: CONNECTIONS, count: TABLE_COUNT }, (index) =>
    createTable(client, DATABASE, nameOf(index)),
  );
}

function createTable(client: GlueHttp, DatabaseName: string, name: string): Promise<unknown> {
  return client.call('CreateTable', { DatabaseName, TableInput: sampleTable(name) });
}

function getTable(client: GlueHttp, index: number): Promise<unknown> {
  return client.call('GetTable', { DatabaseName: DATABASE, Name: nameOf(index) });
}

function updateTable(client: GlueHttp, index: number): Promise<unknown> {
  const TableInput = sampleTable(nameOf(index), { changed: String(index) });
  return client.call('UpdateTable', { DatabaseName: DATABASE, TableInput });
}

/** moto ignores MaxResults and answers all tables at once. */
async function walk(client: GlueHttp): Promise<void> {
  let count = 0;
  let NextToken: string | undefined;
  do {
    const input = { DatabaseName: DATABASE, MaxResults: PAGE_SIZE, ...(NextToken ? { NextToken } : {}) };
    const page = JSON.parse(await client.call('GetTables', input)) as {
      TableList: unknown[];
      NextToken?: string;
    };
    count += page.TableList.length;
    NextToken = page.NextToken;
  } while (NextToken);
  if (count !== TABLE_COUNT) throw new Error(`The walk saw ${count} tables instead of ${TABLE_COUNT}.`);
}
