// SDK clients of one region and account, or of one endpoint.
import type { AwsClients } from './aws-clients.js';
import { INVOCATION_SILENCE_MAX_MS, unansweredLimits } from './client-config.js';
import { CLIENT_LOGGER } from './client-logger.js';

export interface ClientsAsked {
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  retryMode?: 'adaptive';
  maxAttempts?: number;
  /** How long an answer may pause before it counts as lost; a minute when not given. */
  silenceMs?: number;
}

/** A client of each service; their code is loaded here, for a command that calls nothing must not wait for it. */
export async function openClients({ silenceMs, ...asked }: ClientsAsked): Promise<AwsClients> {
  const config = { ...asked, ...unansweredLimits(silenceMs), logger: CLIENT_LOGGER };
  const [
    { GlueClient },
    { S3Client },
    { IAMClient },
    { STSClient },
    { CloudWatchLogsClient },
    { BatchClient },
    { LambdaClient },
    { EventBridgeClient },
    { SchedulerClient },
    { SQSClient },
    { DynamoDBClient },
    { AthenaClient },
  ] = await Promise.all([
    import('@aws-sdk/client-glue'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    import('@aws-sdk/client-cloudwatch-logs'),
    import('@aws-sdk/client-batch'),
    import('@aws-sdk/client-lambda'),
    import('@aws-sdk/client-eventbridge'),
    import('@aws-sdk/client-scheduler'),
    import('@aws-sdk/client-sqs'),
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/client-athena'),
  ]);
  return {
    glue: new GlueClient(config),
    // Buckets as host names need DNS, which an endpoint of one's own seldom has.
    s3: new S3Client({ ...config, forcePathStyle: config.endpoint !== undefined }),
    iam: new IAMClient(config),
    sts: new STSClient(config),
    logs: new CloudWatchLogsClient(config),
    batch: new BatchClient(config),
    lambda: new LambdaClient({ ...config, ...unansweredLimits(INVOCATION_SILENCE_MAX_MS) }),
    events: new EventBridgeClient(config),
    scheduler: new SchedulerClient(config),
    sqs: new SQSClient(config),
    dynamodb: new DynamoDBClient(config),
    athena: new AthenaClient(config),
  };
}

export function closeClients(clients: AwsClients): Promise<void> {
  for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
  return Promise.resolve();
}
