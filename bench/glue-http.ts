// Glue's operations over HTTP by a client that costs so little that what is measured is the server: no more of HTTP than
// the servers here speak.
import { connect, type Socket } from 'node:net';

export interface GlueHttp {
  /**
   * The answer's text. `input` may be JSON text that was made before, where many large ones are timed.
   * @throws Error with the answer when its status is not 200
   */
  call(operation: string, input: object | string): Promise<string>;
  close(): void;
}

// moto tells services apart by the credential's scope. Nobody here verifies the signature.
const authorization = (scope: string) =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=0`;
const SCOPES = {
  AWSGlue: 'glue',
  AmazonAthena: 'athena',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  Logs_20140328: 'logs',
};

/**
 * @param count connections; a call waits until one of them is free
 * @param service what X-Amz-Target begins with
 */
export function openGlueHttp(
  endpoint: string,
  count: number,
  service: keyof typeof SCOPES = 'AWSGlue',
): GlueHttp {
  const { hostname, port, host } = new URL(endpoint);
  const connections = Array.from({ length: count }, () => openConnection(hostname, Number(port)));
  const free = [...connections];
  const waiting: ((connection: Connection) => void)[] = [];

  const leave = (connection: Connection) => {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  };
  return {
    async call(operation, input) {
      const connection = free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
      try {
        const body = typeof input === 'string' ? input : JSON.stringify(input);
        const head =
          `POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/x-amz-json-1.1\r\n` +
          `x-amz-target: ${service}.${operation}\r\nauthorization: ${authorization(SCOPES[service])}\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
        const { status, text } = await connection.send(head + body);
        if (status !== 200) throw new Error(`${operation} was answered with ${status}: ${text}`);
        return text;
      } finally {
        leave(connection);
      }
    },
    close: () => connections.forEach((connection) => connection.close()),
  };
}

interface Answer {
  status: number;
  text: string;
}

interface Connection {
  /** One request at a time. Connects again when the server has closed the connection after its last answer. */
  send(request: string): Promise<Answer>;
  close(): void;
}

function openConnection(host: string, port: number): Connection {
  let socket: Socket | undefined;
  let pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  let chunks: Buffer[] = [];
  let received = 0;
  let wanted = Infinity;

  const open = () => {
    const opened = connect({ host, port, noDelay: true });
    opened.on('data', receive);
    // What becomes of a connection that was given up is nobody's concern.
    opened.on('error', (error) => socket === opened && pending?.reject(error));
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = undefined;
      pending?.reject(new Error('The server closed the connection before its answer was complete.'));
    });
    return opened;
  };

  function receive(chunk: Buffer): void {
    chunks.push(chunk);
    received += chunk.length;
    if (wanted === Infinity) {
      if (chunks.length > 1) chunks = [Buffer.concat(chunks)];
      const headEnd = (chunks[0] as Buffer).indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = (chunks[0] as Buffer).toString('latin1', 0, headEnd);
      const length = /^content-length: *(\d+)/im.exec(head)?.[1];
      if (length === undefined) {
        pending?.reject(new Error(`The answer does not say how long it is:\n${head}`));
        return;
      }
      wanted = headEnd + 4 + Number(length);
    }
    if (received >= wanted) finish();
  }

  function finish(): void {
    const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const headEnd = whole.indexOf('\r\n\r\n');
    const head = whole.toString('latin1', 0, headEnd);
    if (/^connection: *close/im.test(head) || head.startsWith('HTTP/1.0')) {
      socket?.destroy();
      socket = undefined;
    }
    const { resolve } = pending as NonNullable<typeof pending>;
    pending = undefined;
    [chunks, received, wanted] = [[], 0, Infinity];
    resolve({ status: Number(head.slice(9, 12)), text: whole.toString('utf8', headEnd + 4) });
  }

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        pending = { resolve, reject };
        socket ??= open();
        socket.write(request);
      }),
    close: () => socket?.destroy(),
  };
}
