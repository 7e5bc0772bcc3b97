// Signatures made by the SDK's clients and published by AWS, and everything that may be wrong with one.
import { createHash, createHmac } from 'node:crypto';
import { GlueClient, GetTableCommand } from '@aws-sdk/client-glue';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature, type Secret } from './sigv4.js';
import type { SignedRequest } from './sigv4-claim.js';

const credentials = {
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const temporary = { ...credentials, accessKeyId: 'ASIAEXAMPLE', sessionToken: 'FwoGZX+/token==' };
const secrets: Record<string, Secret> = {
  AKIAEXAMPLE: { secretAccessKey: credentials.secretAccessKey },
  ASIAEXAMPLE: { secretAccessKey: credentials.secretAccessKey, sessionToken: temporary.sessionToken },
  EXPIRED: { secretAccessKey: credentials.secretAccessKey, expiration: new Date('2024-01-01T00:00:00Z') },
};
const region = 'eu-west-1';

interface Captured extends SignedRequest {
  bodySha256: string;
}

/** What one call of a real client puts on the wire. */
async function capture(
  send: (options: {
    region: string;
    credentials: typeof credentials;
    requestHandler: never;
  }) => Promise<unknown>,
  given: typeof credentials = credentials,
): Promise<Captured> {
  let captured: HttpRequest | undefined;
  const requestHandler = {
    handle(request: HttpRequest) {
      captured = request;
      return Promise.resolve({ response: new HttpResponse({ statusCode: 500, headers: {} }) });
    },
  };
  const stopped = await send({
    region,
    credentials: given,
    requestHandler: requestHandler as never,
    maxAttempts: 1,
  } as never).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!captured) throw stopped;
  const query = Object.entries(captured.query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => `${encode(name)}=${encode(one)}`),
  );
  const body: unknown = captured.body;
  return {
    method: captured.method,
    path: captured.path,
    query: query.join('&'),
    headers: Object.fromEntries(
      Object.entries(captured.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    bodySha256: sha256(typeof body === 'string' || body instanceof Uint8Array ? body : ''),
  };
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

const verify = (request: SignedRequest & { bodySha256?: string }, now = new Date()) =>
  verifySignature(request, { lookUpSecret: (id) => secrets[id], now, bodySha256: request.bodySha256 });

function refusal(request: SignedRequest & { bodySha256?: string }, now?: Date) {
  try {
    verify(request, now);
  } catch (error) {
    const { name, statusCode, message } = error as { name: string; statusCode: number; message: string };
    return { name, statusCode, message };
  }
  return undefined;
}

const sendGetTable = (options: object) =>
  new GlueClient(options).send(new GetTableCommand({ DatabaseName: 'sales', Name: 'orders' }));
const sendListRoles = (options: object) =>
  new IAMClient(options).send(new ListRolesCommand({ PathPrefix: '/a b/' }));
const sendIdentity = (options: object) => new STSClient(options).send(new GetCallerIdentityCommand({}));
const sendList = (options: object) =>
  new S3Client(options).send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'a+b c/é=&', Delimiter: '/' }));
const sendPut = (options: object) =>
  new S3Client(options).send(
    new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'text', Metadata: { note: '  two   spaces ' } }),
  );

describe('a request signed by the SDK', () => {
  it.each([
    ['glue', sendGetTable],
    ['iam', sendListRoles],
    ['sts', sendIdentity],
    ['s3', sendList],
    ['s3', sendPut],
  ] as const)('for %s is verified', async (service, send) => {
    const request = await capture(send);
    expect(verify(request)).toEqual({
      accessKeyId: 'AKIAEXAMPLE',
      region: service === 'iam' ? 'us-east-1' : region,
      service,
    });
    expect(verify(await capture(send, temporary)).accessKeyId).toBe('ASIAEXAMPLE');
  });

  it.each([
    'plain.csv',
    'a b+c.csv',
    'a/../b',
    './x',
    '//x//',
    'é/日本/🙂',
    "~!*'()@:$,;=&?#%",
    '%41%2f',
    'a\\b|"<>^`{}[]',
    'slash/',
  ])('with the object key %s is verified, in its header and presigned', async (Key) => {
    const request = await capture((options) =>
      new S3Client(options).send(new GetObjectCommand({ Bucket: 'b', Key })),
    );
    expect(verify(request).service).toBe('s3');
    const client = new S3Client({ region, credentials });
    expect(
      verify(presigned(await getSignedUrl(client, new GetObjectCommand({ Bucket: 'b', Key })))).service,
    ).toBe('s3');
  });

  it('with any key and prefix is verified', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, text, async (Key, Prefix) => {
        const client = { forcePathStyle: true };
        const put = await capture((options) =>
          new S3Client({ ...options, ...client }).send(
            new PutObjectCommand({ Bucket: 'b', Key, Body: Prefix }),
          ),
        );
        expect(verify(put).service).toBe('s3');
        const list = await capture((options) =>
          new S3Client({ ...options, ...client }).send(new ListObjectsV2Command({ Bucket: 'b', Prefix })),
        );
        expect(verify(list).service).toBe('s3');
      }),
      { numRuns: 25 },
    );
  });
});

function presigned(url: string, headers: Record<string, string> = {}): SignedRequest {
  // By hand: URL takes out dot segments, which a server sees.
  const [, host = '', path = '', query = ''] = /^https:\/\/([^/]+)([^?]*)\?(.*)$/.exec(url) ?? [];
  return { method: 'GET', path, query, headers: { host, ...headers } };
}

describe('a presigned URL', () => {
  const sign = (expiresIn: number, given: typeof credentials = credentials) =>
    getSignedUrl(
      new S3Client({ region, credentials: given }),
      new GetObjectCommand({ Bucket: 'b', Key: 'k' }),
      { expiresIn },
    );
  const after = (seconds: number) => new Date(Date.now() + seconds * 1000);

  it('is good until it expires', async () => {
    const request = presigned(await sign(3600));
    expect(verify(request, after(3590)).accessKeyId).toBe('AKIAEXAMPLE');
    expect(refusal(request, after(3610))).toEqual({
      name: 'AccessDenied',
      statusCode: 403,
      message: 'Request has expired',
    });
    expect(refusal(request, after(-1000))?.message).toBe('Request is not valid yet');
  });

  it('may be of temporary credentials', async () => {
    expect(verify(presigned(await sign(60, temporary))).accessKeyId).toBe('ASIAEXAMPLE');
  });

  it.each([
    [
      'a longer life',
      (query: string) => query.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      'SignatureDoesNotMatch',
    ],
    [
      'a life of over a week',
      (query: string) => query.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'),
      'AuthorizationQueryParametersError',
    ],
    ['another parameter', (query: string) => `${query}&versionId=1`, 'SignatureDoesNotMatch'],
    [
      'no credential',
      (query: string) => query.replace(/X-Amz-Credential=[^&]*&/, ''),
      'AuthorizationQueryParametersError',
    ],
    [
      'a date that is none',
      (query: string) => query.replace(/X-Amz-Date=[^&]*/, 'X-Amz-Date=now'),
      'AuthorizationQueryParametersError',
    ],
    [
      'another algorithm',
      (query: string) => query.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'),
      'InvalidRequest',
    ],
  ])('with %s is refused', async (_, change, name) => {
    const request = presigned(await sign(60));
    expect(refusal({ ...request, query: change(request.query) })?.name).toBe(name);
  });

  it('does not let headers be added that mean something', async () => {
    const url = await sign(60);
    expect(refusal(presigned(url, { 'x-amz-copy-source': 'b/other' }))).toEqual({
      name: 'AccessDenied',
      statusCode: 403,
      message: 'There were headers present in the request which were not signed: x-amz-copy-source',
    });
    expect(verify(presigned(url, { range: 'bytes=0-1', 'user-agent': 'curl' })).service).toBe('s3');
  });
});

describe('a refusal', () => {
  type Change = (request: Captured) => Captured;
  const withHeader =
    (name: string, value: string | undefined): Change =>
    (request) => {
      const headers = Object.entries({ ...request.headers, [name]: value });
      return {
        ...request,
        headers: Object.fromEntries(
          headers.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])),
        ),
      };
    };
  const withAuthorization =
    (from: string | RegExp, to: string): Change =>
    (request) =>
      withHeader('authorization', request.headers['authorization']!.replace(from, to))(request);

  const cases: [what: string, change: Change, json: string, query: string, s3: string][] = [
    [
      'no signature',
      withHeader('authorization', undefined),
      'MissingAuthenticationTokenException 400',
      'MissingAuthenticationToken 403',
      'AccessDenied 403',
    ],
    [
      'an unknown key',
      withAuthorization('AKIAEXAMPLE', 'AKIAOTHER'),
      'UnrecognizedClientException 400',
      'InvalidClientTokenId 403',
      'InvalidAccessKeyId 403',
    ],
    [
      'a key whose time is over',
      withAuthorization('AKIAEXAMPLE', 'EXPIRED'),
      'ExpiredTokenException 400',
      'ExpiredToken 403',
      'ExpiredToken 400',
    ],
    [
      'no token where one is needed',
      withAuthorization('AKIAEXAMPLE', 'ASIAEXAMPLE'),
      'UnrecognizedClientException 400',
      'InvalidClientTokenId 403',
      'InvalidToken 400',
    ],
    [
      'another signature',
      withAuthorization(/Signature=.*/, `Signature=${'0'.repeat(64)}`),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'a cut signature',
      withAuthorization(/.$/, ''),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'an empty signature',
      withAuthorization(/Signature=.*/, 'Signature='),
      'IncompleteSignatureException 400',
      'IncompleteSignature 400',
      'AuthorizationHeaderMalformed 400',
    ],
    [
      'no signed headers',
      withAuthorization(/SignedHeaders=[^,]*, /, ''),
      'IncompleteSignatureException 400',
      'IncompleteSignature 400',
      'AuthorizationHeaderMalformed 400',
    ],
    [
      'half a credential',
      withAuthorization('/aws4_request', ''),
      'IncompleteSignatureException 400',
      'IncompleteSignature 400',
      'AuthorizationHeaderMalformed 400',
    ],
    [
      'no date',
      withHeader('x-amz-date', undefined),
      'IncompleteSignatureException 400',
      'IncompleteSignature 400',
      'AuthorizationHeaderMalformed 400',
    ],
    [
      'another day in the scope',
      withAuthorization(/AKIAEXAMPLE\/\d{8}/, 'AKIAEXAMPLE/20200101'),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'a host that is not signed',
      withAuthorization('host;', ''),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'AccessDenied 403',
    ],
    [
      'another host',
      withHeader('host', 'example.com'),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'another method',
      (request) => ({ ...request, method: 'DELETE' }),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'another path',
      (request) => ({ ...request, path: `${request.path}x` }),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'another query',
      (request) => ({ ...request, query: `${request.query}&x=` }),
      'InvalidSignatureException 400',
      'SignatureDoesNotMatch 403',
      'SignatureDoesNotMatch 403',
    ],
    [
      'the old kind of signature',
      withHeader('authorization', 'AWS AKIAEXAMPLE:c2lnbmF0dXJl'),
      'IncompleteSignatureException 400',
      'IncompleteSignature 400',
      'InvalidRequest 400',
    ],
  ];

  it.each(cases)(
    'of %s has the name that each kind of service gives it',
    async (_, change, json, query, s3) => {
      const answers = [];
      for (const send of [sendGetTable, sendListRoles, sendPut]) {
        const { name, statusCode } = refusal(change(await capture(send))) ?? {
          name: 'accepted',
          statusCode: 0,
        };
        answers.push(`${name} ${statusCode}`);
      }
      expect(answers).toEqual([json, query, s3]);
    },
  );

  it('is given to a body that was not signed, where the body is', async () => {
    const request = await capture(sendGetTable);
    expect(refusal({ ...request, bodySha256: sha256('{"Name":"other"}') })?.name).toBe(
      'InvalidSignatureException',
    );
  });

  it('is given to a changed header that was signed', async () => {
    const request = await capture(sendPut);
    expect(request.headers['x-amz-meta-note']).toBe('  two   spaces ');
    const changed = (value: string) => ({
      ...request,
      headers: { ...request.headers, 'x-amz-meta-note': value },
    });
    expect(refusal(changed('three'))?.name).toBe('SignatureDoesNotMatch');
    expect(refusal(changed('two spaces'))).toBeUndefined();
  });

  it('is given to a signing time over 15 minutes away, and tells both times', async () => {
    const request = await capture(sendGetTable);
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    expect(refusal(request, minutes(14))).toBeUndefined();
    expect(refusal(request, minutes(-14))).toBeUndefined();
    expect(refusal(request, minutes(16))?.message).toMatch(
      /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 15 min\.\)$/,
    );
    expect(refusal(request, minutes(-16))?.message).toMatch(
      /^Signature not yet current: .* is still later than .* \+ 15 min\.\)$/,
    );
    expect(refusal(await capture(sendPut), minutes(16))?.name).toBe('RequestTimeTooSkewed');
  });

  it('shows what should have been signed', async () => {
    const request = await capture(sendGetTable);
    const { message } = refusal({ ...request, method: 'PUT' })!;
    expect(message).toMatch(/The Canonical String for this request should have been\n'PUT\n\/\n\n/);
    expect(message).not.toContain(credentials.secretAccessKey);
  });
});

describe("the examples in AWS's documentation", () => {
  const id = 'AKIAIOSFODNN7EXAMPLE';
  const examples: Record<string, Secret> = {
    [id]: { secretAccessKey: credentials.secretAccessKey },
    AKIDEXAMPLE: { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  };
  const check = (request: SignedRequest, at: string) =>
    verifySignature(request, {
      lookUpSecret: (key) => examples[key],
      now: new Date(at),
      bodySha256: undefined,
    });
  const authorization = (signedHeaders: string, signature: string) =>
    `AWS4-HMAC-SHA256 Credential=${id}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
  const amzDate = '20130524T000000Z';
  const empty = sha256('');

  it('GET Object with a range', () => {
    const headers = {
      authorization: authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': empty,
      'x-amz-date': amzDate,
    };
    expect(
      check({ method: 'GET', path: '/test.txt', query: '', headers }, '2013-05-24T00:00:00Z').accessKeyId,
    ).toBe(id);
  });

  it('GET Bucket lifecycle, whose parameter has no value', () => {
    const headers = {
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': empty,
      'x-amz-date': amzDate,
    };
    expect(
      check({ method: 'GET', path: '/', query: 'lifecycle', headers }, '2013-05-24T00:10:00Z').region,
    ).toBe('us-east-1');
  });

  it('a presigned GET', () => {
    const query =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    const headers = { host: 'examplebucket.s3.amazonaws.com' };
    expect(
      check({ method: 'GET', path: '/test.txt', query, headers }, '2013-05-24T23:00:00Z').accessKeyId,
    ).toBe(id);
  });

  it('IAM ListUsers', () => {
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, ' +
        'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host: 'iam.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
    };
    const query = 'Action=ListUsers&Version=2010-05-08';
    expect(check({ method: 'GET', path: '/', query, headers }, '2015-08-30T12:36:00Z').service).toBe('iam');
  });

  describe('PUT Object in signed chunks', () => {
    const start = (signedHeaders: string, signature: string, extra: Record<string, string>) =>
      check(
        {
          method: 'PUT',
          path: '/examplebucket/chunkObject.txt',
          query: '',
          headers: {
            authorization: authorization(signedHeaders, signature),
            host: 's3.amazonaws.com',
            'content-encoding': 'aws-chunked',
            'x-amz-date': amzDate,
            'x-amz-decoded-content-length': '66560',
            'x-amz-storage-class': 'REDUCED_REDUNDANCY',
            ...extra,
          },
        },
        '2013-05-24T00:00:00Z',
      ).chunkVerifier!;
    const plain = () =>
      start(
        'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
        '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
        { 'content-length': '66824', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      );
    const first = sha256('a'.repeat(65536));
    const second = sha256('a'.repeat(1024));

    it('verifies chunk after chunk', () => {
      const verifier = plain();
      verifier.verifyChunk('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648', first);
      verifier.verifyChunk('0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497', second);
      verifier.verifyChunk('b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9', empty);
    });

    it('refuses a chunk that is changed, left out or out of order', () => {
      const firstSignature = 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';
      const refused = expect.objectContaining({ name: 'SignatureDoesNotMatch', statusCode: 403 }) as Error;
      expect(() => plain().verifyChunk(firstSignature, second)).toThrow(refused);
      expect(() => plain().verifyChunk('', first)).toThrow(refused);
      expect(() =>
        plain().verifyChunk('0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497', second),
      ).toThrow(refused);
    });

    it('verifies signed trailers', () => {
      const verifier = start(
        'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
        '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
        {
          'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
          'x-amz-trailer': 'x-amz-checksum-crc32c',
        },
      );
      verifier.verifyChunk('b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2', first);
      verifier.verifyChunk('1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7', second);
      verifier.verifyChunk('2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992', empty);
      expect(() =>
        verifier.verifyTrailer('0'.repeat(64), sha256('x-amz-checksum-crc32c:sOO8/Q==\n')),
      ).toThrow();
      verifier.verifyTrailer(
        'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
        sha256('x-amz-checksum-crc32c:sOO8/Q==\n'),
      );
    });
  });
});

describe('the canonical form', () => {
  // Signed by hand, with the canonical request written out, as clients of other languages put it on the wire.
  function signed(
    service: string,
    method: string,
    path: string,
    query: string,
    canonicalPath: string,
    canonicalQuery: string,
  ) {
    const key = ['20240501', region, service, 'aws4_request'].reduce<Buffer>(
      (part, text) => createHmac('sha256', part).update(text).digest(),
      Buffer.from(`AWS4${credentials.secretAccessKey}`),
    );
    const headers: Record<string, string> = {
      host: 'h',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-date': '20240501T000000Z',
    };
    const payload = service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256('');
    const canonical = `${method}\n${canonicalPath}\n${canonicalQuery}\nhost:h\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:20240501T000000Z\n\nhost;x-amz-content-sha256;x-amz-date\n${payload}`;
    const scope = `20240501/${region}/${service}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n20240501T000000Z\n${scope}\n${sha256(canonical)}`;
    const signature = createHmac('sha256', key).update(text).digest('hex');
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/${scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`;
    return { method, path, query, headers };
  }

  it.each([
    ['a path that is encoded once, for S3', 's3', '/b/a%20b', '', '/b/a%20b', ''],
    [
      'a path that is encoded twice, elsewhere',
      'scheduler',
      '/schedules/a%20b',
      '',
      '/schedules/a%2520b',
      '',
    ],
    ['dot segments that S3 keeps', 's3', '/b/./x/../y//z', '', '/b/./x/../y//z', ''],
    ['dot segments that others take out', 'batch', '/v1/./x/../y//z/', '', '/v1/y/z/', ''],
    ['escapes in lower case', 's3', '/b/%c3%a9%2b', '', '/b/%C3%A9%2B', ''],
    ['characters that need no escape but have one', 's3', '/b/%61%2D', '', '/b/a-', ''],
    ['characters that need an escape but have none', 's3', '/b/a+(1)é', '', '/b/a%2B%281%29%C3%A9', ''],
    ['a percent sign that escapes nothing', 's3', '/b/100%', '', '/b/100%25', ''],
    ['parameters out of order', 's3', '/b', 'b=2&a=1&B=3', '/b', 'B=3&a=1&b=2'],
    ['one parameter several times', 's3', '/b', 'a=2&a=10&a=', '/b', 'a=&a=10&a=2'],
    ['a name that is the beginning of another', 's3', '/b', 'ab=1&a=2&a-b=3', '/b', 'a=2&a-b=3&ab=1'],
    ['parameters with and without value', 's3', '/b', 'tagging&x=', '/b', 'tagging=&x='],
    [
      'a plus for a space and a slash in a value',
      's3',
      '/b',
      'prefix=a+b/c%2Fd',
      '/b',
      'prefix=a%20b%2Fc%2Fd',
    ],
    ['an equals sign in a value', 's3', '/b', 'continuation-token=a==', '/b', 'continuation-token=a%3D%3D'],
    ['empty parameters', 's3', '/b', '&&a=1&', '/b', 'a=1'],
  ])('of %s', (_, service, path, query, canonicalPath, canonicalQuery) => {
    const request = signed(service, 'GET', path, query, canonicalPath, canonicalQuery);
    expect(verify({ ...request, bodySha256: sha256('') }, new Date('2024-05-01T00:01:00Z')).service).toBe(
      service,
    );
  });
});
