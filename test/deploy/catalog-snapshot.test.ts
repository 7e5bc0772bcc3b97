// The snapshot function as it is deployed: the bundle that SAM would build, and a template that its tools accept.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from '../clients/python-clients.js';

const run = promisify(execFile);
const TEMPLATE = 'deploy/catalog-snapshot/template.yaml';

interface Template {
  Resources: {
    CatalogSnapshotFunction: {
      Metadata: {
        BuildProperties: { EntryPoints: string[]; Format: 'cjs'; Target: string; MainFields: string };
      };
      Properties: { Handler: string; Environment: { Variables: Record<string, unknown> } };
    };
  };
}

// CloudFormation's short tags are no YAML of their own: their values do for what is read here.
const template = parse(readFileSync(TEMPLATE, 'utf8'), { logLevel: 'silent' }) as Template;
const { Metadata, Properties } = template.Resources.CatalogSnapshotFunction;

describe('the bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-lambda-'));
  let embedded: Embedded;

  beforeAll(async () => {
    embedded = await openEmbedded();
    const { EntryPoints, Format, Target, MainFields } = Metadata.BuildProperties;
    await build({
      entryPoints: EntryPoints,
      bundle: true,
      platform: 'node',
      format: Format,
      target: Target,
      mainFields: MainFields.split(','),
      minify: true,
      outdir: folder,
    });
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a snapshot on an event, with what its environment says', async () => {
    const { s3, glue } = embedded.clients();
    await s3.createBucket({ Bucket: 'kept' });
    await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
    await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
    const { endpoint, close } = await embedded.listen({ port: 0 });
    try {
      const [file, name] = Properties.Handler.split('.') as [string, string];
      const script = `
        const context = { getRemainingTimeInMillis: () => 60000 };
        const event = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' };
        require(${JSON.stringify(join(folder, file))})[${JSON.stringify(name)}](event, context)
          .then((result) => console.log(JSON.stringify(result)));`;
      const env = {
        ...clientEnvironment(endpoint, process.execPath),
        AWS_REGION: 'us-east-1',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        GLUEPOT_SNAPSHOT_STORE: 's3://kept/snapshots',
      };
      const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', script], { env });
      expect(JSON.parse(stdout)).toMatchObject({
        decision: 'taken',
        counts: { databases: 1, tables: 1, partitions: 0, moving: 0 },
      });
      const { KeyCount } = await s3.listObjectsV2({ Bucket: 'kept', Prefix: 'snapshots/manifests/' });
      expect(KeyCount).toBe(1);
    } finally {
      await close();
    }
  });

  it('is small: no DuckDB, no SQLite, nothing of the embedded AWS', () => {
    const { size } = statSync(join(folder, 'catalog-snapshot.js'));
    expect(size).toBeLessThan(3 * 1024 * 1024);
    const text = readFileSync(join(folder, 'catalog-snapshot.js'), 'utf8');
    expect(text).not.toMatch(/duckdb|photostructure/);
  });
});

describe('the template', () => {
  const { python, missing } = findPythonClients(['cfn-lint', 'aws-sam-translator', 'boto3']);

  it('names the version that it belongs to', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(Properties.Environment.Variables.GLUEPOT_VERSION).toBe(version);
  });

  it.skipIf(missing)(`is accepted by cfn-lint${missing ? ` (${missing})` : ''}`, async () => {
    const { stdout } = await run(python, [
      '-c',
      'import sys; from cfnlint.runner import main; sys.exit(main())',
      TEMPLATE,
    ]);
    expect(stdout).toBe('');
  });

  it.skipIf(missing)(
    'becomes CloudFormation in SAM’s translator: rule, schedule, queues, retries',
    async () => {
      const script = `
import json, sys
from cfnlint.decode.cfn_yaml import load
from samtranslator.translator.transform import transform
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader

class NoManagedPolicies(ManagedPolicyLoader):
    def __init__(self): pass
    def load(self): return {}

template = json.loads(json.dumps(load(sys.argv[1])))
template['Resources']['CatalogSnapshotFunction']['Properties']['CodeUri'] = 's3://bucket/key'
print(json.dumps(transform(template, {}, NoManagedPolicies())))
`;
      const env = { ...process.env, AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' };
      const { stdout } = await run(python, ['-c', script, resolve(TEMPLATE)], { env });
      const { Resources } = JSON.parse(stdout) as { Resources: Record<string, { Type: string }> };
      const types = Object.values(Resources).map(({ Type }) => Type);
      expect(types).toEqual(
        expect.arrayContaining([
          'AWS::Lambda::Function',
          'AWS::Lambda::EventInvokeConfig',
          'AWS::Lambda::Permission',
          'AWS::Events::Rule',
          'AWS::Scheduler::Schedule',
          'AWS::IAM::Role',
          'AWS::SQS::Queue',
          'AWS::SQS::QueuePolicy',
          'AWS::Logs::LogGroup',
        ]),
      );
      // The queue's policy names the rule by the name that SAM gives it.
      expect(Resources).toHaveProperty(
        'CatalogSnapshotFunctionCrawlerChangedState.Type',
        'AWS::Events::Rule',
      );
      expect(Resources.CatalogSnapshotFunction).toMatchObject({
        Properties: { Architectures: ['arm64'], DeadLetterConfig: expect.anything() as unknown },
      });
      expect(Resources.CatalogSnapshotFunctionEventInvokeConfig).toMatchObject({
        Properties: { MaximumRetryAttempts: 1 },
      });
    },
  );
});
