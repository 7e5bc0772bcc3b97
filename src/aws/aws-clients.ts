// The AWS clients that the toolkit works with: real SDK clients, whatever AWS answers them.
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { BatchClient } from '@aws-sdk/client-batch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';

export interface AwsClients {
  glue: GlueClient;
  s3: S3Client;
  iam: IAMClient;
  sts: STSClient;
  logs: CloudWatchLogsClient;
  batch: BatchClient;
  lambda: LambdaClient;
  events: EventBridgeClient;
  scheduler: SchedulerClient;
  sqs: SQSClient;
  dynamodb: DynamoDBClient;
  athena: AthenaClient;
}
