// Lambda through its SDK client: handlers of every kind, run as processes, with the errors that Lambda gives.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CreateFunctionCommandInput, InvokeCommandInput } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';
import { zipOf } from '../../../test/functions/zip-of.js';

let aws: Embedded;
let lambda: EmbeddedClients['lambda'];
let logs: EmbeddedClients['logs'];
let role = '';
let count = 0;
const folder = mkdtempSync(join(tmpdir(), 'gluepot-lambda-test-'));

beforeAll(async () => {
  aws = await openEmbedded();
  ({ lambda, logs } = aws.clients());
  const { Role } = await aws.clients().iam.createRole({
    RoleName: 'FunctionRole',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  role = Role?.Arn ?? '';
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A function of one file, or of several by name. */
async function create(
  files: string | Record<string, string>,
  more: Partial<CreateFunctionCommandInput> = {},
): Promise<string> {
  const FunctionName = `function-${++count}`;
  await lambda.createFunction({
    FunctionName,
    Role: role,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipOf(typeof files === 'string' ? { 'index.js': files } : files) },
    ...more,
  });
  return FunctionName;
}

async function invoke(FunctionName: string, event: unknown = {}, more: Partial<InvokeCommandInput> = {}) {
  const { Payload, FunctionError, LogResult, ...rest } = await lambda.invoke({
    FunctionName,
    Payload: JSON.stringify(event),
    ...more,
  });
  const text = Payload?.transformToString() ?? '';
  return {
    ...rest,
    FunctionError,
    payload: (text === '' ? undefined : JSON.parse(text)) as unknown,
    log: Buffer.from(LogResult ?? '', 'base64').toString('utf8'),
  };
}

const HANDLERS: Record<string, [files: Record<string, string>, handler?: string]> = {
  'an async CommonJS handler': [{ 'index.js': 'exports.handler = async (event) => ({ got: event });' }],
  'a handler with a callback': [
    { 'index.js': 'exports.handler = (event, context, done) => setTimeout(done, 5, null, { got: event });' },
  ],
  'a handler that calls context.succeed': [
    { 'index.js': 'exports.handler = (event, context) => context.succeed({ got: event });' },
  ],
  'an ES module by its ending': [
    { 'index.mjs': 'export const handler = async (event) => ({ got: event });' },
  ],
  'an ES module by its package.json': [
    {
      'package.json': '{"type":"module"}',
      'index.js': 'await 0; export const handler = async (event) => ({ got: event });',
    },
  ],
  'a handler in a folder and within an object': [
    { 'src/app.js': 'module.exports = { api: { main: async (event) => ({ got: event }) } };' },
    'src/app.api.main',
  ],
  'a default export of a CommonJS bundle': [
    {
      'index.cjs': 'const own = { handler: async (got) => ({ got }) }; module.exports = Object.create(own);',
    },
  ],
};

describe('a handler', () => {
  it.each(Object.entries(HANDLERS))('may be %s', async (_name, [files, Handler = 'index.handler']) => {
    const name = await create(files, { Handler });
    expect(await invoke(name, { a: [1, 'ü'] })).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      FunctionError: undefined,
      payload: { got: { a: [1, 'ü'] } },
    });
  });

  it('that gives nothing answers null', async () => {
    expect((await invoke(await create('exports.handler = () => {};'))).payload).toBeNull();
    expect((await invoke(await create('exports.handler = async () => {};'))).payload).toBeNull();
  });

  it('knows its context and its environment', async () => {
    const name = await create(
      `exports.handler = async (event, context) => ({
        context: { ...context, left: context.getRemainingTimeInMillis() },
        env: process.env, cwd: process.cwd() });`,
      { Timeout: 10, MemorySize: 256, Environment: { Variables: { OWN: '1' } } },
    );
    const ClientContext = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const { payload } = await invoke(name, {}, { ClientContext });
    const { context, env, cwd } = payload as Record<string, Record<string, unknown>>;
    expect(context).toMatchObject({
      functionName: name,
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
      logGroupName: `/aws/lambda/${name}`,
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      clientContext: { custom: { a: 1 } },
    });
    expect(context?.left).toBeGreaterThan(8000);
    expect(context?.left).toBeLessThanOrEqual(10_000);
    expect(env).toMatchObject({
      OWN: '1',
      _HANDLER: 'index.handler',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      LAMBDA_TASK_ROOT: cwd,
    });
    expect(Object.keys(env ?? {}).filter((key) => /^(VITEST|npm_)/.test(key))).toEqual([]);
  });

  it('finds the AWS SDK and this server, as its role, and can call other functions', async () => {
    const callee = await create('exports.handler = async () => "from the other";');
    const name = await create({
      'index.mjs': `import { Lambda } from '@aws-sdk/client-lambda';
        import { STS } from '@aws-sdk/client-sts';
        export const handler = async ({ callee }) => {
          const { Payload } = await new Lambda({}).invoke({ FunctionName: callee });
          return { arn: (await new STS({}).getCallerIdentity()).Arn, said: Payload.transformToString() };
        };`,
    });
    expect((await invoke(name, { callee }, {})).payload).toEqual({
      arn: `arn:aws:sts::123456789012:assumed-role/FunctionRole/${name}`,
      said: '"from the other"',
    });
  });

  it('is not run when its role is gone', async () => {
    const { iam } = aws.clients();
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    const { Role } = await iam.createRole({ RoleName: 'Passing', AssumeRolePolicyDocument: document });
    const name = await create('exports.handler = async () => 1;', { Role: Role?.Arn });
    await iam.deleteRole({ RoleName: 'Passing' });
    await expect(invoke(name)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/Passing of .* cannot be assumed by Lambda/) as string,
    });
  });

  it('keeps its state between invocations, and gets a new process for new code', async () => {
    const counting = (step: number) =>
      `let n = 0; exports.handler = async () => [n += ${step}, process.pid];`;
    const name = await create(counting(1));
    const [first, second] = [(await invoke(name)).payload, (await invoke(name)).payload] as number[][];
    expect([first?.[0], second?.[0]]).toEqual([1, 2]);
    expect(second?.[1]).toBe(first?.[1]);
    await lambda.updateFunctionCode({ FunctionName: name, ZipFile: zipOf({ 'index.js': counting(10) }) });
    const third = (await invoke(name)).payload as number[];
    expect(third[0]).toBe(10);
    expect(third[1]).not.toBe(first?.[1]);
  });

  it('runs in as many processes as there are invocations at once', async () => {
    const name = await create(
      'exports.handler = async () => { await new Promise((r) => setTimeout(r, 200)); return process.pid; };',
    );
    const pids = await Promise.all([1, 2, 3].map(async () => (await invoke(name)).payload));
    expect(new Set(pids).size).toBe(3);
  });
});

describe('a failure', () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      'a rejection',
      'async () => { throw new TypeError("no"); }',
      { errorType: 'TypeError', errorMessage: 'no' },
    ],
    ['a throw', '() => { throw new RangeError("far"); }', { errorType: 'RangeError', errorMessage: 'far' }],
    [
      'an error to the callback',
      '(e, c, done) => done(new Error("cb"))',
      { errorType: 'Error', errorMessage: 'cb' },
    ],
    ['a thrown string', 'async () => { throw "text"; }', { errorType: 'string', errorMessage: 'text' }],
    [
      'an answer that is no JSON',
      'async () => { const a = {}; a.a = a; return a; }',
      { errorType: 'Runtime.MarshalError' },
    ],
    [
      'an unhandled rejection',
      'async () => { Promise.reject(new Error("late")); await new Promise((r) => setTimeout(r, 500)); }',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: late' },
    ],
    [
      'an uncaught exception',
      'async () => { setTimeout(() => { throw new Error("out"); }); await new Promise((r) => setTimeout(r, 500)); }',
      { errorType: 'Error', errorMessage: 'out' },
    ],
    [
      'an exit',
      'async () => process.exit(3)',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
        ),
      },
    ],
  ])('by %s is answered as Unhandled, and the next invocation works', async (_name, body, expected) => {
    const name = await create(
      `const fail = ${body}; exports.handler = (e, c, done) => e.ok ? done(null, 'fine') : fail(e, c, done);`,
    );
    expect(await invoke(name)).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: expected,
    });
    expect(await invoke(name, { ok: true })).toMatchObject({ FunctionError: undefined, payload: 'fine' });
  });

  it('by time kills the process', async () => {
    const name = await create('exports.handler = async (e) => { while (!e.ok); return process.pid; };', {
      Timeout: 1,
    });
    const { FunctionError, payload, log } = await invoke(name, {}, { LogType: 'Tail' });
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) as string,
    });
    expect(log).toMatch(/Task timed out after 1\.00 seconds\nEND RequestId/);
    expect((await invoke(name, { ok: true })).FunctionError).toBeUndefined();
  });

  it('by memory is told', async () => {
    const name = await create(
      'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(1.5)); };',
      { MemorySize: 128, Timeout: 20 },
    );
    expect((await invoke(name)).payload).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: aborted/) as string,
    });
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['no such file', { 'other.js': '' }, 'index.handler', 'Runtime.ImportModuleError'],
    ['no such export', { 'index.js': 'exports.other = 1;' }, 'index.handler', 'Runtime.HandlerNotFound'],
    ['bad syntax', { 'index.js': 'exports.handler = (' }, 'index.handler', 'Runtime.UserCodeSyntaxError'],
    [
      'a module that is missing',
      { 'index.js': 'require("none")' },
      'index.handler',
      'Runtime.ImportModuleError',
    ],
    ['an error while it loads', { 'index.js': 'throw new EvalError("x")' }, 'index.handler', 'EvalError'],
  ])('to load, by %s, has its own type', async (_name, files, Handler, errorType) => {
    const { FunctionError, payload } = await invoke(await create(files, { Handler }));
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType });
  });
});

describe('logs', () => {
  it('hold what a handler says between START, END and REPORT, a console call in one event', async () => {
    const name = await create(
      `exports.handler = async () => { console.log('one\\ntwo', { a: 1 }); console.error('bad');
        process.stdout.write('raw\\n'); };`,
    );
    const { log } = await invoke(name, {}, { LogType: 'Tail' });
    const group = `/aws/lambda/${name}`;
    const { logStreams = [] } = await logs.describeLogStreams({ logGroupName: group });
    expect(logStreams[0]?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    const { events = [] } = await logs.filterLogEvents({ logGroupName: group });
    const messages = events.map(({ message = '' }) => message);
    expect(messages).toEqual([
      expect.stringMatching(/^START RequestId: (\S+) Version: \$LATEST$/),
      expect.stringMatching(/^\S+Z\t\S{36}\tINFO\tone\ntwo \{ a: 1 \}$/),
      expect.stringMatching(/^\S+Z\t\S{36}\tERROR\tbad$/),
      'raw',
      expect.stringMatching(/^END RequestId: /),
      expect.stringMatching(
        /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB/,
      ),
    ]);
    expect(log).toBe(messages.map((message) => `${message}\n`).join(''));
  });
});

describe('Invoke', () => {
  it('checks without running for DryRun, and answers at once for Event', async () => {
    const marker = join(folder, 'marker');
    const name = await create(
      `require('fs').appendFileSync(${JSON.stringify(marker)}, 'loaded ');
       exports.handler = async ({ n }) => require('fs').appendFileSync(${JSON.stringify(marker)}, n + ' ');`,
    );
    expect(await invoke(name, {}, { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
    expect(await invoke(name, { n: 1 }, { InvocationType: 'Event' })).toMatchObject({
      StatusCode: 202,
      payload: undefined,
    });
    const said = () => {
      try {
        return readFileSync(marker, 'utf8');
      } catch {
        return '';
      }
    };
    for (let tries = 0; tries < 6000 && !said().includes('1'); tries++) await delay(10);
    expect(said()).toBe('loaded 1 ');
  });

  it('throttles beyond reserved concurrency', async () => {
    const [begun, release] = [join(folder, 'throttled-begun'), join(folder, 'throttled-release')];
    const name = await create(
      `const { existsSync, writeFileSync } = require('fs');
       exports.handler = async () => {
         writeFileSync(${JSON.stringify(begun)}, '');
         while (!existsSync(${JSON.stringify(release)})) await new Promise((r) => setTimeout(r, 10));
       };`,
      { Timeout: 100 },
    );
    await lambda.putFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions: 1 });
    const first = invoke(name);
    while (!existsSync(begun)) await delay(10);
    await expect(invoke(name)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    writeFileSync(release, '');
    await first;
    await lambda.deleteFunctionConcurrency({ FunctionName: name });
    expect(await lambda.getFunctionConcurrency({ FunctionName: name })).not.toHaveProperty(
      'ReservedConcurrentExecutions',
    );
  });

  it.each<[Partial<InvokeCommandInput>, string, RegExp]>([
    [
      { FunctionName: 'none' },
      'ResourceNotFoundException',
      /Function not found: arn:aws:lambda:.*:function:none/,
    ],
    [{ Payload: '{' }, 'InvalidRequestContentException', /Could not parse request body into json/],
    [
      { Payload: JSON.stringify('x'.repeat(6 * 1024 * 1024)) },
      'RequestTooLargeException',
      /too large for the RequestResponse/,
    ],
    [
      { Payload: JSON.stringify('x'.repeat(1024 * 1024)), InvocationType: 'Event' },
      'RequestTooLargeException',
      /too large for the Event/,
    ],
    [{ Qualifier: '7' }, 'ResourceNotFoundException', /Function not found: .*:7$/],
    [{ ClientContext: 'e' }, 'InvalidParameterValueException', /ClientContext must be JSON text/],
  ])('refuses %#', async (change, errorName, message) => {
    const name = await create('exports.handler = async () => 1;');
    await expect(lambda.invoke({ FunctionName: name, ...change })).rejects.toMatchObject({
      name: errorName,
      message: expect.stringMatching(message) as string,
    });
  });
});

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
    const all: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await lambda.listFunctions({ MaxItems: 7, ...(Marker === undefined ? {} : { Marker }) });
      expect(page.Functions?.length).toBeLessThanOrEqual(7);
      all.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    const { Functions = [] } = await lambda.listFunctions({ MaxItems: 50 });
    expect(all.slice(0, 50)).toEqual(Functions.map(({ FunctionName }) => FunctionName));
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

describe('an asynchronous invocation', () => {
  it('is tried three times, after one and two more minutes, and then handed on', async () => {
    const clock = manualClock();
    const timed = await openEmbedded({ clock });
    try {
      const { lambda: client, iam, sqs } = timed.clients();
      const trust = {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      };
      await iam.createRole({
        RoleName: 'FunctionRole',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      });
      for (const QueueName of ['failed', 'dead', 'done']) await sqs.createQueue({ QueueName });
      const queueArn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;
      const calls = join(folder, 'calls');
      const code = `exports.handler = async (event) => {
        require('fs').appendFileSync(${JSON.stringify(calls)}, event.name + ' ');
        if (event.name === 'bad') throw new Error('no');
        return { name: event.name };
      };`;
      await client.createFunction({
        FunctionName: 'later',
        Role: role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipOf({ 'index.js': code }) },
        DeadLetterConfig: { TargetArn: queueArn('dead') },
      });
      await client.putFunctionEventInvokeConfig({
        FunctionName: 'later',
        DestinationConfig: {
          OnSuccess: { Destination: queueArn('done') },
          OnFailure: { Destination: queueArn('failed') },
        },
      });
      const bodies = async (name: string) => {
        const { Messages = [] } = await sqs.receiveMessage({
          QueueUrl: `http://localhost/123456789012/${name}`,
          MessageAttributeNames: ['All'],
        });
        return Messages.map(({ Body = '', MessageAttributes }) => ({
          body: JSON.parse(Body) as Record<string, unknown>,
          attributes: Object.keys(MessageAttributes ?? {}).sort(),
        }));
      };
      const callsBecome = async (text: string) => {
        const said = () => (existsSync(calls) ? readFileSync(calls, 'utf8') : '');
        // The outcome is recorded as soon as the invocation's report is in the log.
        const reports = async () => {
          const found = { logGroupName: '/aws/lambda/later', filterPattern: 'REPORT' };
          return (await timed.clients().logs.filterLogEvents(found)).events;
        };
        await vi.waitFor(
          async () => {
            expect(said()).toBe(text);
            expect(await reports()).toHaveLength(text.trim().split(' ').length);
          },
          { timeout: 60_000 },
        );
      };
      const later = { FunctionName: 'later', InvocationType: 'Event' as const };

      await client.invoke({ ...later, Payload: '{"name":"good"}' });
      await callsBecome('good ');
      expect(await bodies('done')).toMatchObject([
        {
          body: {
            requestContext: { condition: 'Success', approximateInvokeCount: 1 },
            requestPayload: { name: 'good' },
            responsePayload: { name: 'good' },
          },
        },
      ]);

      await client.invoke({ ...later, Payload: '{"name":"bad"}' });
      await callsBecome('good bad ');
      await clock.advance(59_000);
      await callsBecome('good bad ');
      await clock.advance(1_000);
      await callsBecome('good bad bad ');
      expect(await bodies('failed')).toEqual([]);
      await clock.advance(120_000);
      await callsBecome('good bad bad bad ');
      expect(await bodies('failed')).toMatchObject([
        {
          body: {
            version: '1.0',
            requestContext: {
              functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:later:$LATEST',
              condition: 'RetriesExhausted',
              approximateInvokeCount: 3,
            },
            requestPayload: { name: 'bad' },
            responseContext: { functionError: 'Unhandled' },
            responsePayload: { errorMessage: 'no' },
          },
        },
      ]);
      expect(await bodies('dead')).toEqual([
        { body: { name: 'bad' }, attributes: ['ErrorCode', 'ErrorMessage', 'RequestID'] },
      ]);
      await clock.advance(3600_000);
      await callsBecome('good bad bad bad ');
    } finally {
      await timed.close();
    }
  });
});
