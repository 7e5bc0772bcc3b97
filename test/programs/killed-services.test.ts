// What queues, schedules, logs, events and functions had acknowledged when gluepot was killed is there, and goes on.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { manualClock } from '../../src/base/clock.js';
import { openEmbedded } from '../../src/embedded.js';

const EVENT_COUNT = 200;
const SOON = { timeout: 60_000, interval: 20 };

it('messages in flight, log events, schedules, queued invocations and events half delivered survive kill -9', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gluepot-killed-services-'));
  const marker = join(dataDir, 'marker');
  const child = fileURLToPath(new URL('killed-services.child.ts', import.meta.url));
  const words = ['--import', 'tsx', child, dataDir, marker, String(EVENT_COUNT)];
  const { signal, stdout, stderr } = spawnSync(process.execPath, words);
  expect(signal, stderr.toString()).toBe('SIGKILL');
  const told = JSON.parse(stdout.toString()) as { timestamp: number; receipt: string; delivered: number };

  const clock = manualClock(new Date());
  const aws = await openEmbedded({ dataDir, clock });
  try {
    const { lambda, logs, sqs } = aws.clients();
    const urlOf = (name: string) => `http://localhost/${aws.accountId}/${name}`;
    const receive = async (name: string) => {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10 });
      return Messages.map(({ Body }) => Body);
    };
    const countsOf = async (name: string) =>
      (await sqs.getQueueAttributes({ QueueUrl: urlOf(name), AttributeNames: ['All'] })).Attributes;

    expect(await countsOf('work')).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    expect(await receive('work')).toEqual(['waiting']);
    // The handle that was given out before is good, and the message is nobody else's until its time is up.
    await sqs.changeMessageVisibility({
      QueueUrl: urlOf('work'),
      ReceiptHandle: told.receipt,
      VisibilityTimeout: 0,
    });
    expect(await receive('work')).toEqual(['taken']);

    const { events = [] } = await logs.getLogEvents({ logGroupName: 'lines', logStreamName: 's' });
    expect(events.map(({ timestamp, message }) => [timestamp, message])).toEqual([
      [told.timestamp, 'one'],
      [told.timestamp, 'two'],
    ]);

    // Opening a data directory starts no work; serving it does.
    expect(existsSync(marker)).toBe(false);
    await aws.listen({ port: 0 });
    await lambda.deleteFunctionConcurrency({ FunctionName: 'later' });
    await vi.waitFor(async () => {
      await clock.advance(1000);
      expect(readFileSync(marker, 'utf8')).toBe('handled');
    }, SOON);

    expect(told.delivered).toBeGreaterThan(0);
    const heard: (string | undefined)[] = [];
    await vi.waitFor(async () => {
      heard.push(...(await receive('heard')));
      expect(new Set(heard).size).toBe(EVENT_COUNT);
    }, SOON);

    expect(await receive('fired')).toEqual([]);
    await clock.advance(told.timestamp + 3_600_000 - clock.now().getTime());
    await vi.waitFor(async () => expect(await receive('fired')).toEqual(['an hour later']), SOON);
    expect(await receive('work')).toContain('late');
  } finally {
    await aws.close();
    rmSync(dataDir, { recursive: true });
  }
}, 180_000);
