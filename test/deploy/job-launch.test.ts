// The launch function as it is deployed: its bundle fired by EventBridge for real Batch jobs, and a template that SAM's tools accept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPythonClients } from '../clients/python-clients.js';
import { zipOf } from '../functions/zip-of.js';
import { JOB, openLaunchFixture, type LaunchFixture } from '../job-launch/launch-fixture.js';
import { codeFolder, lintTemplate, readSamFunction, translateTemplate } from './sam-template.js';

const TEMPLATE = 'deploy/job-launch/template.yaml';
const NAME = 'JobLaunchFunction';
const launchFunction = readSamFunction(TEMPLATE, NAME);
const { python, missing } = findPythonClients(['cfn-lint', 'aws-sam-translator', 'boto3']);

const QUEUES = ['imports', 'exports', 'checks'];
const SPEC = `
name: nightly
state: s3://lake/launch
require:
  - batchQueuesDrained: { queues: [${QUEUES.join(', ')}], settleSeconds: 0 }
prepare: { clear: [s3://lake/results/], trash: s3://lake/trash/ }
start: { job: ${JOB} }
`;

describe('the bundle', () => {
  const folder = codeFolder(TEMPLATE, launchFunction);
  let code: string;
  let fixture: LaunchFixture;

  beforeAll(async () => {
    fixture = await openLaunchFixture();
    code = readFileSync(join(folder, 'job-launch.js'), 'utf8');
  });

  afterAll(async () => {
    await fixture.close();
  });

  it('is below 1 MB when compressed, without DuckDB, SQLite and the embedded AWS', () => {
    expect(gzipSync(code).length).toBeLessThan(1_000_000);
    expect(code).not.toMatch(/duckdb|photostructure/);
  });

  it('starts one run for three queues whose jobs end in any order, or at once', async () => {
    const { batch, events, iam, lambda } = fixture.aws.clients();
    await fixture.put('launch.yaml', SPEC);
    await fixture.aws.listen({ port: 0 });
    const statement = (rest: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] });
    const { Role } = await iam.createRole({
      RoleName: 'launcher',
      AssumeRolePolicyDocument: statement({
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    });
    await iam.putRolePolicy({
      RoleName: 'launcher',
      PolicyName: 'launch',
      PolicyDocument: statement({ Action: ['batch:*', 'events:*', 'glue:*', 's3:*'], Resource: '*' }),
    });
    const { FunctionArn } = await lambda.createFunction({
      FunctionName: 'launcher',
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: launchFunction.Handler,
      Timeout: 60,
      Code: { ZipFile: zipOf({ 'job-launch.js': code }) },
      Environment: { Variables: { GLUEPOT_LAUNCH_SPEC: 's3://lake/launch.yaml' } },
    });
    await events.putRule({
      Name: 'ended',
      EventPattern: JSON.stringify({
        source: ['aws.batch'],
        'detail-type': ['Batch Job State Change'],
        detail: { status: ['SUCCEEDED', 'FAILED'] },
      }),
    });
    await events.putTargets({ Rule: 'ended', Targets: [{ Id: 'launcher', Arn: FunctionArn }] });
    await lambda.addPermission({
      FunctionName: 'launcher',
      StatementId: 'rule',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    });
    await batch.createComputeEnvironment({ computeEnvironmentName: 'local', type: 'UNMANAGED' });
    await batch.registerJobDefinition({
      jobDefinitionName: 'sleep',
      type: 'container',
      containerProperties: { image: 'busybox', command: ['sleep', 'Ref::s'], vcpus: 1, memory: 128 },
    });
    for (const jobQueueName of QUEUES) {
      await batch.createJobQueue({
        jobQueueName,
        priority: 1,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'local' }],
      });
    }
    const { records } = fixture.launcher();
    let launched = 0;
    for (const seconds of [
      ['0', '0.2', '0.4'],
      ['0.4', '0', '0.2'],
      ['0', '0', '0'],
    ]) {
      await fixture.put(`results/${launched}`);
      await Promise.all(
        QUEUES.map((jobQueue, index) =>
          batch.submitJob({
            jobName: 'load',
            jobQueue,
            jobDefinition: 'sleep',
            parameters: { s: seconds[index] as string },
          }),
        ),
      );
      const key = `results/${launched}`;
      await expect.poll(() => fixture.runs(), { timeout: 60_000 }).toHaveLength(++launched);
      // Each of the three events is claimed and answered before it is said that there was one run.
      const claims = async () => {
        const names = await fixture.keys('launch/claims/');
        return Promise.all(
          names.map(async (Key) => {
            const { Body } = await fixture.s3.getObject({ Bucket: 'lake', Key });
            return JSON.parse((await Body?.transformToString()) ?? '') as { outcome?: string };
          }),
        );
      };
      await expect
        .poll(async () => (await claims()).filter(({ outcome }) => outcome !== undefined).length, {
          timeout: 60_000,
        })
        .toBe(launched * 3);
      expect(await fixture.runs()).toHaveLength(launched);
      expect((await claims()).filter(({ outcome }) => outcome?.startsWith('launch:'))).toHaveLength(launched);
      expect(await fixture.keys('results/')).toEqual([]);
      expect((await fixture.keys('trash/')).filter((one) => one.endsWith(key))).toHaveLength(1);
      // A run at work holds the next one back, as it should.
      await expect
        .poll(async () => (await fixture.runs()).every(({ CompletedOn }) => CompletedOn), { timeout: 60_000 })
        .toBe(true);
    }
    expect(await records.records(10)).toHaveLength(3);
  });
});

it.skipIf(missing)(`has a template that cfn-lint accepts${missing ? ` (${missing})` : ''}`, async () => {
  expect(await lintTemplate(python, TEMPLATE)).toBe('');
});

it.skipIf(missing)(
  `becomes rules, a schedule, queues and rights on no other job${missing ? ` (${missing})` : ''}`,
  async () => {
    const Resources = await translateTemplate(python, TEMPLATE, NAME);
    // The queue's policy names the rules by the names that SAM gives them.
    for (const rule of ['BatchJobEnded', 'RunEnded'])
      expect(Resources).toHaveProperty(`${NAME}${rule}.Type`, 'AWS::Events::Rule');
    expect(Resources).toHaveProperty(`${NAME}Sweep.Type`, 'AWS::Scheduler::Schedule');
    expect(Resources[NAME]).toMatchObject({
      Properties: {
        ReservedConcurrentExecutions: { Ref: 'Concurrency' },
        DeadLetterConfig: expect.anything() as unknown,
      },
    });
    const role = JSON.stringify(Resources[`${NAME}Role`]);
    expect(role).toContain('job/${JobName}');
    expect(role).not.toContain('job/*');
  },
);
