// The ingest function's image and template: what its handler is called, what it may do, and a template that SAM's tools accept.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findPythonClients } from '../clients/python-clients.js';
import { ingestPolicy } from '../../src/toolkit/ingest/ingest-policy.js';
import { lintTemplate, translateTemplate } from './sam-template.js';

const TEMPLATE = 'deploy/ingest/template.yaml';
const { python, missing } = findPythonClients(['cfn-lint', 'aws-sam-translator', 'boto3']);

it('starts the handler of the built package, from files that are there', () => {
  const dockerfile = readFileSync('deploy/ingest/Dockerfile', 'utf8');
  const [, path = '', name = ''] = /CMD \["dist\/(.+)\.(\w+)"\]/.exec(dockerfile) ?? [];
  expect(readFileSync(`src/${path}.ts`, 'utf8')).toContain(`export async function ${name}(`);
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  );
  expect(copied).toContain('src');
  for (const file of copied) expect(existsSync(file), file).toBe(true);
});

it.skipIf(missing)(`has a template that cfn-lint accepts${missing ? ` (${missing})` : ''}`, async () => {
  expect(await lintTemplate(python, TEMPLATE)).toBe('');
});

interface Role {
  Properties: { Policies: { PolicyDocument: { Statement: unknown[] } }[] };
}

it.skipIf(missing)(
  'becomes a function of the image on a schedule, with the rights of a run and no others',
  async () => {
    const resources = await translateTemplate(python, TEMPLATE, 'IngestFunction');
    const types = Object.values(resources).map(({ Type }) => Type);
    expect(types.sort()).toEqual([
      'AWS::IAM::Role',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'AWS::Scheduler::Schedule',
    ]);
    expect(resources['IngestFunction']?.Properties).toMatchObject({
      PackageType: 'Image',
      ReservedConcurrentExecutions: 1,
      VpcConfig: { 'Fn::If': ['IsInVpc', { SubnetIds: { Ref: 'SubnetIds' } }, { Ref: 'AWS::NoValue' }] },
    });

    const role = resources['IngestFunctionRole'] as unknown as Role;
    const policies = role.Properties.Policies.map(({ PolicyDocument }) =>
      JSON.stringify(PolicyDocument),
    ).join();
    const spec = { database: 'd', connection: 'c', outputPath: 's3://b/o', trackerPath: 's3://b/t' };
    const place = { partition: 'aws', accountId: '123456789012', region: 'us-east-1', sources: [] };
    const needed = [spec, { ...spec, connection: undefined }].flatMap((each) =>
      ingestPolicy(each as typeof spec, place).Statement.flatMap(({ Action }) => Action),
    );
    const given = policies.match(/(s3|glue|logs|ec2):\w+/g) ?? [];
    expect(new Set(given)).toEqual(new Set(needed));
  },
);
