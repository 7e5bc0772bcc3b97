// Answers that go on: the members of a union one after the other, each a message of the AWS event stream encoding.
import { Readable } from 'node:stream';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { encodeJson } from './json.js';
import { errorShape, type StructShape } from './schema.js';

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

interface EventStreamMember {
  name: string;
  union: StructShape;
}

/** The member of an operation's output that is an event stream, if one is. */
export function eventStreamMember(output: StructShape): EventStreamMember | undefined {
  for (const { name, shape } of output.members) {
    if (shape.kind === 'struct' && shape.isUnion && shape.traits.streaming) return { name, union: shape };
  }
  return undefined;
}

/**
 * JSON protocols begin with a message `initial-response`, which holds the output's other members; no stream of the services
 * here has one. Members of their events are all in the payload. Source: Smithy, "Amazon Event Stream Specification".
 * The events are asked for as the reader takes them, and left when it goes.
 */
export function encodeEventStream(
  { name, union }: EventStreamMember,
  output: Record<string, unknown>,
  { client, contentType }: { client: object; contentType: string },
): Readable {
  const events = output[name] as AsyncIterable<Record<string, unknown>>;
  return Readable.from(encodeEach(), { objectMode: false, highWaterMark: 1 });

  async function* encodeEach(): AsyncGenerator<Uint8Array> {
    yield encodeMessage({ ':message-type': 'event', ':event-type': 'initial-response' }, '{}');
    for await (const event of events) {
      for (const { name: memberName, shape } of union.members) {
        const value = event[memberName];
        if (value === undefined) continue;
        const isError = shape.kind === 'struct' && errorShape(client, shape.name) !== undefined;
        const headers: Record<string, string> = isError
          ? { ':message-type': 'exception', ':exception-type': memberName }
          : { ':message-type': 'event', ':event-type': memberName };
        yield encodeMessage(headers, encodeJson(shape, value));
      }
    }
  }

  function encodeMessage(headers: Record<string, string>, payload: string): Uint8Array {
    const all = { ...headers, ':content-type': contentType };
    return codec.encode({
      headers: Object.fromEntries(
        Object.entries(all).map(([key, value]) => [key, { type: 'string', value }]),
      ),
      body: Buffer.from(payload),
    });
  }
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
);
