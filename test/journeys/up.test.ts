// gluepot up: one port, one folder, other commands go through it, and nothing is lost however it ends.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { HeadBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { describe, expect, it, vi } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { emptyFolder, gluepot, gluepotJson, startUp } from './gluepot-process.js';

const s3 = (endpoint: string, secretAccessKey = 'test') =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey },
  });

describe('gluepot up', () => {
  it('delivers events twice when it is told to, and refuses faults that are none', async () => {
    const folder = emptyFolder();
    const { endpoint, document } = await startUp(folder, '--event-faults', 'duplicate=1,seed=3');
    expect(document.result).toMatchObject({ eventFaults: { duplicate: 1, seed: 3 } });
    expect(document.warnings).toEqual([expect.stringContaining('Events go wrong on purpose')]);
    const config = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const [bus, sqs] = [new EventBridge(config), new SQS(config)];
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'heard' });
    await bus.putRule({ Name: 'r', EventPattern: '{"source":["test"]}' });
    await bus.putTargets({
      Rule: 'r',
      Targets: [{ Id: 'q', Arn: 'arn:aws:sqs:us-east-1:123456789012:heard' }],
    });
    await bus.putEvents({ Entries: [{ Source: 'test', DetailType: 'd', Detail: '{}' }] });
    await vi.waitFor(
      async () => {
        const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
        expect(Attributes?.ApproximateNumberOfMessages).toBe('2');
      },
      { timeout: 30_000 },
    );

    const refused = await gluepot(folder, 'up', '--event-faults', 'lose=1');
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining("'lose=1' is none of duplicate="),
    ]);
  });

  it('says how to reach it, serves other commands on its folder, and stops cleanly', async () => {
    const folder = emptyFolder();
    const up = await startUp(folder);
    expect(up.document.result.environment).toEqual({
      AWS_ENDPOINT_URL: up.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    });
    const serverFile = join(folder, '.gluepot', 'server.json');
    expect(JSON.parse(readFileSync(serverFile, 'utf8'))).toMatchObject({
      pid: up.process.pid,
      endpoint: up.endpoint,
    });
    expect(statSync(serverFile).mode & 0o077).toBe(0);

    const demo = await gluepotJson(folder, 'demo');
    expect(demo.code).toBe(0);
    const { Buckets } = await s3(up.endpoint).send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.Name)).toEqual(['gluepot-demo-123456789012-us-east-1']);

    expect(await up.stop('SIGINT')).toBe(0);
    expect(existsSync(serverFile)).toBe(false);
    expect((await gluepotJson(folder, 'demo')).document.result.plan.counts).toMatchObject({
      create: 0,
      run: 0,
    });
  });

  it('survives kill -9: the folder opens again, with everything in it', async () => {
    const folder = emptyFolder();
    const killed = await startUp(folder);
    await gluepot(folder, 'demo', '--quiet');
    expect(await killed.stop('SIGKILL')).toBe(null);

    // The server's file is still there, and fools nobody.
    expect(existsSync(join(folder, '.gluepot', 'server.json'))).toBe(true);
    expect((await gluepotJson(folder, 'demo')).document.result.plan.counts).toMatchObject({
      create: 0,
      run: 0,
    });
    const up = await startUp(folder);
    await s3(up.endpoint).send(new HeadBucketCommand({ Bucket: 'gluepot-demo-123456789012-us-east-1' }));
  });

  it('refuses a folder that is served already, naming who serves it', async () => {
    const folder = emptyFolder();
    const up = await startUp(folder);
    const second = await gluepot(folder, 'up', '--port', '0');
    expect(second.code).toBe(6);
    expect(second.stderr).toContain(`is served already: ${up.endpoint}, process ${up.process.pid}`);
  });

  it('refuses a folder that a process holds without serving it', async () => {
    const folder = emptyFolder();
    const aws = await openEmbedded({ dataDir: join(folder, '.gluepot') });
    const { code, stderr } = await gluepot(folder, 'demo');
    await aws.close();
    expect(code).toBe(6);
    expect(stderr).toContain('in use by another process');
  });

  it('refuses a port that is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => blocker.once('listening', done));
    const { port } = blocker.address() as AddressInfo;
    const folder = emptyFolder();
    const { code, stderr } = await gluepot(folder, 'up', '--port', String(port));
    blocker.close();
    expect(code).toBe(3);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken by another process`);
    expect(existsSync(join(folder, '.gluepot', 'server.json'))).toBe(false);
  });

  it('refuses to serve the network without keys', async () => {
    const { code, stderr } = await gluepot(emptyFolder(), 'up', '--port', '0', '--host', '0.0.0.0');
    expect(code).toBe(6);
    expect(stderr).toContain('GLUEPOT_ACCESS_KEY');
  });

  it('verifies signatures when it has a key, and other commands find the key', async () => {
    const folder = emptyFolder();
    const up = await startUp(folder, '--access-key', 'test', '--secret-key', 'right');
    expect(JSON.stringify(up.document)).not.toContain('right');
    await s3(up.endpoint, 'right').send(new ListBucketsCommand({}));
    await expect(s3(up.endpoint, 'wrong').send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    expect(
      (await gluepot(folder, 'stack', 'plan', join(import.meta.dirname, '../../examples/demo/stack.yaml')))
        .code,
    ).toBe(0);
  });

  it('lets new roles stay invisible for a while, and whoever waits for them can be interrupted', async () => {
    const folder = emptyFolder();
    const up = await startUp(folder, '--iam-delay', '3000');
    const signal = { name: 'SIGINT' as const, after: 'create database demo: done' };
    const interrupted = await gluepot({ cwd: folder, signal }, 'demo');
    expect(interrupted.stderr).toContain('Interrupted by SIGINT. What was done is kept');
    expect(interrupted.code).toBe(130);
    const { code, document } = await gluepotJson(folder, 'demo');
    expect(code).toBe(0);
    expect(document.result.plan.counts).toMatchObject({ create: 3, update: 0, conflict: 0 });
    expect(await up.stop()).toBe(0);
  });

  it('rejects a port that is none', async () => {
    const { code, document } = await gluepotJson(emptyFolder(), 'up', '--port', '70000');
    expect(code).toBe(3);
    expect(document.errors[0]?.message).toContain('It must be a whole number from 0 to 65535.');
  });
});
