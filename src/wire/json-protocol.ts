// AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, everything else in the body.
import { AwsError } from './aws-error.js';
import { encodeEventStream, EVENT_STREAM_TYPE, eventStreamMember } from './event-stream.js';
import { decodeJson, encodeJson } from './json.js';
import { collectBody, type WireResponse } from './message.js';
import type { ProtocolCodec } from './protocol.js';
import { errorShape, operationShape } from './schema.js';
import type { Service } from './service.js';

export function jsonProtocol(service: Service): ProtocolCodec {
  const contentType =
    service.protocol === 'json-1.0' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1';
  const unknown = (name: string) => new AwsError('UnknownOperationException', `Unknown operation: ${name}`);
  return {
    async decode(request) {
      const target = request.headers['x-amz-target'] ?? '';
      const name = target.slice(target.indexOf('.') + 1);
      const operation = operationShape(service.client, name);
      if (!operation) throw unknown(name);
      return { operation, input: decodeJson(operation.input, await collectBody(request.body)) };
    },
    encode(operation, output) {
      const stream = eventStreamMember(operation.output);
      return stream
        ? {
            statusCode: 200,
            headers: { 'content-type': EVENT_STREAM_TYPE },
            body: encodeEventStream(stream, output, { client: service.client, contentType }),
          }
        : {
            statusCode: 200,
            headers: { 'content-type': contentType },
            body: encodeJson(operation.output, output),
          };
    },
    encodeError: (error) => ({
      statusCode: error.statusCode,
      headers: { 'content-type': contentType, 'x-amzn-errortype': error.name, ...queryError(service, error) },
      body: errorBody(service, error),
    }),
    notImplemented: unknown,
  } satisfies ProtocolCodec;
}

function queryError(
  { client, hasQueryErrors }: Service,
  { name, statusCode }: AwsError,
): Record<string, string> {
  const fault = statusCode < 500 ? 'Sender' : 'Receiver';
  return hasQueryErrors
    ? { 'x-amzn-query-error': `${errorShape(client, name)?.queryCode ?? name};${fault}` }
    : {};
}

/** `__type`, the message under the name that the error's model gives it, and the error's further members. */
function errorBody(service: Service, error: AwsError): WireResponse['body'] {
  const shape = errorShape(service.client, error.name);
  const spelled = shape?.members.find((member) => member.name.toLowerCase() === 'message')?.name ?? 'message';
  const members: Record<string, unknown> = { ...error.members, [spelled]: error.message };
  const known = shape ? encodeJson(shape, members) : JSON.stringify(members);
  return `{"__type":${JSON.stringify(error.name)},${known.slice(1)}`;
}
