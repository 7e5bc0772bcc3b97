// Events that a killed gluepot had taken and not delivered are delivered by the next one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { manualClock } from '../../src/base/clock.js';
import { openEmbedded } from '../../src/embedded.js';

it('events that were acknowledged survive kill -9 and reach their target', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gluepot-killed-outbox-'));
  try {
    const child = fileURLToPath(new URL('killed-outbox.child.ts', import.meta.url));
    const { signal, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', child, dataDir]);
    expect(signal, stderr.toString()).toBe('SIGKILL');
    expect(JSON.parse(stdout.toString())).toEqual({ FailedEntryCount: 0 });

    const clock = manualClock(new Date());
    const aws = await openEmbedded({ dataDir, clock });
    const { sqs } = aws.clients();
    const QueueUrl = `http://localhost/${aws.accountId}/heard`;
    const found = new Set<string>();
    const receive = async () => {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      for (const { Body = '' } of Messages) found.add(Body);
    };
    // Opening a data directory starts no work.
    await clock.advance(1);
    await receive();
    expect(found.size).toBe(0);

    await aws.listen({ port: 0 });
    await clock.advance(60_000);
    await vi.waitFor(
      async () => {
        await receive();
        expect(found.size).toBe(10);
      },
      { timeout: 10_000 },
    );
    await aws.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
