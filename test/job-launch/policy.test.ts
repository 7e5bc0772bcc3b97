// The policy that a spec asks for: a launcher with just that works, and without any one right fails by its name.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decideAccess } from '../../src/identity/access.js';
import { parsePolicyDocument } from '../../src/identity/policy-document.js';
import { launchPolicy } from '../../src/toolkit/job-launch/index.js';
import { batchEvent, openLaunchFixture, withTable, type LaunchFixture } from './launch-fixture.js';

const PLACE = { partition: 'aws', accountId: '123456789012', region: 'us-east-1' };
const QUEUE_URL = 'http://sqs.us-east-1.localhost/123456789012/told';

type Input = Record<string, string | undefined> & {
  CopySource?: string;
  Delete?: { Objects?: { Key: string }[] };
  TableInput?: { Name: string };
  TablesToDelete?: string[];
};

const object = ({ Bucket, Key }: Input) => [`arn:aws:s3:::${Bucket}/${Key}`];
const glue = (...resources: string[]) => resources.map((one) => `arn:aws:glue:us-east-1:123456789012:${one}`);
const tables = ({ DatabaseName }: Input, ...names: (string | undefined)[]) =>
  glue('catalog', `database/${DatabaseName}`, ...names.map((name) => `table/${DatabaseName}/${name}`));

/** What AWS asks each call for: action and resources, after its service authorization reference. */
const NEEDS: Record<string, (input: Input) => [action: string, resources: string[]][]> = {
  GetObject: (input) => [['s3:GetObject', object(input)]],
  HeadObject: (input) => [['s3:GetObject', object(input)]],
  PutObject: (input) => [['s3:PutObject', object(input)]],
  ListObjectsV2: ({ Bucket }) => [['s3:ListBucket', [`arn:aws:s3:::${Bucket}`]]],
  CopyObject: (input) => [
    ['s3:GetObject', [`arn:aws:s3:::${input.CopySource}`]],
    ['s3:PutObject', object(input)],
  ],
  DeleteObjects: ({ Bucket, Delete }) => [
    ['s3:DeleteObject', (Delete?.Objects ?? []).map(({ Key }) => `arn:aws:s3:::${Bucket}/${Key}`)],
  ],
  GetJob: ({ JobName }) => [['glue:GetJob', glue(`job/${JobName}`)]],
  GetJobRuns: ({ JobName }) => [['glue:GetJobRuns', glue(`job/${JobName}`)]],
  StartJobRun: ({ JobName }) => [['glue:StartJobRun', glue(`job/${JobName}`)]],
  GetTable: (input) => [['glue:GetTable', tables(input, input['Name'])]],
  CreateTable: (input) => [['glue:CreateTable', tables(input, input.TableInput?.Name)]],
  UpdateTable: (input) => [['glue:UpdateTable', tables(input, input.TableInput?.Name)]],
  BatchDeleteTable: (input) => [['glue:BatchDeleteTable', tables(input, ...(input.TablesToDelete ?? []))]],
  StartQueryExecution: ({ WorkGroup }) => [
    ['athena:StartQueryExecution', [`arn:aws:athena:us-east-1:123456789012:workgroup/${WorkGroup}`]],
  ],
  GetQueryExecution: () => [
    ['athena:GetQueryExecution', ['arn:aws:athena:us-east-1:123456789012:workgroup/primary']],
  ],
  ListJobs: () => [['batch:ListJobs', ['*']]],
  TestEventPattern: () => [['events:TestEventPattern', ['*']]],
  PutEvents: () => [['events:PutEvents', ['arn:aws:events:us-east-1:123456789012:event-bus/default']]],
  SendMessage: () => [['sqs:SendMessage', ['arn:aws:sqs:us-east-1:123456789012:told']]],
  GetCallerIdentity: () => [],
};

let fixture: LaunchFixture;
beforeEach(async () => {
  fixture = await openLaunchFixture(
    (spec) => `${withTable(spec)}\nnotify: { eventBus: default, queue: '${QUEUE_URL}' }\n`,
  );
  await fixture.aws.clients().sqs.createQueue({ QueueName: 'told' });
});
afterEach(() => fixture.close());

/** A launcher that is refused what the policy, without the action, does not allow. */
async function launchWith(without?: string) {
  const policy = launchPolicy(fixture.spec, PLACE);
  const Statement = policy.Statement.map((one) => ({
    ...one,
    Action: one.Action.filter((action) => action !== without),
  }));
  const kept = { ...policy, Statement: Statement.filter(({ Action }) => Action.length > 0) };
  const identity = [parsePolicyDocument(JSON.stringify(kept), 'permissions')];
  const { scope, launch } = fixture.launcher();
  const used = new Set<string>();
  for (const client of Object.values(scope.clients) as unknown as (typeof fixture.glue)[]) {
    if (!('middlewareStack' in client)) continue;
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (call) => {
          const needs = NEEDS[commandName.replace(/Command$/, '')];
          if (!needs) throw new Error(`${commandName} is not in the list of what calls need.`);
          for (const [action, resources] of needs(call.input as unknown as Input)) {
            used.add(action);
            for (const resource of resources) {
              const { decision } = decideAccess({ identity }, { action, resource, facts: {} as never });
              if (decision === 'allowed') continue;
              const message = `not authorized to perform: ${action} on ${resource}`;
              throw Object.assign(new Error(message), { name: 'AccessDeniedException' });
            }
          }
          return next(call);
        },
      { step: 'initialize', name: 'policy' },
    );
  }
  return { used, outcome: await launch(batchEvent()) };
}

it('is enough for a launch that clears, redefines, starts and tells', async () => {
  await fixture.put('results/a');
  const { outcome } = await launchWith();
  expect(outcome).toMatchObject({ decision: 'launch', run: { clearedCount: 1, tables: ['lake.counts'] } });
  expect(outcome.notNotified).toBeUndefined();
});

it('is not enough without any one of the rights that a launch uses', async () => {
  await fixture.put('results/a');
  const { used } = await launchWith();
  expect(used.size).toBeGreaterThan(12);
  for (const action of used) {
    await fixture.put('results/a');
    const failure = await launchWith(action).then(
      ({ outcome }) => (outcome.notNotified ?? []).join(' '),
      (error: Error) => error.message,
    );
    // The table is there by now: it is made no more.
    if (action === 'glue:CreateTable') expect(failure).toBe('');
    else expect(failure, action).toContain(`not authorized to perform: ${action}`);
    fixture.later(60);
  }
}, 60_000);

it('names no more than the spec does', () => {
  const text = JSON.stringify(launchPolicy(fixture.spec, { ...PLACE, specUri: 's3://conf/launch.yaml' }));
  const { Statement } = launchPolicy(fixture.spec, PLACE);
  expect(text).toContain('arn:aws:s3:::conf/launch.yaml');
  const everywhere = Statement.filter(({ Resource }) => Resource.includes('*')).flatMap(
    ({ Action }) => Action,
  );
  expect(everywhere).toEqual(['events:TestEventPattern']);
  expect(Statement.filter(({ Action }) => Action.some((action) => action.endsWith('*')))).toEqual([]);
  const deletes = Statement.filter(({ Action }) => Action.includes('s3:DeleteObject'));
  expect(deletes.flatMap(({ Resource }) => Resource)).toEqual([
    'arn:aws:s3:::lake/launch/claims/*',
    'arn:aws:s3:::lake/results/*',
  ]);
});
