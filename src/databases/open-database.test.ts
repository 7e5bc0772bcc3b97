// Servers that are not there, or say nothing: an end in time, in words.
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSettings } from './connection-settings.js';
import { openDatabase } from './open-database.js';

describe.each(['postgresql', 'mysql'])('a connection to %s', (engine) => {
  let silent: Server;
  let port: number;
  beforeAll(async () => {
    silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    ({ port } = silent.address() as AddressInfo);
  });
  afterAll(() => void silent.close());

  const open = (address: string, signal: AbortSignal, connectTimeoutMs: number) =>
    openDatabase(
      connectionSettings({
        Name: 'shop',
        ConnectionType: 'JDBC',
        ConnectionProperties: {
          JDBC_CONNECTION_URL: `jdbc:${engine}://${address}/shop`,
          USERNAME: 'reader',
          PASSWORD: 'hunter2',
        },
      }),
      { signal, connectTimeoutMs, readCertificate: () => Promise.reject(new Error('none')) },
    );
  const never = new AbortController().signal;

  it('ends when the server says nothing for too long', async () => {
    await expect(open(`127.0.0.1:${port}`, never, 200)).rejects.toMatchObject({
      kind: 'timed-out',
      message: expect.stringMatching(
        new RegExp(`^Connection shop \\(${engine}, reader@127.0.0.1:${port}/shop\\): .* Check host and port`),
      ) as string,
    });
  });

  it('ends when it is broken off', async () => {
    const stop = new AbortController();
    const opening = open(`127.0.0.1:${port}`, stop.signal, 60_000);
    const arrived = new Promise((resolve) => silent.once('connection', resolve));
    await arrived;
    stop.abort(new Error('stopped by somebody'));
    await expect(opening).rejects.toThrow('stopped by somebody');
  });

  it('says that nobody listens there', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port: free } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await expect(open(`127.0.0.1:${free}`, never, 60_000)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /ECONNREFUSED.*that the server can be reached from this machine/,
      ) as string,
    });
  });
});
