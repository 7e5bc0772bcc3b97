// Events through PutEvents against two hundred rules, and what a catalog write costs with rules that listen to it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchContext } from './bench.js';
import { BUS, orderEvent, RULE_COUNT, rulePattern } from './event-rules.js';
import { openGlueHttp, type GlueHttp } from './glue-http.js';
import { load } from './load.js';
import { compare, interleave, type Result } from './measure.js';
import { sampleTable } from './sample-table.js';
import { startConstantServer, startGluepot, startMoto } from './server-process.js';

const CONNECTIONS = 8;
/** AWS's largest PutEvents. */
const ENTRY_COUNT = 10;
const LOG_GROUP = '/bench/events';
/** Events a second that are asked for. */
const EVENTS_PER_SECOND = 5000;

export const events: Bench = {
  name: 'events',
  summary: 'PutEvents against 200 rules of every operator; CreateTable with rules that listen to it',
  run: async (context) => [...(await putEvents(context)), ...(await emission(context))],
};

async function putEvents(context: BenchContext): Promise<Result[]> {
  const { folder, isQuick } = context;
  const connect = (endpoint: string) => {
    const client = openGlueHttp(endpoint, CONNECTIONS, 'AWSEvents');
    context.defer(() => client.close());
    return client;
  };
  const withRules = async (endpoint: string) => {
    const logs = openGlueHttp(endpoint, 1, 'Logs_20140328');
    await logs.call('CreateLogGroup', { logGroupName: LOG_GROUP });
    logs.close();
    const client = connect(endpoint);
    await makeRules(client);
    return client;
  };
  const gluepot = await withRules(
    (await startGluepot(context, { dataDir: join(folder, 'events') })).endpoint,
  );
  const motoServer = await startMoto(context);
  const moto = motoServer && (await withRules(motoServer.endpoint));
  let number = 0;
  const batch = () => Array.from({ length: ENTRY_COUNT }, () => orderEvent(number++));
  const answer = join(folder, 'put-events.json');
  writeFileSync(answer, await gluepot.call('PutEvents', { Entries: batch() }));
  const constant = connect((await startConstantServer(context, answer)).endpoint);
  const durationMs = isQuick ? 500 : 3000;
  const rate = (client: GlueHttp) => async () =>
    ENTRY_COUNT *
    (
      await load({ connections: CONNECTIONS, durationMs }, async () => {
        const answered = await client.call('PutEvents', { Entries: batch() });
        if (!answered.includes('"FailedEntryCount":0') && !answered.includes('"FailedEntryCount": 0'))
          throw new Error(`Events were refused: ${answered}`);
      })
    ).perSecond;
  const samples = await interleave(
    { gluepot: rate(gluepot), constant: rate(constant), ...(moto ? { moto: rate(moto) } : {}) },
    { rounds: isQuick ? 1 : 3, warmUpRounds: 1 },
  );
  const name = `events, 1 KB, ${RULE_COUNT} rules, 8 connections`;
  const [unit, measured] = ['1/s' as const, samples.gluepot];
  return [
    compare({
      name,
      unit,
      measured,
      limit: { name: 'asked for', samples: EVENTS_PER_SECOND },
      target: { atLeast: 1 },
    }),
    compare({
      name,
      unit,
      measured,
      limit: { name: 'constant answer', samples: samples.constant },
      target: { atLeast: 0.1 },
    }),
    ...(samples.moto
      ? [
          compare({
            name,
            unit,
            measured,
            limit: { name: 'moto', samples: samples.moto },
            target: { atLeast: 100 },
          }),
        ]
      : []),
  ];
}

async function makeRules(client: GlueHttp): Promise<void> {
  await client.call('CreateEventBus', { Name: BUS });
  for (let index = 0; index < RULE_COUNT; index++) {
    const rule = `rule-${index}`;
    await client.call('PutRule', { Name: rule, EventBusName: BUS, EventPattern: rulePattern(index) });
    const Arn = `arn:aws:logs:us-east-1:123456789012:log-group:${LOG_GROUP}`;
    await client.call('PutTargets', { Rule: rule, EventBusName: BUS, Targets: [{ Id: 'log', Arn }] });
  }
}

/** Three servers: no rules, 200 that listen to something else, and one whose target gets each change. */
async function emission(context: BenchContext): Promise<Result[]> {
  const { folder, isQuick } = context;
  const durationMs = isQuick ? 500 : 2000;
  let created = 0;
  const writer = async (folderName: string, prepare: (endpoint: string) => Promise<void>) => {
    const { endpoint } = await startGluepot(context, { dataDir: join(folder, folderName) });
    const glue = openGlueHttp(endpoint, CONNECTIONS);
    context.defer(() => glue.close());
    await glue.call('CreateDatabase', { DatabaseInput: { Name: 'writes' } });
    await prepare(endpoint);
    const create = () =>
      glue.call('CreateTable', { DatabaseName: 'writes', TableInput: sampleTable(`made_${created++}`) });
    return async () => (await load({ connections: CONNECTIONS, durationMs }, create)).perSecond;
  };
  const silent = await writer('silent', () => Promise.resolve());
  const ignored = await writer('ignored', (endpoint) =>
    listen(context, endpoint, RULE_COUNT, ['Glue Crawler State Change']),
  );
  const heard = await writer('heard', (endpoint) =>
    listen(context, endpoint, 1, ['Glue Data Catalog Database State Change']),
  );
  const samples = await interleave({ silent, ignored, heard }, { rounds: isQuick ? 1 : 5, warmUpRounds: 1 });
  const limit = { name: 'the same without rules', samples: samples.silent };
  return [
    compare({
      name: 'durable CreateTable, 200 rules for other events',
      unit: '1/s',
      measured: samples.ignored,
      limit,
      target: { atLeast: 0.9 },
    }),
    compare({
      name: 'durable CreateTable, each told to a queue',
      unit: '1/s',
      measured: samples.heard,
      limit,
      target: { atLeast: 0.4 },
    }),
  ];
}

/** Rules on the default bus whose events go to a queue. */
async function listen(
  { defer }: BenchContext,
  endpoint: string,
  count: number,
  types: readonly string[],
): Promise<void> {
  const sqs = openGlueHttp(endpoint, 1, 'AmazonSQS');
  const bus = openGlueHttp(endpoint, 1, 'AWSEvents');
  defer(() => [sqs, bus].forEach((client) => client.close()));
  await sqs.call('CreateQueue', { QueueName: 'heard' });
  for (let index = 0; index < count; index++) {
    const rule = `rule-${index}`;
    const EventPattern = JSON.stringify({
      'detail-type': types,
      detail: { n: [{ 'anything-but': index }, { exists: false }] },
    });
    await bus.call('PutRule', { Name: rule, EventPattern });
    const Arn = 'arn:aws:sqs:us-east-1:123456789012:heard';
    await bus.call('PutTargets', { Rule: rule, Targets: [{ Id: 'queue', Arn }] });
  }
}
