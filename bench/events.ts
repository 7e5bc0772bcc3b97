// Events through PutEvents against two hundred rules, and what a catalog write costs with rules that listen to it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchContext } from './bench.js';
import { BUS, orderEvent, RULE_COUNT, rulePattern } from './event-rules.js';
import { openGlueHttp, type GlueHttp } from './glue-http.js';
import { load } from './load.js';
import { compare, interleave, type Result } from './measure.js';
import { sampleTable } from './sample-table.js';
import { startConstantServer, startMoto, startProbedGluepot, type ProbedServer } from './server-process.js';

const CONNECTIONS = 8;
/** AWS's largest PutEvents. */
const ENTRY_COUNT = 10;
const LOG_GROUP = '/bench/events';
/** Events a second that are asked for, and what one processor has for each of them. */
const EVENTS_PER_SECOND = 5000;
const MS_PER_EVENT = 1000 / EVENTS_PER_SECOND;
const WARM_UP_ROUNDS = 1;
/** A server that used no more than a tenth of such a time has nothing to do. */
const IDLE_WINDOW_MS = 50;

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
  const server = await startProbedGluepot(context, { dataDir: join(folder, 'events') });
  const gluepot = await withRules(server.endpoint);
  const motoServer = await startMoto(context);
  const moto = motoServer && (await withRules(motoServer.endpoint));
  let number = 0;
  const batch = () => Array.from({ length: ENTRY_COUNT }, () => orderEvent(number++));
  const answer = join(folder, 'put-events.json');
  writeFileSync(answer, await gluepot.call('PutEvents', { Entries: batch() }));
  const constant = connect((await startConstantServer(context, answer)).endpoint);
  const durationMs = isQuick ? 300 : 800;
  const rate = async (client: GlueHttp, connections = CONNECTIONS) =>
    ENTRY_COUNT *
    (
      await load({ connections, durationMs }, async () => {
        const answered = await client.call('PutEvents', { Entries: batch() });
        if (!answered.includes('"FailedEntryCount":0') && !answered.includes('"FailedEntryCount": 0'))
          throw new Error(`Events were refused: ${answered}`);
      })
    ).perSecond;
  /** Processor time for each event, deliveries among it. */
  const processorMs: number[] = [];
  const samples = await interleave(
    {
      gluepot: async () => {
        const [first, before] = [number, await server.processorMs()];
        const perSecond = await rate(gluepot);
        processorMs.push(((await idleProcessorMs(server)) - before) / (number - first));
        return perSecond;
      },
      constant: () => rate(constant),
      // It takes most of a second for ten events, one request after the other: more would only wait.
      ...(moto ? { moto: () => rate(moto, 1) } : {}),
    },
    { rounds: isQuick ? 1 : 4, warmUpRounds: WARM_UP_ROUNDS },
  );
  await Promise.all([server.stop(), motoServer?.stop()]);
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
      name: `${name}, processor time for each`,
      unit: 'ms',
      measured: processorMs.slice(WARM_UP_ROUNDS),
      limit: { name: 'one processor at 5,000/s', samples: MS_PER_EVENT },
      target: { atMost: 1 },
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

/** The processor time used when the server has no more to do: what was accepted has been delivered. */
async function idleProcessorMs(server: ProbedServer): Promise<number> {
  for (let before = await server.processorMs(); ;) {
    await delay(IDLE_WINDOW_MS);
    const after = await server.processorMs();
    if (after - before < IDLE_WINDOW_MS / 10) return after;
    before = after;
  }
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
  const durationMs = isQuick ? 300 : 500;
  let created = 0;
  const writer = async (folderName: string, prepare: (endpoint: string) => Promise<void>) => {
    const server = await startProbedGluepot(context, { dataDir: join(folder, folderName) });
    const glue = openGlueHttp(server.endpoint, CONNECTIONS);
    context.defer(() => glue.close());
    await glue.call('CreateDatabase', { DatabaseInput: { Name: 'writes' } });
    await prepare(server.endpoint);
    const create = () =>
      glue.call('CreateTable', { DatabaseName: 'writes', TableInput: sampleTable(`made_${created++}`) });
    const processorMs: number[] = [];
    const run = async () => {
      const [first, before] = [created, await server.processorMs()];
      const { perSecond } = await load({ connections: CONNECTIONS, durationMs }, create);
      processorMs.push(((await idleProcessorMs(server)) - before) / (created - first));
      return perSecond;
    };
    return { run, processorMs };
  };
  const silent = await writer('silent', () => Promise.resolve());
  const ignored = await writer('ignored', (endpoint) =>
    listen(context, endpoint, RULE_COUNT, ['Glue Crawler State Change']),
  );
  const heard = await writer('heard', (endpoint) =>
    listen(context, endpoint, 1, ['Glue Data Catalog Database State Change']),
  );
  const samples = await interleave(
    { silent: silent.run, ignored: ignored.run, heard: heard.run },
    { rounds: isQuick ? 1 : 5, warmUpRounds: WARM_UP_ROUNDS },
  );
  const name = 'the same without rules';
  const rates = (row: string, measured: readonly number[], atLeast: number) =>
    compare({
      name: row,
      unit: '1/s',
      measured,
      limit: { name, samples: samples.silent },
      target: { atLeast },
    });
  const spent = (row: string, measured: readonly number[], atMost: number) =>
    compare({
      name: `${row}, processor time`,
      unit: 'ms',
      measured: measured.slice(WARM_UP_ROUNDS),
      limit: { name, samples: silent.processorMs.slice(WARM_UP_ROUNDS) },
      target: { atMost },
    });
  const [others, queue] = [
    'durable CreateTable, 200 rules for other events',
    'durable CreateTable, each told to a queue',
  ];
  return [
    rates(others, samples.ignored, 0.9),
    spent(others, ignored.processorMs, 1.1),
    rates(queue, samples.heard, 0.4),
    spent(queue, heard.processorMs, 2),
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
