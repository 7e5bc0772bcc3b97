// A server is found when it lives and answers, and only then.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findServer, removeServerFile, writeServerFile, type RunningServer } from './server-file.js';

const folder = mkdtempSync(join(tmpdir(), 'gluepot-server-'));
const file = join(folder, 'server.json');
const server = createServer((_request, response) => response.writeHead(403).end());
let running: RunningServer;
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  running = {
    pid: process.pid,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    startedAt: '2024-01-01T00:00:00Z',
  };
});
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe('server.json', () => {
  it('leads to the server that wrote it, and is for its owner only', async () => {
    writeServerFile(folder, running);
    expect(await findServer(folder)).toEqual(running);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    removeServerFile(folder);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['of a process that is gone', () => ({ ...running, pid: 2 ** 22 - 1 })],
    ['of a port where nobody answers', () => ({ ...running, endpoint: 'http://127.0.0.1:1' })],
  ])('%s leads nowhere', async (_name, stale) => {
    writeServerFile(folder, stale());
    expect(await findServer(folder)).toBeUndefined();
  });

  it.each(['', '{', 'null', '{"pid": 1}'])('with %j in it leads nowhere', async (text) => {
    writeFileSync(file, text);
    expect(await findServer(folder)).toBeUndefined();
  });

  it('that is missing leads nowhere', async () => {
    expect(await findServer(join(folder, 'none'))).toBeUndefined();
  });

  it('of another process is not removed', () => {
    writeServerFile(folder, { ...running, pid: 1 });
    removeServerFile(folder);
    expect(existsSync(file)).toBe(true);
  });
});
