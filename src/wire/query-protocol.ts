// AWS Query: a form with an Action, answered in XML.
import { AwsError } from './aws-error.js';
import { collectBody, parseParameters } from './message.js';
import type { ProtocolCodec } from './protocol.js';
import { decodeFields } from './query.js';
import { errorShape, operationShape } from './schema.js';
import type { Service } from './service.js';
import { encodeMembers, escapeXml } from './xml.js';

export function queryProtocol(service: Service): ProtocolCodec {
  const namespace = service.xmlNamespace ?? '';
  const invalid = (name: string) =>
    new AwsError('InvalidAction', `Could not find operation ${name} for version ${service.apiVersion ?? ''}`);
  return {
    async decode(request) {
      const body = (await collectBody(request.body)).toString('utf8');
      const fields = [...parseParameters(request.query), ...parseParameters(body)];
      const name = fields.find(([field]) => field === 'Action')?.[1] ?? '';
      const operation = operationShape(service.client, name);
      if (!operation) throw invalid(name);
      return { operation, input: decodeFields(operation.input, fields) };
    },
    encode(operation, output, requestId) {
      const { name } = operation;
      const members = encodeMembers(operation.output.members, output);
      const result = operation.output.members.length > 0 ? `<${name}Result>${members}</${name}Result>` : '';
      return {
        statusCode: 200,
        headers: { 'content-type': 'text/xml' },
        body:
          `<${name}Response xmlns="${namespace}">${result}` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
      };
    },
    encodeError(error, _request, requestId) {
      const shape = errorShape(service.client, error.name);
      const statusCode = shape?.statusCode ?? error.statusCode;
      return {
        statusCode,
        headers: { 'content-type': 'text/xml' },
        body:
          `<ErrorResponse xmlns="${namespace}"><Error><Type>${statusCode < 500 ? 'Sender' : 'Receiver'}</Type>` +
          `<Code>${shape?.queryCode ?? error.name}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    },
    notImplemented: invalid,
  };
}
