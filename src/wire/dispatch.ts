// One handler for all services: find the service, decode, check, run the operation, encode. The wire's only catch.
import { GluepotError } from '../base/errors.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import type { Authenticate, Credential } from './authenticate.js';
import { AwsError } from './aws-error.js';
import { checkInput } from './constraints.js';
import { refuseForeignPage } from './foreign-page.js';
import { jsonProtocol } from './json-protocol.js';
import { collectBody, parseParameters, type WireRequest, type WireResponse } from './message.js';
import type { ProtocolCodec } from './protocol.js';
import { queryProtocol } from './query-protocol.js';
import { restJsonProtocol } from './rest-json-protocol.js';
import { restXmlProtocol } from './rest-xml-protocol.js';
import type { RequestContext, Service } from './service.js';

export type WireHandler = (request: WireRequest) => Promise<WireResponse>;

export interface DispatchOptions {
  services: readonly Service[];
  ids: Ids;
  log: Log;
  accountId: string;
  /** Region of a request that names none. */
  region: string;
  authenticate: Authenticate;
  /** Resolves when all that was written so far is on the disk; awaited before anything is answered. */
  durable: () => Promise<void>;
}

export function createDispatcher(options: DispatchOptions): WireHandler {
  const endpoints = options.services.map((service) => ({ service, codec: codecOf(service) }));
  const s3 = endpoints.find(({ service }) => service.protocol === 'rest-xml');

  return async (original) => {
    const requestId = options.ids.uuid();
    // A request with a target and one that no service answers get their errors in JSON, the rest as S3 gives them.
    let endpoint = original.headers['x-amz-target'] === undefined && s3 ? s3 : NOBODY;
    try {
      const credential = credentialOf(original);
      const { buffered, chosen } = await choose(endpoints, original, credential);
      endpoint = chosen ?? endpoint;
      const { callerArn, request } = await options.authenticate(buffered, credential);
      const context: RequestContext = {
        requestId,
        region: credential?.region ?? options.region,
        accountId: options.accountId,
        callerArn,
        accessKeyId: credential?.accessKeyId ?? '',
        origin: request.origin,
      };
      const { service, codec } = endpoint;
      return withRequestId(await call(service, codec, request, context, options.durable), requestId);
    } catch (error) {
      const cause = error instanceof AwsError ? await failureOf(options.durable) : error;
      const answered =
        error instanceof AwsError && !cause ? error : internalError(cause, requestId, options.log);
      return withRequestId(endpoint.codec.encodeError(answered, original, requestId), requestId);
    }
  };
}

/** An error tells of what is there as well: `AlreadyExistsException` must not be known before its cause is safe. */
function failureOf(durable: () => Promise<void>): Promise<unknown> {
  return durable().then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function call(
  service: Service,
  codec: ProtocolCodec,
  request: WireRequest,
  context: RequestContext,
  durable: () => Promise<void>,
): Promise<WireResponse> {
  if (service.runsPrograms) refuseForeignPage(request.headers);
  const { operation, input } = await codec.decode(request);
  const run = service.operations[operation.name];
  if (!run) throw codec.notImplemented(operation.name);
  checkInput(operation.input, input, service.constraints, service.client, service.validationErrorName);
  const output = (await run(input as never, context)) as Record<string, unknown>;
  await durable();
  return codec.encode(operation, output, context.requestId);
}

function codecOf(service: Service): ProtocolCodec {
  switch (service.protocol) {
    case 'json-1.0':
    case 'json-1.1':
      return jsonProtocol(service);
    case 'query':
      return queryProtocol(service);
    case 'rest-xml':
      return restXmlProtocol(service);
    case 'rest-json':
      return restJsonProtocol(service);
  }
}

interface Endpoint {
  service: Service;
  codec: ProtocolCodec;
}

const NO_SERVICE: Service = {
  signingName: '',
  protocol: 'json-1.1',
  client: {},
  operations: {},
  validationErrorName: 'ValidationException',
};
const NOBODY: Endpoint = { service: NO_SERVICE, codec: jsonProtocol(NO_SERVICE) };

/** By target, else by signature, else by the form's Version; a form's body is read for that and handed on read. */
async function choose(
  endpoints: readonly Endpoint[],
  request: WireRequest,
  credential: Credential | undefined,
): Promise<{ buffered: WireRequest; chosen: Endpoint | undefined }> {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const prefix = target.slice(0, target.indexOf('.'));
    const chosen = endpoints.find(({ service }) => service.targetPrefix === prefix);
    if (!chosen)
      throw new AwsError('UnknownOperationException', `No service here answers the target ${target}.`);
    return { buffered: request, chosen };
  }
  const signed = endpoints.find(({ service }) => service.signingName === credential?.signingName);
  if (signed) return { buffered: request, chosen: signed };
  if (
    !request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') &&
    !request.query.includes('Version=')
  ) {
    return { buffered: request, chosen: undefined };
  }
  const body = await collectBody(request.body);
  const fields = [...parseParameters(request.query), ...parseParameters(body.toString('utf8'))];
  const version = fields.find(([name]) => name === 'Version')?.[1];
  const chosen = endpoints.find(
    ({ service }) => service.protocol === 'query' && service.apiVersion === version,
  );
  return { buffered: { ...request, body }, chosen };
}

function credentialOf(request: WireRequest): Credential | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const text = header ?? parseParameters(request.query).find(([name]) => name === 'X-Amz-Credential')?.[1];
  const [accessKeyId, , region, signingName] = text?.split('/').slice(-5) ?? [];
  return accessKeyId !== undefined && region !== undefined && signingName !== undefined
    ? { accessKeyId, region, signingName }
    : undefined;
}

// A GluepotError is no defect but a state of this machine that its user can mend, e.g. a full disk; it says how.
function internalError(error: unknown, requestId: string, log: Log): AwsError {
  log('error', 'internal error', { requestId, error: error instanceof Error ? error.stack : String(error) });
  const message =
    error instanceof GluepotError
      ? error.message
      : `The request ${requestId} failed inside gluepot; its log says where.`;
  return new AwsError('InternalFailure', message, { statusCode: 500, cause: error });
}

function withRequestId(response: WireResponse, requestId: string): WireResponse {
  response.headers['x-amzn-requestid'] = requestId;
  response.headers['x-amz-request-id'] = requestId;
  return response;
}
