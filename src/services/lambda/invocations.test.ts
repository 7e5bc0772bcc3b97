// What Invoke answers and refuses, and what becomes of an asynchronous invocation.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded } from '../../embedded.js';
import { LAMBDA_TRUST, openFunctionFixture } from '../../../test/functions/function-fixture.js';
import { zipOf } from '../../../test/functions/zip-of.js';

const { lambda, folder, role, create, invoke, close } = await openFunctionFixture();
afterAll(close);

describe('Invoke', () => {
  it('checks without running for DryRun, and answers at once for Event', async () => {
    const marker = join(folder, 'marker');
    const name = await create(
      `require('fs').appendFileSync(${JSON.stringify(marker)}, 'loaded ');
       exports.handler = async ({ n }) => require('fs').appendFileSync(${JSON.stringify(marker)}, n + ' ');`,
    );
    expect(await invoke(name, {}, { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    expect(await invoke(name, { n: 1 }, { InvocationType: 'Event' })).toMatchObject({
      StatusCode: 202,
      payload: undefined,
    });
    const said = () => {
      try {
        return readFileSync(marker, 'utf8');
      } catch {
        return '';
      }
    };
    for (let tries = 0; tries < 6000 && !said().includes('1'); tries++) await delay(10);
    expect(said()).toBe('loaded 1 ');
  });

  it('throttles beyond reserved concurrency', async () => {
    const [begun, release] = [join(folder, 'throttled-begun'), join(folder, 'throttled-release')];
    const name = await create(
      `const { existsSync, writeFileSync } = require('fs');
       exports.handler = async () => {
         writeFileSync(${JSON.stringify(begun)}, '');
         while (!existsSync(${JSON.stringify(release)})) await new Promise((r) => setTimeout(r, 10));
       };`,
      { Timeout: 100 },
    );
    await lambda.putFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions: 1 });
    const first = invoke(name);
    while (!existsSync(begun)) await delay(10);
    await expect(invoke(name)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    writeFileSync(release, '');
    await first;
    await lambda.deleteFunctionConcurrency({ FunctionName: name });
    expect(await lambda.getFunctionConcurrency({ FunctionName: name })).not.toHaveProperty(
      'ReservedConcurrentExecutions',
    );
  });

  it.each<[Partial<InvokeCommandInput>, string, RegExp]>([
    [
      { FunctionName: 'none' },
      'ResourceNotFoundException',
      /Function not found: arn:aws:lambda:.*:function:none/,
    ],
    [{ Payload: '{' }, 'InvalidRequestContentException', /Could not parse request body into json/],
    [
      { Payload: JSON.stringify('x'.repeat(6 * 1024 * 1024)) },
      'RequestTooLargeException',
      /too large for the RequestResponse/,
    ],
    [
      { Payload: JSON.stringify('x'.repeat(1024 * 1024)), InvocationType: 'Event' },
      'RequestTooLargeException',
      /too large for the Event/,
    ],
    [{ Qualifier: '7' }, 'ResourceNotFoundException', /Function not found: .*:7$/],
    [{ ClientContext: 'e' }, 'InvalidParameterValueException', /ClientContext must be JSON text/],
  ])('refuses %#', async (change, errorName, message) => {
    const name = await create('exports.handler = async () => 1;');
    await expect(lambda.invoke({ FunctionName: name, ...change })).rejects.toMatchObject({
      name: errorName,
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('an asynchronous invocation', () => {
  it('is tried three times, after one and two more minutes, and then handed on', async () => {
    const clock = manualClock();
    const timed = await openEmbedded({ clock });
    try {
      const { lambda: client, iam, sqs } = timed.clients();
      await iam.createRole({ RoleName: 'FunctionRole', AssumeRolePolicyDocument: LAMBDA_TRUST });
      for (const QueueName of ['failed', 'dead', 'done']) await sqs.createQueue({ QueueName });
      const queueArn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;
      const calls = join(folder, 'calls');
      const code = `exports.handler = async (event) => {
        require('fs').appendFileSync(${JSON.stringify(calls)}, event.name + ' ');
        if (event.name === 'bad') throw new Error('no');
        return { name: event.name };
      };`;
      await client.createFunction({
        FunctionName: 'later',
        Role: role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipOf({ 'index.js': code }) },
        DeadLetterConfig: { TargetArn: queueArn('dead') },
      });
      await client.putFunctionEventInvokeConfig({
        FunctionName: 'later',
        DestinationConfig: {
          OnSuccess: { Destination: queueArn('done') },
          OnFailure: { Destination: queueArn('failed') },
        },
      });
      const bodies = async (name: string) => {
        const { Messages = [] } = await sqs.receiveMessage({
          QueueUrl: `http://localhost/123456789012/${name}`,
          MessageAttributeNames: ['All'],
        });
        return Messages.map(({ Body = '', MessageAttributes }) => ({
          body: JSON.parse(Body) as Record<string, unknown>,
          attributes: Object.keys(MessageAttributes ?? {}).sort(),
        }));
      };
      const callsBecome = async (text: string) => {
        const said = () => (existsSync(calls) ? readFileSync(calls, 'utf8') : '');
        // The outcome is recorded as soon as the invocation's report is in the log.
        const reports = async () => {
          const found = { logGroupName: '/aws/lambda/later', filterPattern: 'REPORT' };
          return (await timed.clients().logs.filterLogEvents(found)).events;
        };
        await vi.waitFor(
          async () => {
            expect(said()).toBe(text);
            expect(await reports()).toHaveLength(text.trim().split(' ').length);
          },
          { timeout: 60_000 },
        );
      };
      const later = { FunctionName: 'later', InvocationType: 'Event' as const };

      await client.invoke({ ...later, Payload: '{"name":"good"}' });
      await callsBecome('good ');
      expect(await bodies('done')).toMatchObject([
        {
          body: {
            requestContext: { condition: 'Success', approximateInvokeCount: 1 },
            requestPayload: { name: 'good' },
            responsePayload: { name: 'good' },
          },
        },
      ]);

      await client.invoke({ ...later, Payload: '{"name":"bad"}' });
      await callsBecome('good bad ');
      await clock.advance(59_000);
      await callsBecome('good bad ');
      await clock.advance(1_000);
      await callsBecome('good bad bad ');
      expect(await bodies('failed')).toEqual([]);
      await clock.advance(120_000);
      await callsBecome('good bad bad bad ');
      expect(await bodies('failed')).toMatchObject([
        {
          body: {
            version: '1.0',
            requestContext: {
              functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:later:$LATEST',
              condition: 'RetriesExhausted',
              approximateInvokeCount: 3,
            },
            requestPayload: { name: 'bad' },
            responseContext: { functionError: 'Unhandled' },
            responsePayload: { errorMessage: 'no' },
          },
        },
      ]);
      expect(await bodies('dead')).toEqual([
        { body: { name: 'bad' }, attributes: ['ErrorCode', 'ErrorMessage', 'RequestID'] },
      ]);
      await clock.advance(3600_000);
      await callsBecome('good bad bad bad ');
    } finally {
      await timed.close();
    }
  });
});
