// The built package runs functions too: the worker's program is part of it.
import { expect, it } from 'vitest';
import { zipOf } from '../functions/zip-of.js';

it('a function runs from the build', async () => {
  // Not by its literal name: types come from the source, which is there before the build is.
  const entry: string = 'gluepot/embedded';
  const { openEmbedded } = (await import(/* @vite-ignore */ entry)) as typeof import('../../src/embedded.js');
  const aws = await openEmbedded();
  try {
    const { iam, lambda } = aws.clients();
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const { Role } = await iam.createRole({
      RoleName: 'FunctionRole',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    });
    await lambda.createFunction({
      FunctionName: 'built',
      Role: Role?.Arn,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: {
        ZipFile: zipOf({ 'index.mjs': 'export const handler = async ({ name }) => `hello ${name}`;' }),
      },
    });
    const { Payload } = await lambda.invoke({ FunctionName: 'built', Payload: '{"name":"Ada"}' });
    expect(Payload?.transformToString()).toBe('"hello Ada"');
  } finally {
    await aws.close();
  }
});
