// The gate for SDK upgrades: a synthetic input and output of every operation, through the SDK's client and back.
import * as athena from '@aws-sdk/client-athena';
import * as batch from '@aws-sdk/client-batch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as sqs from '@aws-sdk/client-sqs';
import * as glue from '@aws-sdk/client-glue';
import * as iam from '@aws-sdk/client-iam';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { inProcessRequestHandler } from './in-process.js';
import { jsonProtocol } from './json-protocol.js';
import { queryProtocol } from './query-protocol.js';
import { restJsonProtocol } from './rest-json-protocol.js';
import { operationNames, operationShape, type OperationShape, type Shape } from './schema.js';
import type { Service } from './service.js';

const service = (client: object, protocol: Service['protocol'], signingName: string): Service => ({
  signingName,
  protocol,
  client,
  operations: {},
  validationErrorName: 'ValidationException',
  xmlNamespace: 'https://example.com/doc/',
});

const MEMBER_DEPTH_MAX = 6;

/** A value of the shape in which every member is there, as deep as recursion allows. */
function sample(shape: Shape, depth = 0): unknown {
  switch (shape.kind) {
    case 'string':
      return 'text <&> \u00fc';
    case 'boolean':
      return true;
    case 'number':
      return 7;
    case 'document':
      return { any: ['thing', 1] };
    case 'blob':
      return new Uint8Array([0, 1, 254, 255]);
    case 'timestamp':
      return new Date(1_700_000_000_000);
    case 'list':
      return [sample(shape.item.shape, depth + 1)];
    case 'map':
      return { key: sample(shape.value.shape, depth + 1) };
    case 'struct': {
      const members = shape.isUnion ? shape.members.slice(0, 1) : shape.members;
      if (depth > MEMBER_DEPTH_MAX) return undefined;
      const entries = members.map((member) => [member.name, sample(member.shape, depth + 1)] as const);
      return Object.fromEntries(entries.filter(([, value]) => isComplete(value)));
    }
  }
}

// What recursion has cut off would be sent as an empty list or a null.
function isComplete(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isComplete);
  if (value instanceof Date || value instanceof Uint8Array) return true;
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isComplete);
  return value !== undefined;
}

function statusCodeOf({ http, output: { members } }: OperationShape, output: unknown): unknown {
  const inOutput = members.find(({ traits }) => traits.httpResponseCode);
  return inOutput ? (output as Record<string, unknown>)[inOutput.name] : http.statusCode;
}

/** Bytes of whatever class as plain ones; everything else as it is. */
function plain(value: object): object {
  const entries = Object.entries(value) as [string, unknown][];
  return Object.fromEntries(
    entries.map(([name, item]) => [name, item instanceof Uint8Array ? Uint8Array.from(item) : item]),
  );
}

const STREAMED = ['StartLiveTail', 'GetLogObject', 'InvokeWithResponseStream', 'InvokeAsync'];

describe.each([
  ['glue', service(glue, 'json-1.1', 'glue'), 'GlueClient'],
  ['iam', service(iam, 'query', 'iam'), 'IAMClient'],
  ['sts', service(sts, 'query', 'sts'), 'STSClient'],
  ['logs', service(logs, 'json-1.1', 'logs'), 'CloudWatchLogsClient'],
  ['athena', service(athena, 'json-1.1', 'athena'), 'AthenaClient'],
  ['events', service(events, 'json-1.1', 'events'), 'EventBridgeClient'],
  ['dynamodb', service(dynamodb, 'json-1.0', 'dynamodb'), 'DynamoDBClient'],
  ['sqs', service(sqs, 'json-1.0', 'sqs'), 'SQSClient'],
  ['batch', service(batch, 'rest-json', 'batch'), 'BatchClient'],
  ['lambda', service(lambda, 'rest-json', 'lambda'), 'LambdaClient'],
  ['scheduler', service(scheduler, 'rest-json', 'scheduler'), 'SchedulerClient'],
] as const)('every operation of %s', (_name, served, clientName) => {
  const codec =
    served.protocol === 'query'
      ? queryProtocol(served)
      : served.protocol === 'rest-json'
        ? restJsonProtocol(served)
        : jsonProtocol(served);
  const module = served.client as Record<string, new (input: unknown) => never>;
  const Client = module[clientName] as unknown as new (config: object) => {
    send(command: never): Promise<object>;
  };

  it.each(operationNames(served.client).filter((name) => !STREAMED.includes(name)))(
    '%s keeps its input and output',
    async (name) => {
      const operation = operationShape(served.client, name) as OperationShape;
      const input = sample(operation.input) as Record<string, unknown>;
      // An endpoint of several regions is signed in a way of its own.
      delete input['EndpointId'];
      const output = sample(operation.output);
      let received: unknown;
      const client = new Client({
        region: 'us-east-1',
        md5: false,
        endpoint: 'http://localhost',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        requestHandler: inProcessRequestHandler(async (request) => {
          const call = await codec.decode(request);
          expect(call.operation.name).toBe(name);
          received = call.input;
          return codec.encode(call.operation, output as Record<string, unknown>, 'request-1');
        }),
      });
      const Command = module[`${name}Command`] as new (input: unknown) => never;
      const { $metadata, ...answered } = (await client.send(new Command(input))) as { $metadata: object };
      expect($metadata).toMatchObject({ httpStatusCode: statusCodeOf(operation, output) });
      expect(received).toEqual(input);
      expect(plain(answered)).toEqual(output);
    },
  );
});
