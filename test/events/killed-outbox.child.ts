// Puts events whose delivery is a minute late, and dies.
import { openEmbedded } from '../../src/embedded.js';

const [dataDir] = process.argv.slice(2);
const aws = await openEmbedded({ dataDir: dataDir as string, eventFaults: { delayMs: 60_000, seed: 5 } });
const { events, sqs } = aws.clients();
await sqs.createQueue({ QueueName: 'heard' });
await events.putRule({ Name: 'r', EventPattern: '{"source":["test"]}' });
await events.putTargets({
  Rule: 'r',
  Targets: [{ Id: 'q', Arn: `arn:aws:sqs:us-east-1:${aws.accountId}:heard`, InputPath: '$.detail' }],
});
const { FailedEntryCount } = await events.putEvents({
  Entries: Array.from({ length: 10 }, (_, n) => ({
    Source: 'test',
    DetailType: 'n',
    Detail: JSON.stringify({ n }),
  })),
});
process.stdout.write(JSON.stringify({ FailedEntryCount }));
process.stdout.write('', () => process.kill(process.pid, 'SIGKILL'));
