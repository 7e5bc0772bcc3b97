// A server that was started with a key: who signs with it gets in, nobody else does.
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { GetObjectCommand, S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';

const accessKey = { accessKeyId: 'AKIDGLUEPOT', secretAccessKey: 'a secret of the server' };
const wrongSecret = { ...accessKey, secretAccessKey: 'another' };
const unknownKey = { ...accessKey, accessKeyId: 'AKIDOTHER' };

let aws: Embedded;
let endpoint: string;
beforeAll(async () => {
  aws = await openEmbedded({ accessKey });
  ({ endpoint } = await aws.listen({ port: 0 }));
});
afterAll(() => aws.close());

const config = (credentials: object) => ({
  endpoint,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: credentials as typeof accessKey,
});
const s3As = (credentials: object) => new S3({ ...config(credentials), forcePathStyle: true });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: { name: string }) => error.name,
  );

describe('with the server’s key', () => {
  it('every protocol works, in process too', async () => {
    const { glue } = aws.clients();
    await glue.createDatabase({ DatabaseInput: { Name: 'signed' } });
    expect((await new Glue(config(accessKey)).getDatabase({ Name: 'signed' })).Database?.Name).toBe('signed');
    expect((await new STS(config(accessKey)).getCallerIdentity({})).Account).toBe('123456789012');
    await s3As(accessKey).createBucket({ Bucket: 'signed-bucket' });
  });

  it('a streamed upload arrives whole', async () => {
    const s3 = s3As(accessKey);
    await s3.createBucket({ Bucket: 'streams' });
    const content = randomBytes(300_000);
    const Body = Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]);
    await s3.putObject({ Bucket: 'streams', Key: 'k', Body, ContentLength: content.length });
    const read = await s3.getObject({ Bucket: 'streams', Key: 'k' });
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'streams', Key: 'k' }), {
      expiresIn: 60,
    });
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(/k\?/, 'other?'))).status).toBe(403);
  });

  it('temporary credentials made from it work, and name the role', async () => {
    const iam = new IAM(config(accessKey));
    const Statement = [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Role } = await iam.createRole({ RoleName: 'Temporary', AssumeRolePolicyDocument });
    const { Credentials } = await new STS(config(accessKey)).assumeRole({
      RoleArn: Role?.Arn,
      RoleSessionName: 'me',
    });
    const temporary = {
      accessKeyId: Credentials?.AccessKeyId,
      secretAccessKey: Credentials?.SecretAccessKey,
      sessionToken: Credentials?.SessionToken,
    };
    expect((await new STS(config(temporary)).getCallerIdentity({})).Arn).toBe(
      'arn:aws:sts::123456789012:assumed-role/Temporary/me',
    );
    const withoutToken = { ...temporary, sessionToken: undefined };
    expect(await failure(new STS(config(withoutToken)).getCallerIdentity({}))).toBe('InvalidClientTokenId');
  });
});

describe('without it', () => {
  it.each([
    [
      'a wrong secret',
      wrongSecret,
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'SignatureDoesNotMatch',
    ],
    [
      'an unknown key',
      unknownKey,
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
    ],
  ])('%s is refused as each service refuses it', async (_case, credentials, glueError, stsError, s3Error) => {
    expect(await failure(new Glue(config(credentials)).getDatabases({}))).toBe(glueError);
    expect(await failure(new STS(config(credentials)).getCallerIdentity({}))).toBe(stsError);
    expect(await failure(s3As(credentials).listBuckets({}))).toBe(s3Error);
  });

  it('an unsigned request is refused', async () => {
    const unsigned = await fetch(`${endpoint}/streams/k`);
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toMatch(/<Code>AccessDenied<\/Code>/);
    const glue = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSGlue.GetDatabases' },
      body: '{}',
    });
    expect(glue.status).toBe(400);
    expect(await glue.text()).toMatch(/MissingAuthenticationToken/);
  });
});
