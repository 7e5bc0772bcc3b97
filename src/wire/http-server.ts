// The handler on one TCP port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GluepotError, systemErrorCode } from '../base/errors.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { WireHandler } from './dispatch.js';
import type { WireRequest, WireResponse } from './message.js';

export interface HttpServer {
  /** `http://host:port`. */
  endpoint: string;
  /** Stops accepting, lets requests under way finish for a moment, then closes every connection. */
  close(): Promise<void>;
}

/** Longer than the SDKs keep an idle connection, so that it is they who close it. */
const KEEP_ALIVE_MS = 75_000;
const CLOSE_GRACE_MS = 2_000;

/** @throws GluepotError `usage` when the port is taken or not allowed */
export async function startHttpServer(
  handler: WireHandler,
  options: { port: number; host: string; clock: Clock; log: Log },
): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(handler, request, response, options));
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    continueWhenRead(request, response);
    void answer(handler, request, response, options);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;
  server.requestTimeout = 0;
  await listen(server, options.port, options.host);
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return { endpoint: `http://${host}:${port}`, close: () => close(server) };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = systemErrorCode(error);
      const problem =
        code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken by another process. Choose another with --port (0 takes any free one).`
          : code === 'EACCES'
            ? `Port ${port} on ${host} is not allowed to this user. Choose one above 1023 with --port.`
            : `Cannot listen on ${host} port ${port}: ${error.message}.`;
      reject(new GluepotError('usage', problem, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

/**
 * A client that sends `Expect: 100-continue` waits before it sends its body, and is told to go on when the body is read: what
 * is refused before is not sent at all. Whether the body still comes then is not to be known, so the connection is closed.
 */
function continueWhenRead(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { shouldKeepAlive } = outgoing;
  outgoing.shouldKeepAlive = false;
  incoming.read = (size) => {
    Reflect.deleteProperty(incoming, 'read');
    if (!outgoing.headersSent) {
      outgoing.shouldKeepAlive = shouldKeepAlive;
      outgoing.writeContinue();
    }
    return incoming.read(size) as unknown;
  };
}

async function answer(
  handler: WireHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { clock, log }: { clock: Clock; log: Log },
): Promise<void> {
  try {
    outgoing.setHeader('date', clock.now().toUTCString());
    await send(await handler(requestOf(incoming)), incoming, outgoing);
  } catch (error) {
    log('warn', 'an answer could not be sent whole', { error: String(error) });
    if (!outgoing.headersSent) outgoing.writeHead(500).end();
    else outgoing.destroy();
  }
}

function requestOf(incoming: IncomingMessage): WireRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers = incoming.headers as Record<string, string>;
  // The one header that Node gives as a list.
  const cookies = incoming.headers['set-cookie'];
  if (cookies) headers['set-cookie'] = cookies.join(',');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body: incoming,
    origin: `http://${headers['host'] ?? 'localhost'}`,
  };
}

async function send(
  response: WireResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { body, headers, statusCode } = response;
  const hasBody = incoming.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
  if (body instanceof Readable) {
    try {
      outgoing.writeHead(statusCode, headers);
      if (hasBody) await pipeline(body, outgoing);
      else outgoing.end();
    } finally {
      // An open file is behind it.
      body.destroy();
    }
  } else {
    const length = hasBody ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    outgoing.writeHead(statusCode, { ...length, ...headers });
    outgoing.end(hasBody ? body : undefined);
  }
  // What the caller still sends of a refused body is read away, or the connection could not be used again.
  if (!incoming.complete) incoming.resume();
}
