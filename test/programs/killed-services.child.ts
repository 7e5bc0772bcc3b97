// Has queues, schedules, logs, events and functions in the middle of things, tells of them, and dies by SIGKILL.
import { openEmbedded } from '../../src/embedded.js';
import { zipOf } from '../functions/zip-of.js';

const [, , dataDir = '', marker = '', eventCount = ''] = process.argv;
const aws = await openEmbedded({ dataDir });
const { events, iam, lambda, logs, scheduler, sqs } = aws.clients();
const queue = async (QueueName: string) => (await sqs.createQueue({ QueueName })).QueueUrl as string;
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${aws.accountId}:${name}`;
const Service = ['lambda.amazonaws.com', 'scheduler.amazonaws.com'];
const { Role } = await iam.createRole({
  RoleName: 'Programs',
  AssumeRolePolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  }),
});

const work = await queue('work');
await sqs.sendMessage({ QueueUrl: work, MessageBody: 'taken' });
await sqs.sendMessage({ QueueUrl: work, MessageBody: 'late', DelaySeconds: 900 });
const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: work, VisibilityTimeout: 600 });
await sqs.sendMessage({ QueueUrl: work, MessageBody: 'waiting' });

await logs.createLogGroup({ logGroupName: 'lines' });
await logs.createLogStream({ logGroupName: 'lines', logStreamName: 's' });
const timestamp = Date.now();
await logs.putLogEvents({
  logGroupName: 'lines',
  logStreamName: 's',
  logEvents: ['one', 'two'].map((message) => ({ timestamp, message })),
});

await queue('fired');
await scheduler.createSchedule({
  Name: 'hour',
  ScheduleExpression: `at(${new Date(timestamp + 3_600_000).toISOString().slice(0, 19)})`,
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: arnOf('fired'), RoleArn: Role?.Arn, Input: 'an hour later' },
});

// An event for a function that may not run yet waits.
await lambda.createFunction({
  FunctionName: 'later',
  Role: Role?.Arn,
  Runtime: 'nodejs20.x',
  Handler: 'index.handler',
  Code: {
    ZipFile: zipOf({
      'index.js': `exports.handler = async (event) => require('node:fs').writeFileSync(${JSON.stringify(marker)}, event.text);`,
    }),
  },
});
await lambda.putFunctionConcurrency({ FunctionName: 'later', ReservedConcurrentExecutions: 0 });
await lambda.invoke({ FunctionName: 'later', InvocationType: 'Event', Payload: '{"text":"handled"}' });

const heard = await queue('heard');
await events.putRule({ Name: 'r', EventPattern: '{"source":["test"]}' });
await events.putTargets({ Rule: 'r', Targets: [{ Id: 'q', Arn: arnOf('heard'), InputPath: '$.detail.n' }] });
for (let from = 0; from < Number(eventCount); from += 10) {
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Source: 'test',
    DetailType: 'n',
    Detail: JSON.stringify({ n: from + index }),
  }));
  await events.putEvents({ Entries });
}
let delivered = 0;
while (delivered === 0) {
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: heard, AttributeNames: ['All'] });
  delivered = Number(Attributes?.ApproximateNumberOfMessages);
}
const told = JSON.stringify({ timestamp, receipt: Messages[0]?.ReceiptHandle, delivered });
process.stdout.write(told, () => process.kill(process.pid, 'SIGKILL'));
