// REST-JSON as Batch, Lambda and Scheduler speak it: the operation in method and path, the rest bound or in a JSON body.
import { AwsError } from './aws-error.js';
import { encodeJson } from './json.js';
import { asReadable, parseParameters, type WireRequest } from './message.js';
import type { ProtocolCodec } from './protocol.js';
import { decodeRest, encodeRest, type BodyFormat } from './rest.js';
import { compileRoutes } from './route.js';
import { errorShape } from './schema.js';
import type { Service } from './service.js';
import { encodeText } from './text.js';

const FORMAT: BodyFormat = { name: 'json' };

export function restJsonProtocol(service: Service): ProtocolCodec {
  const route = compileRoutes(() => service.client);
  return {
    async decode(request) {
      const parameters = parseParameters(request.query);
      const found = route({ ...request, query: new Map(parameters) });
      if (!found) throw unknownRoute(service, request);
      const { operation, labels } = found;
      const payload = asReadable(request.body);
      return { operation, input: await decodeRest(operation, labels, parameters, request, payload, FORMAT) };
    },
    encode(operation, output) {
      const response = encodeRest(operation, output, FORMAT);
      return { ...response, headers: { 'content-type': 'application/json', ...response.headers } };
    },
    encodeError(error) {
      const shape = errorShape(service.client, error.name);
      const members = shape?.members ?? [];
      const spelled = members.find(({ name }) => name.toLowerCase() === 'message')?.name ?? 'message';
      const values: Record<string, unknown> = { ...error.members, [spelled]: error.message };
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        'x-amzn-errortype': error.name,
      };
      for (const { name, shape: memberShape, traits } of members) {
        if (traits.httpHeader === undefined || values[name] === undefined) continue;
        headers[traits.httpHeader.toLowerCase()] = encodeText(memberShape, values[name], 'http-date');
      }
      const inBody = members.filter(({ traits }) => traits.httpHeader === undefined);
      return {
        statusCode: shape?.statusCode ?? error.statusCode,
        headers,
        body: shape ? encodeJson({ ...shape, members: inBody }, values) : JSON.stringify(values),
      };
    },
    notImplemented: (name) =>
      new AwsError('UnknownOperationException', `Unknown operation: ${name}`, { statusCode: 404 }),
  };
}

function unknownRoute({ signingName }: Service, { method, path }: WireRequest): AwsError {
  const what = `${method} ${path.slice(0, 200)}`;
  return new AwsError('UnknownOperationException', `No operation of ${signingName} is at ${what}.`, {
    statusCode: 404,
  });
}
