// Runs jobs and functions in the data directory of its argument, tells of them, and dies by SIGKILL while they are at work.
import { openEmbedded } from '../../src/embedded.js';
import { zipOf } from '../functions/zip-of.js';
import { defineJobs } from './define-jobs.js';

const [, , dataDir = '', marker = ''] = process.argv;
const aws = await openEmbedded({ dataDir });
const { batch, iam, lambda, logs } = aws.clients();
await defineJobs(batch);

const submit = async (jobDefinition: string, dependsOn: string[] = []) => {
  const { jobId = '' } = await batch.submitJob({
    jobName: jobDefinition,
    jobQueue: 'queue',
    jobDefinition,
    dependsOn: dependsOn.map((one) => ({ jobId: one })),
  });
  return jobId;
};
const long = await submit('long');
const retried = await submit('retried');
const waiting = await submit('quick', [long]);
const later = await submit('quick', [retried]);

const { Role } = await iam.createRole({
  RoleName: 'FunctionRole',
  AssumeRolePolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }),
});
// The first time it hangs; the second time there is the mark of the first.
const code = `const { existsSync, writeFileSync } = require('node:fs');
  exports.handler = async () => {
    console.log('pid ' + process.pid);
    if (existsSync(${JSON.stringify(marker)})) return writeFileSync(${JSON.stringify(`${marker}.again`)}, 'x');
    writeFileSync(${JSON.stringify(marker)}, String(process.pid));
    await new Promise((resolve) => setTimeout(resolve, 60000));
  };`;
await lambda.createFunction({
  FunctionName: 'hangs',
  Role: Role?.Arn,
  Runtime: 'nodejs20.x',
  Handler: 'index.handler',
  Timeout: 100,
  Code: { ZipFile: zipOf({ 'index.js': code }) },
});
await lambda.invoke({ FunctionName: 'hangs', InvocationType: 'Event' });

for (;;) {
  const { jobs = [] } = await batch.describeJobs({ jobs: [long, retried] });
  const { logStreams = [] } = await logs
    .describeLogStreams({ logGroupName: '/aws/lambda/hangs' })
    .catch(() => ({ logStreams: [] }));
  if (jobs.every(({ status }) => status === 'RUNNING') && logStreams.length > 0) break;
}
process.stdout.write(JSON.stringify({ long, retried, waiting, later }), () =>
  process.kill(process.pid, 'SIGKILL'),
);
