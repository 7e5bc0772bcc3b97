// What arrives on the port and is no whole request: the server drops it and goes on.
import { connect } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { RUNS, SEED } from './fuzz-target.js';

let aws: Embedded;
let endpoint: URL;
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  aws = await openEmbedded();
  endpoint = new URL((await aws.listen({ port: 0 })).endpoint);
  await aws.clients().s3.createBucket({ Bucket: 'lake' });
});
afterAll(async () => {
  await aws.close();
  process.off('unhandledRejection', onUnhandled);
});

/** Sends the text and leaves: by closing its side, or by dropping the connection. */
async function sendAndLeave(text: string, isDropped: boolean): Promise<void> {
  const socket = connect(Number(endpoint.port), endpoint.hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await new Promise<void>((sent) => socket.write(text, 'latin1', () => sent()));
  if (isDropped) socket.resetAndDestroy();
  else socket.end();
  socket.resume();
  if (!socket.destroyed) await once(socket, 'close');
}

const HEADS = [
  'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSGlue.GetTables\r\nContent-Length: 500\r\n\r\n{"DatabaseName"',
  'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSGlue.GetTables\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"Data',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 90\r\n\r\nAction=',
  'PUT /lake/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nfirst bytes',
  'PUT /lake/cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  'PUT /lake/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello',
  'PUT /lake/cut?partNumber=1&uploadId=x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfirst bytes',
  'GET /lake HTTP/1.1\r\n\r\n',
  'GET lake HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://elsewhere/lake HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /%ff%fe\xff HTTP/1.1\r\nHost: \x01\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
  'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
  'BREW / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
  '\0\x01\x02',
  '',
];

it(
  `a port survives what is no whole request (GLUEPOT_FUZZ_SEED=${SEED})`,
  { timeout: 60_000 * RUNS },
  async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...HEADS),
      fc.nat(400),
      fc.boolean(),
      async (head, length, isDropped) => {
        await sendAndLeave(length > 300 ? head : head.slice(0, length), isDropped);
      },
    );
    await fc.assert(property, {
      numRuns: RUNS * 10,
      seed: SEED,
      examples: HEADS.flatMap((head): [string, number, boolean][] => [
        [head, 400, true],
        [head, 400, false],
      ]),
    });
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSGlue.GetDatabases' },
      body: '{}',
    });
    expect(await answer.json()).toEqual({ DatabaseList: [] });
    const { Contents } = await aws.clients().s3.listObjectsV2({ Bucket: 'lake' });
    expect(Contents).toBeUndefined();
    expect(unhandled).toEqual([]);
  },
);
