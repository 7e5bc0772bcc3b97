// A server between clients and another: it passes requests on, or fails as a test says, on a real socket.
import { once } from 'node:events';
import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What becomes of a request instead of being passed on; `lose` passes it on, and breaks off instead of answering. */
export type RelayFault =
  'hang' | 'stall' | 'reset' | 'lose' | 'deny' | 'slow-down' | 'throttle' | 'other-region';

export interface Relayed {
  method: string;
  path: string;
  /** Of the JSON protocols, e.g. `AWSGlue.UpdateTable`; otherwise empty. */
  target: string;
  /** Of the JSON protocols. */
  input: Record<string, unknown>;
}

export interface FaultyRelay {
  endpoint: string;
  /** All that came in, in order. */
  readonly requests: readonly Relayed[];
  /** Asked at each request, which waits for the answer; undefined passes it on. */
  faultOf: (request: Relayed) => RelayFault | undefined | Promise<RelayFault | undefined>;
  close(): Promise<void>;
}

export async function startFaultyRelay(endpoint: string): Promise<FaultyRelay> {
  const requests: Relayed[] = [];
  const relay = createServer((request, answer) => {
    pass(request, answer).catch(() => answer.destroy()); // The other is gone, as it is at the end of a test.
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');

  const pass = async (request: IncomingMessage, answer: ServerResponse) => {
    const body = await buffer(request);
    const { method = 'GET', url = '/' } = request;
    const target = String(request.headers['x-amz-target'] ?? '');
    const input = target === '' ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
    const relayed = { method, path: url, target, input };
    requests.push(relayed);
    const fault = await faulty.faultOf(relayed);
    if (fault === 'hang') return;
    if (fault === 'stall') {
      answer.writeHead(200, { 'content-length': 100 });
      answer.write('{');
      return;
    }
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault !== undefined && fault !== 'lose') {
      const { status, type, text, region } =
        target !== '' && fault === 'deny' ? deniedJson(target) : ANSWERS[fault];
      answer.writeHead(status, {
        'content-type': type,
        ...(region ? { 'x-amz-bucket-region': region } : {}),
      });
      return void answer.end(method === 'HEAD' ? '' : text);
    }
    const onward = sendRequest(endpoint + url, { method, headers: request.headers, agent: false });
    onward.end(body);
    const [passed] = (await once(onward, 'response')) as [IncomingMessage];
    const bytes = await buffer(passed);
    if (fault === 'lose') return void request.socket.resetAndDestroy();
    answer.writeHead(passed.statusCode ?? 500, passed.headers);
    answer.end(bytes);
  };

  const faulty: FaultyRelay = {
    endpoint: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    requests,
    faultOf: () => undefined,
    async close() {
      const closed = once(relay, 'close');
      relay.closeAllConnections();
      relay.close();
      await closed;
    },
  };
  return faulty;
}

const s3Error = (code: string, message: string) =>
  `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

interface Answer {
  status: number;
  type: string;
  text: string;
  /** Of the bucket, where it is told. */
  region?: string;
}

const deniedJson = (target: string): Answer => {
  const Message = `User is not authorized to perform: ${target.replace('AWSGlue.', 'glue:')}`;
  const text = JSON.stringify({ __type: 'AccessDeniedException', Message });
  return { status: 400, type: 'application/x-amz-json-1.1', text };
};

const ANSWERS: Readonly<Record<Exclude<RelayFault, 'hang' | 'stall' | 'reset' | 'lose'>, Answer>> = {
  deny: { status: 403, type: 'application/xml', text: s3Error('AccessDenied', 'Access Denied') },
  'slow-down': {
    ...{ status: 503, type: 'application/xml' },
    text: s3Error('SlowDown', 'Please reduce your request rate.'),
  },
  'other-region': {
    ...{ status: 301, type: 'application/xml', region: 'eu-west-1' },
    text: s3Error('PermanentRedirect', 'The bucket must be addressed by the specified endpoint.'),
  },
  throttle: {
    ...{ status: 400, type: 'application/x-amz-json-1.1' },
    text: '{"__type":"ThrottlingException","Message":"Rate exceeded"}',
  },
};
