// S3 on a socket: what clients rely on beside the answers themselves.
import { readdirSync, truncateSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { openFilesBelow } from './open-files.js';

let aws: Embedded;
let endpoint: string;
const Bucket = 'lake';
beforeAll(async () => {
  aws = await openEmbedded();
  ({ endpoint } = await aws.listen({ port: 0 }));
  const { s3 } = aws.clients();
  await s3.createBucket({ Bucket });
  await s3.putObject({ Bucket, Key: 'k', Body: 'hello' });
  await s3.putObject({ Bucket, Key: 'big', Body: Buffer.alloc(20 * 1024 * 1024) });
});
afterAll(() => aws.close());

/** A connection that is spoken to as a client speaks. */
function dial() {
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
  let received = '';
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('data', (bytes) => void (received += bytes.toString('latin1')));
  socket.on('error', () => {});
  return {
    socket,
    closed,
    say: (...lines: string[]) => socket.write(lines.join('\r\n')),
    /** Everything received, as soon as `pattern` is in it. */
    async hear(pattern: RegExp) {
      await expect.poll(() => received, { timeout: 5000, interval: 5 }).toMatch(pattern);
      const heard = received;
      received = '';
      return heard;
    },
  };
}

describe('a connection', () => {
  it.each([
    ['a bucket that is not there', '/nowhere/k', '', /404 Not Found[^]*NoSuchBucket[^]*<\/Error>/],
    [
      'a wrong digest',
      '/lake/k',
      'Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==',
      /400 Bad Request[^]*BadDigest[^]*<\/Error>/,
    ],
    ['a condition that does not hold', '/lake/k', 'If-None-Match: *', /412 Precondition Failed[^]*<\/Error>/],
    ['a class that is not there', '/lake/k', 'x-amz-storage-class: GLACIER', /400 Bad Request[^]*<\/Error>/],
  ])('is of use after a body that was refused for %s', async (_case, path, header, answer) => {
    const { socket, say, hear } = dial();
    const body = 'x'.repeat(300_000);
    const headers = ['Host: localhost', `Content-Length: ${body.length}`, header || 'Accept: */*'];
    say(`PUT ${path} HTTP/1.1`, ...headers, '', body);
    await hear(answer);
    say('GET /lake/k HTTP/1.1', 'Host: localhost', '', '');
    expect(await hear(/hello$/)).toMatch(/^HTTP\/1.1 200 OK/);
    socket.destroy();
  });

  it('learns the length of an object by HEAD, and gets no body', async () => {
    const { socket, say, hear } = dial();
    say('HEAD /lake/big HTTP/1.1', 'Host: localhost', '', '');
    expect(await hear(/\r\n\r\n$/)).toMatch(/^HTTP\/1.1 200 OK[^]*content-length: 20971520\r\n/);
    say('HEAD /lake/nothing HTTP/1.1', 'Host: localhost', '', '');
    expect(await hear(/\r\n\r\n$/)).toMatch(/^HTTP\/1.1 404 Not Found/);
    say('GET /lake/k HTTP/1.1', 'Host: localhost', 'Range: bytes=1-2', '', '');
    expect(await hear(/el$/)).toMatch(/206 Partial Content[^]*content-range: bytes 1-2\/5/);
    socket.destroy();
  });

  it.each(['lake.localhost', 'lake.localhost:4566', 'lake.s3.localhost', 'lake.s3.eu-west-1.amazonaws.com'])(
    'finds the bucket in the host %s',
    async (host) => {
      const { socket, say, hear } = dial();
      say('GET /k HTTP/1.1', `Host: ${host}`, '', '');
      expect(await hear(/hello$/)).toMatch(/^HTTP\/1.1 200 OK/);
      socket.destroy();
    },
  );
});

describe('a client that waits before it sends its body', () => {
  const put = (path: string, ...headers: string[]) => [
    `PUT ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Length: 5',
    'Expect: 100-continue',
    ...headers,
    '',
    '',
  ];

  it('is told to send it, and the connection stays', async () => {
    const { socket, say, hear } = dial();
    say(...put('/lake/waited'));
    expect(await hear(/\r\n\r\n$/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    say('world');
    expect(await hear(/\r\n\r\n$/)).toMatch(/^HTTP\/1.1 200 OK/);
    say('GET /lake/waited HTTP/1.1', 'Host: localhost', '', '');
    await hear(/world$/);
    socket.destroy();
  });

  it.each([
    ['a bucket that is not there', '/nowhere/k', 'NoSuchBucket', []],
    ['a condition that does not hold', '/lake/k', 'PreconditionFailed', ['If-None-Match: *']],
    ['a key that is too long', `/lake/${'k'.repeat(1025)}`, 'KeyTooLongError', []],
  ])('need not send it for %s', async (_case, path, code, headers) => {
    const { say, hear, closed } = dial();
    say(...put(path, ...headers));
    const answer = await hear(/<\/Error>$/);
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d [^]*Connection: close/);
    expect(answer).toContain(`<Code>${code}</Code>`);
    await closed;
  });
});

describe('a download', () => {
  it('that is cut short by another tool ends with the connection, not with a wait', async () => {
    const { s3 } = aws.clients();
    await s3.putObject({ Bucket, Key: 'cut', Body: Buffer.alloc(20 * 1024 * 1024) });
    const answer = await fetch(`${endpoint}/lake/cut`);
    const reader = answer.body?.getReader();
    await reader?.read();
    truncateSync(join(aws.dataDir, 's3', Bucket, 'cut'), 1000);
    const rest = async () => {
      while (!(await reader?.read())?.done);
    };
    await expect(rest()).rejects.toThrow();
  });

  it.runIf(process.platform === 'linux')('whose client goes away leaves no file open', async () => {
    const openObjects = () => openFilesBelow(join(aws.dataDir, 's3'));
    for (let waitMs = 0; waitMs < 20; waitMs++) {
      const { socket, say } = dial();
      say('GET /lake/big HTTP/1.1', 'Host: localhost', '', '');
      await delay(waitMs % 5);
      socket.destroy();
    }
    await expect.poll(openObjects, { timeout: 5000 }).toEqual([]);
  });
});

it('an upload whose client goes away leaves nothing', async () => {
  const { socket, say, closed } = dial();
  say('PUT /lake/given-up HTTP/1.1', 'Host: localhost', 'Content-Length: 1000000', '', 'x'.repeat(100_000));
  const unfinished = () => readdirSync(join(aws.dataDir, 's3', '.unfinished'));
  await expect.poll(unfinished).toHaveLength(1);
  socket.destroy();
  await closed;
  await expect.poll(unfinished).toEqual([]);
  expect((await fetch(`${endpoint}/lake/given-up`)).status).toBe(404);
});
