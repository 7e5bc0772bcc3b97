// Handlers of every kind, run as processes of this machine, with the errors and the logs that Lambda gives.
import { afterAll, describe, expect, it } from 'vitest';
import { LAMBDA_TRUST, openFunctionFixture } from '../../../test/functions/function-fixture.js';
import { zipOf } from '../../../test/functions/zip-of.js';

const { aws, lambda, logs, create, invoke, close } = await openFunctionFixture();
afterAll(close);

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
    const { Role } = await iam.createRole({ RoleName: 'Passing', AssumeRolePolicyDocument: LAMBDA_TRUST });
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
