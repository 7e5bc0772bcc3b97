// The snapshot function as it is deployed: the bundle that SAM would build, and a template that its tools accept.
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from '../clients/python-clients.js';
import { codeFolder, lintTemplate, readSamFunction, translateTemplate } from './sam-template.js';

const run = promisify(execFile);
const TEMPLATE = 'deploy/catalog-snapshot/template.yaml';

const snapshotFunction = readSamFunction(TEMPLATE, 'CatalogSnapshotFunction');

describe('the bundle', () => {
  const folder = codeFolder(TEMPLATE, snapshotFunction);
  let embedded: Embedded;

  beforeAll(async () => {
    embedded = await openEmbedded();
  });

  afterAll(async () => {
    await embedded.close();
  });

  it('takes a snapshot on an event, with what its environment says', async () => {
    const { s3, glue } = embedded.clients();
    await s3.createBucket({ Bucket: 'kept' });
    await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
    await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
    const { endpoint, close } = await embedded.listen({ port: 0 });
    try {
      const [file, name] = snapshotFunction.Handler.split('.') as [string, string];
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
    expect(snapshotFunction.Environment.Variables.GLUEPOT_VERSION).toBe(version);
  });

  it.skipIf(missing)(`is accepted by cfn-lint${missing ? ` (${missing})` : ''}`, async () => {
    expect(await lintTemplate(python, TEMPLATE)).toBe('');
  });

  it.skipIf(missing)(
    'becomes CloudFormation in SAM’s translator: rule, schedule, queues, retries',
    async () => {
      const Resources = await translateTemplate(python, TEMPLATE, 'CatalogSnapshotFunction');
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
