// Functions as they are kept: where their code comes from, versions, aliases, permissions, and what is refused.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { openFunctionFixture } from '../../../test/functions/function-fixture.js';
import { zipOf } from '../../../test/functions/zip-of.js';

const { aws, lambda, folder, role, create, invoke, close } = await openFunctionFixture();
afterAll(close);

describe('code', () => {
  it('comes from an object in a bucket', async () => {
    const { s3 } = aws.clients();
    await s3.createBucket({ Bucket: 'code-bucket' });
    const Body = zipOf({ 'index.js': 'exports.handler = async () => "from a bucket";' });
    await s3.putObject({ Bucket: 'code-bucket', Key: 'code.zip', Body });
    const name = await create('', { Code: { S3Bucket: 'code-bucket', S3Key: 'code.zip' } });
    expect((await invoke(name)).payload).toBe('from a bucket');
  });

  it('comes from a folder of this machine as it is at each invocation', async () => {
    const source = join(folder, 'source');
    mkdirSync(source);
    const write = (text: string) =>
      writeFileSync(join(source, 'index.js'), `exports.handler = async () => '${text}';`);
    write('before');
    const name = await create('', { Code: { S3Bucket: 'hot-reload', S3Key: source } });
    expect((await invoke(name)).payload).toBe('before');
    await delay(20);
    write('after it');
    expect((await invoke(name)).payload).toBe('after it');
    const { Code } = await lambda.getFunction({ FunctionName: name });
    expect(Code).toEqual({ RepositoryType: 'hot-reload', Location: `file://${source}` });
  });

  it('in a folder finds the AWS SDK without bringing it, in modules of both kinds', async () => {
    const source = join(folder, 'bare');
    mkdirSync(source);
    writeFileSync(
      join(source, 'module.mjs'),
      "import { S3 } from '@aws-sdk/client-s3'; export const handler = async () => typeof S3;",
    );
    writeFileSync(
      join(source, 'common.cjs'),
      "const { S3 } = require('@aws-sdk/client-s3'); exports.handler = async () => typeof S3;",
    );
    const Code = { S3Bucket: 'hot-reload', S3Key: source };
    for (const Handler of ['module.handler', 'common.handler']) {
      expect((await invoke(await create('', { Code, Handler }))).payload).toBe('function');
    }
  });

  it('never leaves its folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'gluepot-outside-'));
    const zipFolder = mkdtempSync(join(tmpdir(), 'gluepot-zip-'));
    try {
      writeFileSync(join(zipFolder, 'index.js'), 'exports.handler = async () => 1;');
      symlinkSync(outside, join(zipFolder, 'link'));
      const script = [
        'import sys, zipfile, os, stat',
        'z = zipfile.ZipFile("link.zip", "w")',
        'i = zipfile.ZipInfo("link"); i.create_system = 3; i.external_attr = (stat.S_IFLNK | 0o777) << 16',
        'z.writestr(i, sys.argv[1]); z.writestr("link/evil.js", "x"); z.close()',
      ].join('\n');
      execFileSync('python3', ['-c', script, outside], { cwd: zipFolder });
      const linked = readFileSync(join(zipFolder, 'link.zip'));
      for (const ZipFile of [
        linked,
        zipOf({ '../evil.js': 'x' }),
        zipOf({ '/evil.js': 'x' }),
        Buffer.from('no zip'),
      ]) {
        await expect(create('', { Code: { ZipFile } })).rejects.toMatchObject({
          name: 'InvalidParameterValueException',
          message: expect.stringMatching(/^The zip file could not be unpacked: /) as string,
        });
      }
    } finally {
      rmSync(outside, { recursive: true });
      rmSync(zipFolder, { recursive: true });
    }
  });

  it.each<[CreateFunctionCommandInput['Code'], RegExp]>([
    [{}, /Please provide a source for function code/],
    [{ ImageUri: 'x' }, /container image .* is not supported here/],
    [{ S3Bucket: 'none-at-all', S3Key: 'x' }, /NoSuchBucket/],
    [{ S3Bucket: 'hot-reload', S3Key: '/no/such/folder' }, /\/no\/such\/folder is none/],
  ])('is not taken from %j', async (Code, message) => {
    await expect(create('', { Code })).rejects.toThrow(message);
  });
});

describe('functions', () => {
  it('are created once, listed, changed and deleted', async () => {
    const FunctionName = await create('exports.handler = async () => process.env.AB;', {
      Environment: { Variables: { AB: '1' } },
      Tags: { team: 'data' },
    });
    await expect(
      lambda.createFunction({
        FunctionName,
        Role: role,
        Runtime: 'nodejs20.x',
        Handler: 'x.y',
        Code: { ZipFile: zipOf({ a: '' }) },
      }),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' });
    const { Configuration, Tags } = await lambda.getFunction({ FunctionName });
    expect(Tags).toEqual({ team: 'data' });
    expect(Configuration).toMatchObject({
      FunctionName,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Timeout: 3,
      MemorySize: 128,
      Runtime: 'nodejs20.x',
      Version: '$LATEST',
      CodeSha256: expect.stringMatching(/=$/) as string,
    });
    await expect(
      lambda.updateFunctionConfiguration({ FunctionName, RevisionId: 'another' }),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables: { AB: '2' } } });
    expect((await invoke(FunctionName)).payload).toBe('2');
    const { Functions = [] } = await lambda.listFunctions({});
    expect(Functions.map((one) => one.FunctionName)).toContain(FunctionName);
    await lambda.deleteFunction({ FunctionName });
    await expect(lambda.getFunction({ FunctionName })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are listed in pages', async () => {
    for (let index = 0; index < 8; index++) await create('exports.handler = async () => 1;');
    const all: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await lambda.listFunctions({ MaxItems: 7, ...(Marker === undefined ? {} : { Marker }) });
      expect(page.Functions?.length).toBeLessThanOrEqual(7);
      all.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    const { Functions = [] } = await lambda.listFunctions({ MaxItems: 50 });
    expect(all).toEqual(Functions.map(({ FunctionName }) => FunctionName));
    expect(all.length).toBeGreaterThan(7);
    expect(new Set(all).size).toBe(all.length);
  });

  it('have versions that stay as they are, and aliases that lead to them', async () => {
    const FunctionName = await create('exports.handler = async (e, c) => [1, c.functionVersion];');
    expect((await lambda.publishVersion({ FunctionName })).Version).toBe('1');
    expect((await lambda.publishVersion({ FunctionName })).Version).toBe('1');
    const ZipFile = zipOf({ 'index.js': 'exports.handler = async (e, c) => [2, c.functionVersion];' });
    expect((await lambda.updateFunctionCode({ FunctionName, ZipFile, Publish: true })).Version).toBe('2');
    await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
    expect((await invoke(FunctionName)).payload).toEqual([2, '$LATEST']);
    expect(await invoke(`${FunctionName}:live`)).toMatchObject({ payload: [1, '1'], ExecutedVersion: '1' });
    await expect(lambda.deleteFunction({ FunctionName, Qualifier: '1' })).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await lambda.updateAlias({ FunctionName, Name: 'live', FunctionVersion: '2' });
    expect((await invoke(FunctionName, {}, { Qualifier: 'live' })).payload).toEqual([2, '2']);
    await lambda.deleteFunction({ FunctionName, Qualifier: '1' });
    const { Versions = [] } = await lambda.listVersionsByFunction({ FunctionName });
    expect(Versions.map(({ Version }) => Version)).toEqual(['$LATEST', '2']);
    expect((await lambda.listAliases({ FunctionName })).Aliases).toMatchObject([{ Name: 'live' }]);
    await lambda.deleteAlias({ FunctionName, Name: 'live' });
    await expect(lambda.getAlias({ FunctionName, Name: 'live' })).rejects.toThrow(/Cannot find alias/);
  });

  it('keep permissions, tags and what is said of asynchronous invocations', async () => {
    const FunctionName = await create('exports.handler = async () => 1;');
    await expect(lambda.getPolicy({ FunctionName })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const permission = {
      FunctionName,
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::bucket',
    };
    await lambda.addPermission(permission);
    await expect(lambda.addPermission(permission)).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    const { Policy = '' } = await lambda.getPolicy({ FunctionName });
    expect(JSON.parse(Policy)).toMatchObject({
      Statement: [
        {
          Sid: 's3',
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } },
        },
      ],
    });
    await lambda.removePermission({ FunctionName, StatementId: 's3' });
    await expect(lambda.getPolicy({ FunctionName })).rejects.toThrow();
    const Resource = `arn:aws:lambda:us-east-1:123456789012:function:${FunctionName}`;
    await lambda.tagResource({ Resource, Tags: { a: '1', b: '2', c: '3' } });
    await lambda.untagResource({ Resource, TagKeys: ['a', 'c'] });
    expect((await lambda.listTags({ Resource })).Tags).toEqual({ b: '2' });
    await lambda.putFunctionEventInvokeConfig({ FunctionName, MaximumRetryAttempts: 0 });
    expect(await lambda.getFunctionEventInvokeConfig({ FunctionName })).toMatchObject({
      MaximumRetryAttempts: 0,
      FunctionArn: `${Resource}:$LATEST`,
    });
    await lambda.deleteFunctionEventInvokeConfig({ FunctionName });
    await expect(lambda.getFunctionEventInvokeConfig({ FunctionName })).rejects.toThrow(/EventInvokeConfig/);
  });

  it.each<[Partial<CreateFunctionCommandInput>, RegExp]>([
    [{ Runtime: 'python3.12' }, /python3\.12 cannot be run here.*nodejs18\.x, nodejs20\.x, nodejs22\.x/],
    [{ Role: 'arn:aws:iam::123456789012:role/None' }, /cannot be assumed by Lambda/],
    [{ Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:x:1'] }, /Layers is not supported here/],
    [{ PackageType: 'Image' }, /PackageType Image is not supported here/],
    [{ Environment: { Variables: { AWS_REGION: 'x' } } }, /reserved keys.*AWS_REGION/],
    [{ Environment: { Variables: { AB: 'x'.repeat(5000) } } }, /exceeded the 4KB limit/],
    [{ Timeout: 901 }, /Timeout must be at most 900 seconds, not 901/],
  ])('are refused, case %#', async (change, message) => {
    await expect(create('exports.handler = async () => 1;', change)).rejects.toThrow(message);
  });
});

it('is reached through the ending of a path as other SDKs write it', async () => {
  const { endpoint } = await aws.listen({ port: 0 });
  const response = await fetch(`${endpoint}/2015-03-31/functions/`, {
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request' },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
});
