// Writes to a DynamoDB table, tells of each acknowledged item, and dies in the midst of further writes.
import { openEmbedded } from '../../src/embedded.js';

const [dataDir] = process.argv.slice(2);
const aws = await openEmbedded({ dataDir: dataDir as string });
const { dynamodb } = aws.clients();
await dynamodb.createTable({
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-state',
      KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});
let count = 0;
const write = async () => {
  for (;;) {
    const id = `i${count++}`;
    await dynamodb.putItem({ TableName: 'orders', Item: { id: { S: id }, state: { S: 'new' } } });
    process.stdout.write(`${id}\n`, () => {
      if (count > 150) process.kill(process.pid, 'SIGKILL');
    });
  }
};
await Promise.all([write(), write(), write(), write()]);
