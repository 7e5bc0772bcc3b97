// Throttling: the clients of an account slow down, so that an undo comes through with few calls that AWS refuses.
import { setImmediate as others } from 'node:timers/promises';
import { Glue, type GlueClientConfig } from '@aws-sdk/client-glue';
import { HttpResponse } from '@smithy/core/protocols';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { clientConfig } from '../../src/aws/client-config.js';
import { applyPlan, buildPlan } from '../../src/change/index.js';
import { connect } from '../../src/connect.js';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { inProcessRequestHandler } from '../../src/wire/in-process.js';

const DatabaseName = 'sales';
const NAMES = Array.from({ length: 150 }, (_, index) => `t${index}`);
const ANSWER_MS = 50;
/** Calls a second; eight at a time that are answered in 50 ms are 160. */
const RATE = 20;

let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded();
  const { glue } = aws.clients();
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  for (const Name of NAMES) await glue.createTable({ DatabaseName, TableInput: { Name, Description: '0' } });
});
afterEach(() => vi.useRealTimers());
afterAll(() => aws.close());

/** Lets so many calls a second through, and refuses the others as Glue does. */
function throttledGlue(config: GlueClientConfig) {
  const { handle } = inProcessRequestHandler(aws.handler);
  const seen = { working: 0, refused: 0 };
  let tokens = RATE;
  let filledMs = Date.now();
  const requestHandler: GlueClientConfig['requestHandler'] = {
    async handle(...call: Parameters<typeof handle>) {
      await new Promise((done) => setTimeout(done, ANSWER_MS));
      tokens = Math.min(RATE, tokens + ((Date.now() - filledMs) / 1000) * RATE);
      filledMs = Date.now();
      if (tokens >= 1) {
        tokens--;
        seen.working++;
        return handle(...call).finally(() => seen.working--);
      }
      seen.refused++;
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      const body = Buffer.from('{"__type":"ThrottlingException","Message":"Rate exceeded"}');
      return { response: new HttpResponse({ statusCode: 400, headers, body }) };
    },
  };
  const place = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return { glue: new Glue({ ...config, ...place, requestHandler }), seen };
}

/** What becomes of a plan that changes all tables, in a time that passes as fast as the work allows. */
async function applied(config: GlueClientConfig, from: string, to: string) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const { glue, seen } = throttledGlue(config);
  const plan = buildPlan({
    ...{ accountId: '123456789012', region: 'us-east-1' },
    subject: { operation: 'crawl-undo', resolved: {} },
    changes: NAMES.map((Name) => ({
      ...{ action: 'update', key: { kind: 'table', DatabaseName, TableName: Name } },
      ...{ current: { Name, Description: from }, wanted: { Name, Description: to } },
      ...{ reason: 'A test wants it.', evidence: [] },
    })),
  });
  let isOver = false;
  const applying = applyPlan({ glue }, plan).finally(() => (isOver = true));
  while (!isOver) {
    await others();
    // Time stands still while the embedded AWS works: how long that takes is this machine's affair.
    if (seen.working === 0) vi.advanceTimersByTime(2);
  }
  vi.useRealTimers();
  return { report: await applying, seen };
}

it('an undo that is throttled comes through, and less is refused than without slowing down', async () => {
  const slowing = await applied(clientConfig, '0', '1');
  expect(slowing.report).toMatchObject({ applied: NAMES.length, failed: [], verified: true });
  expect(slowing.seen.refused).toBeGreaterThan(0);
  const stubborn = await applied({ ...clientConfig, retryMode: 'standard' }, '1', '2');
  expect(slowing.seen.refused).toBeLessThan(stubborn.seen.refused / 2);
});

it('every client for an account slows down, and none waits for ever', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const { clients, close } = await connect({ target: 'aws', region: 'us-east-1' });
  for (const [name, { config }] of Object.entries<Pick<Glue, 'config'>>(clients as never)) {
    expect(await config.retryStrategy(), name).toMatchObject({ mode: 'adaptive' });
    expect(await config.maxAttempts(), name).toBe(8);
    const handler = config.requestHandler as { configProvider?: Promise<unknown> };
    expect(await handler.configProvider, name).toMatchObject({
      connectionTimeout: 10_000,
      socketTimeout: name === 'lambda' ? 960_000 : 60_000,
    });
  }
  await close();
});
