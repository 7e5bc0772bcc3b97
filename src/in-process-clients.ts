// SDK v3 clients whose requests go to the embedded AWS without a socket.
import type { Athena } from '@aws-sdk/client-athena';
import type { Batch } from '@aws-sdk/client-batch';
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { EventBridge } from '@aws-sdk/client-eventbridge';
import type { Glue } from '@aws-sdk/client-glue';
import type { IAM } from '@aws-sdk/client-iam';
import type { Lambda } from '@aws-sdk/client-lambda';
import type { S3 } from '@aws-sdk/client-s3';
import type { Scheduler } from '@aws-sdk/client-scheduler';
import type { SQS } from '@aws-sdk/client-sqs';
import type { STS } from '@aws-sdk/client-sts';
import { CLIENT_LOGGER } from './aws/client-logger.js';
import type { WireHandler } from './wire/dispatch.js';
import { IN_PROCESS_ENDPOINT, inProcessRequestHandler } from './wire/in-process.js';
import { sdkModule } from './wire/sdk-module.js';

export interface EmbeddedClients {
  glue: Glue;
  s3: S3;
  iam: IAM;
  sts: STS;
  logs: CloudWatchLogs;
  events: EventBridge;
  scheduler: Scheduler;
  sqs: SQS;
  athena: Athena;
  batch: Batch;
  lambda: Lambda;
  dynamodb: DynamoDB;
}

const ANY_CREDENTIALS = { accessKeyId: 'gluepot', secretAccessKey: 'gluepot' };

/** Each client is made, and its module loaded, when it is first used. */
export function inProcessClients(
  handler: WireHandler,
  {
    region,
    credentials = ANY_CREDENTIALS,
  }: { region: string; credentials: { accessKeyId: string; secretAccessKey: string } | undefined },
): EmbeddedClients {
  const config = {
    region,
    endpoint: IN_PROCESS_ENDPOINT,
    credentials,
    requestHandler: inProcessRequestHandler(handler),
    maxAttempts: 1,
    logger: CLIENT_LOGGER,
  };
  return madeWhenRead<EmbeddedClients>({
    glue: () => new (sdkModule('glue').Glue)(config),
    s3: () => new (sdkModule('s3').S3)({ ...config, forcePathStyle: true }),
    iam: () => new (sdkModule('iam').IAM)(config),
    sts: () => new (sdkModule('sts').STS)(config),
    logs: () => new (sdkModule('cloudwatch-logs').CloudWatchLogs)(config),
    events: () => new (sdkModule('eventbridge').EventBridge)(config),
    scheduler: () => new (sdkModule('scheduler').Scheduler)(config),
    sqs: () => new (sdkModule('sqs').SQS)(config),
    athena: () => new (sdkModule('athena').Athena)(config),
    batch: () => new (sdkModule('batch').Batch)(config),
    lambda: () => new (sdkModule('lambda').Lambda)(config),
    dynamodb: () => new (sdkModule('dynamodb').DynamoDB)(config),
  });
}

function madeWhenRead<Members extends object>(makers: {
  [Name in keyof Members]: () => Members[Name];
}): Members {
  const members = {} as Members;
  for (const name of Object.keys(makers) as (keyof Members)[]) {
    Object.defineProperty(members, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = makers[name]();
        Object.defineProperty(members, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return members;
}
