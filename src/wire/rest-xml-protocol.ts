// REST-XML as S3 speaks it: the bucket in the path or in the host, errors in S3's own form.
import { AwsError } from './aws-error.js';
import { asReadable, decodePercent, parseParameters, type WireRequest } from './message.js';
import { payloadStream } from './aws-chunked.js';
import type { ProtocolCodec } from './protocol.js';
import { decodeRest, encodeRest, XML_DECLARATION, type BodyFormat } from './rest.js';
import { compileRoutes, type RouteMatch } from './route.js';
import { errorShape } from './schema.js';
import type { Service } from './service.js';
import { escapeXml } from './xml.js';

export function restXmlProtocol(service: Service): ProtocolCodec {
  const format: BodyFormat = { name: 'xml', namespace: service.xmlNamespace ?? '' };
  const route = compileRoutes(() => service.client);
  const notImplemented = (name: string) =>
    new AwsError('NotImplemented', `The operation ${name} is not implemented here.`, { statusCode: 501 });
  return {
    async decode(request) {
      const query = parseParameters(request.query);
      const { bucket, path } = addressOf(request);
      const found = route({ ...request, path, query: new Map(query), hasBucket: bucket !== undefined });
      if (!found) {
        throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
          statusCode: 405,
        });
      }
      if (!(found.operation.name in service.operations)) throw notImplemented(found.operation.name);
      return { operation: found.operation, input: await inputOf(found, bucket, query, request, format) };
    },
    encode(operation, output) {
      const response = encodeRest(operation, output, format);
      if ('content-range' in response.headers) response.statusCode = 206;
      return response;
    },
    encodeError(error, request, requestId) {
      const statusCode = errorShape(service.client, error.name)?.statusCode ?? error.statusCode;
      const hasBody = request.method !== 'HEAD' && statusCode !== 304;
      const members = Object.entries(error.members)
        .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
        .join('');
      return {
        statusCode,
        headers: { 'content-type': 'application/xml' },
        body: hasBody
          ? `${XML_DECLARATION}<Error><Code>${error.name}</Code><Message>${escapeXml(error.message)}</Message>${members}` +
            `<Resource>${escapeXml(request.path)}</Resource><RequestId>${requestId}</RequestId></Error>`
          : '',
      };
    },
    notImplemented,
  };
}

async function inputOf(
  found: RouteMatch,
  bucket: string | undefined,
  query: readonly [name: string, value: string][],
  request: WireRequest,
  format: BodyFormat,
): Promise<Record<string, unknown>> {
  const labels = { ...found.labels, ...(bucket === undefined ? {} : { Bucket: bucket }) };
  const payload = payloadStream(asReadable(request.body), request.headers, {
    verifier: request.chunkVerifier,
    // There the checksum headers speak of the object that the parts will make.
    checksumsAreOfBody: found.operation.name !== 'CompleteMultipartUpload',
  });
  return decodeRest(found.operation, labels, query, request, payload, format);
}

// `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost`: what stands before `.s3.` or `.localhost` is the bucket.
const BUCKET_HOST = /^(.+?)\.(?:s3[.-][^/]*|localhost)(?::\d+)?$/;

function addressOf(request: WireRequest): { bucket?: string; path: string } {
  const hosted = BUCKET_HOST.exec(request.headers['host'] ?? '')?.[1];
  if (hosted !== undefined && hosted !== 's3') return { bucket: hosted, path: request.path };
  const slash = request.path.indexOf('/', 1);
  const bucket = decodePercent(slash < 0 ? request.path.slice(1) : request.path.slice(1, slash));
  return bucket === '' ? { path: '/' } : { bucket, path: slash < 0 ? '/' : request.path.slice(slash) };
}
