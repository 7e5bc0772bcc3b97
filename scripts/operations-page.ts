// The reference page of operations, made from the services themselves. `npm run docs` writes it.
import { writeFileSync } from 'node:fs';
import { openEmbedded } from '../src/embedded.js';
import { operationNames } from '../src/wire/schema.js';

export const OPERATIONS_PAGE = 'docs/reference/operations.md';

const TITLES: Record<string, string> = {
  athena: 'Amazon Athena',
  batch: 'AWS Batch',
  dynamodb: 'Amazon DynamoDB',
  events: 'Amazon EventBridge',
  glue: 'AWS Glue',
  iam: 'IAM',
  lambda: 'AWS Lambda',
  logs: 'CloudWatch Logs',
  s3: 'Amazon S3',
  scheduler: 'EventBridge Scheduler',
  sqs: 'Amazon SQS',
  sts: 'STS',
};

export async function operationsPage(): Promise<string> {
  const aws = await openEmbedded();
  const sections = [...aws.services]
    .sort((a, b) => a.signingName.localeCompare(b.signingName))
    .map(({ signingName, client, operations }) => {
      const names = Object.keys(operations).sort();
      return [
        `## ${TITLES[signingName] ?? signingName}`,
        '',
        `${names.length} of the ${operationNames(client).length} operations that the SDK's model knows.`,
        '',
        ...names.map((name) => `- ${name}`),
      ].join('\n');
    });
  await aws.close();
  return [
    '# Operations',
    '',
    'What the embedded AWS answers. Every other operation is answered as AWS answers one it does not know:',
    '`UnknownOperationException` (JSON services), `InvalidAction` (IAM, STS), `NotImplemented` (S3). Nothing has an empty success.',
    '',
    'This page is generated: `npm run docs`.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

if (process.argv[1]?.endsWith('operations-page.ts')) writeFileSync(OPERATIONS_PAGE, await operationsPage());
