// Lambda operations that invoke functions, and how asynchronous invocations are handled.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import { configKey, type EventConfig } from '../../functions/event-invocations.js';
import {
  functionArn,
  LATEST,
  parseFunctionReference,
  type FunctionReference,
  type FunctionScope,
} from '../../functions/function-name.js';
import { invalidValue, lambdaError, notSupported } from '../../functions/lambda-error.js';
import type { Functions } from '../../functions/open-functions.js';
import type { Operations } from '../../wire/service.js';
import { pageOfList } from './page.js';

/** AWS docs: Lambda quotas, invocation payload. */
const PAYLOAD_BYTES_MAX = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024 };
const CLIENT_CONTEXT_BYTES_MAX = 3583;

export function invocationOperations(
  functions: Functions,
  { clock, ids, ...scope }: FunctionScope & { clock: Clock; ids: Ids },
) {
  const { table, eventConfigs } = functions;
  const toConfig = (reference: FunctionReference, { lastModified, ...config }: EventConfig) => ({
    ...config,
    LastModified: lastModified,
    FunctionArn: functionArn(scope, { name: reference.name, qualifier: reference.qualifier ?? LATEST }),
    DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...config.DestinationConfig },
  });
  const getConfig = (reference: FunctionReference) => {
    table.resolve(reference);
    const config = eventConfigs.get(configKey(reference));
    if (config) return config;
    throw lambdaError(
      'ResourceNotFoundException',
      404,
      `The function ${functionArn(scope, reference)} doesn't have an EventInvokeConfig`,
    );
  };
  const putConfig = (reference: FunctionReference, config: Omit<EventConfig, 'lastModified'>) => {
    table.resolve(reference);
    const kept = { ...config, lastModified: clock.now() };
    eventConfigs.put(configKey(reference), kept);
    return toConfig(reference, kept);
  };

  return {
    async Invoke(input) {
      const { FunctionName, Qualifier, InvocationType = 'RequestResponse', LogType = 'None' } = input;
      for (const member of ['TenantId', 'DurableExecutionName'] as const) {
        if (input[member] !== undefined) throw notSupported(member, 'leave it out');
      }
      const reference = parseFunctionReference(FunctionName, Qualifier);
      table.resolve(reference);
      // The SDK lets a caller give more kinds of bytes; the wire gives one.
      const payload = payloadOf(input.Payload as Uint8Array | undefined, InvocationType);
      const clientContext = clientContextOf(input.ClientContext);
      const requestId = ids.uuid();
      if (InvocationType === 'DryRun') return { StatusCode: 204 };
      if (InvocationType === 'Event') {
        functions.invokeLater(functionArn(scope, reference), payload, {
          requestId,
          ...(clientContext === undefined ? {} : { clientContext }),
        });
        return { StatusCode: 202 };
      }
      const result = await functions.invoke({
        reference,
        requestId,
        payload,
        ...(clientContext === undefined ? {} : { clientContext }),
      });
      return {
        StatusCode: 200,
        ...(result.isError ? { FunctionError: 'Unhandled' } : {}),
        ...(LogType === 'Tail' ? { LogResult: Buffer.from(result.logTail).toString('base64') } : {}),
        Payload: asBlob(result.payload),
        ExecutedVersion: result.executedVersion,
      };
    },
    PutFunctionEventInvokeConfig({ FunctionName, Qualifier, ...config }) {
      return putConfig(parseFunctionReference(FunctionName, Qualifier), config);
    },
    UpdateFunctionEventInvokeConfig({ FunctionName, Qualifier, ...change }) {
      const reference = parseFunctionReference(FunctionName, Qualifier);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      return putConfig(reference, { ...getConfig(reference), ...given });
    },
    GetFunctionEventInvokeConfig({ FunctionName, Qualifier }) {
      const reference = parseFunctionReference(FunctionName, Qualifier);
      return toConfig(reference, getConfig(reference));
    },
    ListFunctionEventInvokeConfigs({ FunctionName, ...page }) {
      const { name } = parseFunctionReference(FunctionName);
      table.get(name);
      const { items, ...next } = pageOfList(page, eventConfigs.list({ prefix: `${name}:` }));
      return {
        FunctionEventInvokeConfigs: items.map(({ key, document }) =>
          toConfig({ name, qualifier: key.slice(name.length + 1) }, document),
        ),
        ...next,
      };
    },
    DeleteFunctionEventInvokeConfig({ FunctionName, Qualifier }) {
      const reference = parseFunctionReference(FunctionName, Qualifier);
      getConfig(reference);
      eventConfigs.delete(configKey(reference));
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-lambda')>;
}

type Payload = ReturnType<typeof Uint8Array.from> & { transformToString(encoding?: string): string };

/** The SDK's type of blobs in answers has a method more, which is its own to add. */
function asBlob(text: string): Payload {
  return Buffer.from(text) as unknown as Payload;
}

function payloadOf(payload: Uint8Array | undefined, type: keyof typeof PAYLOAD_BYTES_MAX): string {
  if (payload === undefined || payload.length === 0) return '{}';
  const max = PAYLOAD_BYTES_MAX[type];
  if (payload.length > max) {
    throw lambdaError(
      'RequestTooLargeException',
      413,
      `${payload.length} byte payload is too large for the ${type} invocation type (limit ${max} bytes)`,
    );
  }
  const text = Buffer.from(payload).toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw lambdaError(
      'InvalidRequestContentException',
      400,
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

function clientContextOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const text = Buffer.from(given, 'base64').toString('utf8');
  if (given.length <= CLIENT_CONTEXT_BYTES_MAX && isJson(text)) return text;
  throw invalidValue(
    `ClientContext must be JSON text in base64, at most ${CLIENT_CONTEXT_BYTES_MAX} bytes of it.`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Said by the caller.
    return false;
  }
}
