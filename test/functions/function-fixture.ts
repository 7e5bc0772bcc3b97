// An embedded AWS with a role for functions, and short ways to make and invoke them, for tests of Lambda.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateFunctionCommandInput, InvokeCommandInput } from '@aws-sdk/client-lambda';
import { openEmbedded } from '../../src/embedded.js';
import { zipOf } from './zip-of.js';

/** What lets Lambda take a role on. */
export const LAMBDA_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export async function openFunctionFixture() {
  const aws = await openEmbedded();
  const { lambda, logs, iam } = aws.clients();
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-lambda-test-'));
  const { Role } = await iam.createRole({ RoleName: 'FunctionRole', AssumeRolePolicyDocument: LAMBDA_TRUST });
  const role = Role?.Arn ?? '';
  let count = 0;

  return {
    aws,
    lambda,
    logs,
    /** For files of this machine that a test and its functions share. */
    folder,
    role,

    /** Makes a function of one file, or of several by name, and answers its name. */
    async create(
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
    },

    /** The answer with its payload parsed and its log as text. */
    async invoke(FunctionName: string, event: unknown = {}, more: Partial<InvokeCommandInput> = {}) {
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
    },

    async close() {
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
