// Hostile requests to S3: odd paths, hosts, queries, headers and XML, broken signatures and chunks. Each is answered.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames, operationShape, type OperationShape, type Shape } from '../../src/wire/schema.js';
import type { Service } from '../../src/wire/service.js';
import { openFuzzTarget, RUNS, SEED, type FuzzTarget } from './fuzz-target.js';
import { harmed, hostileText, ShapeValues } from './hostile-values.js';

const ACCESS_KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
let trusting: FuzzTarget;
let verifying: FuzzTarget;
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  [trusting, verifying] = await Promise.all([openFuzzTarget(), openFuzzTarget(ACCESS_KEY)]);
});
afterAll(async () => {
  await Promise.all([trusting.close(), verifying.close()]);
  process.off('unhandledRejection', onUnhandled);
});

const s3Of = ({ aws }: FuzzTarget) => aws.services.find(({ protocol }) => protocol === 'rest-xml') as Service;

/** Sent as Latin-1 and without line ends, as any HTTP parser lets through. */
const headerText = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
const escaped = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'));

const key = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('k', 'a/b', 'new') },
  { weight: 2, arbitrary: hostileText.map(escaped) },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '%',
      '%2e%2e/%2e%2e/x',
      '../../x',
      '..',
      '/',
      '//a',
      'a%00b',
      'k/'.repeat(600),
    ),
  },
);
const bucket = fc.oneof(
  { weight: 6, arbitrary: fc.constant('lake') },
  { weight: 1, arbitrary: fc.constantFrom('new-one', '..', '.escaped', 'UPPER', 'a', '%2e%2e', '__proto__') },
  { weight: 1, arbitrary: hostileText.map(escaped) },
);
const number = fc.constantFrom('0', '1', '2', '1000', '-1', '1.5', 'x', '', '1e9', '99999999999999999999');
const ODD_HEADERS = [
  [
    'range',
    fc.constantFrom('bytes=0-0', 'bytes=-1', 'bytes=5-2', 'bytes=a-b', 'bytes=0-9999999999999999999', 'x'),
  ],
  ['if-match', fc.constantFrom('*', '""', '"x"', 'W/"x"', '')],
  ['if-none-match', fc.constantFrom('*', '""', 'x, y')],
  ['if-modified-since', fc.constantFrom('never', 'Thu, 01 Jan 1970 00:00:00 GMT', '')],
  ['content-length', number],
  ['content-md5', fc.constantFrom('', 'x', '1B2M2Y8AsgTpgAmY7PhCfg==')],
  ['content-encoding', fc.constantFrom('aws-chunked', 'gzip', 'aws-chunked,gzip', '')],
  ['x-amz-decoded-content-length', number],
  [
    'x-amz-trailer',
    fc.constantFrom('x-amz-checksum-crc32', 'x-amz-checksum-crc32,x-amz-checksum-sha1', 'nothing'),
  ],
  [
    'x-amz-content-sha256',
    fc.constantFrom(
      'UNSIGNED-PAYLOAD',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'e3b0c442',
      '',
    ),
  ],
  ['x-amz-checksum-crc32', fc.constantFrom('AAAAAA==', 'x', '')],
  ['x-amz-checksum-algorithm', fc.constantFrom('CRC32', 'SHA256', 'CRC64NVME', 'NONE')],
  ['x-amz-sdk-checksum-algorithm', fc.constantFrom('CRC32', 'x')],
  [
    'x-amz-copy-source',
    fc.constantFrom('lake/k', '/lake/k', '/', '', '%', 'lake', 'lake/k?versionId=1', 'nope/k'),
  ],
  ['x-amz-copy-source-range', fc.constantFrom('bytes=0-1', 'bytes=5-1', 'x')],
  ['x-amz-metadata-directive', fc.constantFrom('COPY', 'REPLACE', 'x')],
  ['x-amz-tagging', fc.constantFrom('a=b', '%', 'a=b&a=c', '=')],
  ['x-amz-meta-x', hostileText],
  ['x-amz-storage-class', fc.constantFrom('GLACIER', 'x')],
  ['expires', fc.constantFrom('never', '0')],
  [
    'host',
    fc.constantFrom(
      'lake.s3.localhost',
      'lake.localhost:1',
      's3.amazonaws.com',
      '',
      '[',
      'a.b.localhost',
      '..localhost',
    ),
  ],
  ['content-type', hostileText],
  ['expect', fc.constant('100-continue')],
] as const;

/** Chunks as aws-chunked has them, some of them cut, mislabelled or without end. */
const chunkedBody = fc
  .array(
    fc.tuple(
      fc.constantFrom('5', '0', '05', 'ffffffffffffffff', '-1', 'x', '5;chunk-signature=abc', '5;', ''),
      fc.constantFrom('\r\n', '\n', ''),
      fc.constantFrom('hello', 'hell', '', 'hello world'),
      fc.constantFrom('\r\n', '', '\n'),
    ),
    { maxLength: 4 },
  )
  .chain((chunks) =>
    fc
      .constantFrom(
        '0\r\n\r\n',
        '',
        '0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
        '0;chunk-signature=x\r\n\r\n',
        '0\r\nx',
      )
      .map((end) => chunks.flat().join('') + end),
  );

/** XML that the operation's input would be, with members missing, doubled and of wrong kinds. */
function xmlOf(shape: Shape, name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => xmlOf(shape, name, item)).join('');
  const content =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([member, item]) => xmlOf(shape, member, item))
          .join('')
      : String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<${name}>${content}</${name}>`;
}

function bodyOf(operation: OperationShape, draw: fc.GeneratorValue): string {
  if (draw(fc.nat, 4) === 0) return draw(() => chunkedBody);
  const payload = operation.input.members.find(
    (member) => member.traits.httpPayload && member.shape.kind === 'struct',
  );
  if (!payload) return draw(() => hostileText);
  const value = new ShapeValues(draw, undefined, 30).of(payload.shape);
  return harmed(draw, xmlOf(payload.shape, payload.traits.xmlName ?? payload.name, value));
}

function requestOf(operation: OperationShape, draw: fc.GeneratorValue) {
  const [path = '/', literalQuery = ''] = operation.http.uri.split('?');
  const hasBucket = operation.input.members.some(({ name, traits }) => name === 'Bucket' && traits.httpLabel);
  const query = [
    literalQuery,
    ...operation.input.members
      .filter(
        ({ traits, isRequired }) => traits.httpQuery !== undefined && (isRequired || draw(fc.nat, 2) === 0),
      )
      .map(({ traits, shape }) => {
        const value = shape.kind === 'number' ? draw(() => number) : draw(() => hostileText);
        return `${traits.httpQuery}=${draw(fc.nat, 20) === 0 ? value : escaped(value)}`;
      }),
  ];
  const headers = ODD_HEADERS.filter(([name]) => draw(fc.nat, name === 'host' ? 20 : 7) === 0);
  return {
    method: operation.http.method,
    path: `${hasBucket ? `/${draw(() => bucket)}` : ''}${path.replace(
      /\{Key\+\}/,
      draw(() => key),
    )}`,
    query: query.filter((part) => part !== '').join('&'),
    headers: {
      host: 'localhost',
      ...Object.fromEntries(
        headers.map(([name, value]) => [name, headerText(draw(() => value as fc.Arbitrary<string>))]),
      ),
    } as Record<string, string>,
    body: Buffer.from(bodyOf(operation, draw)),
  };
}

describe(`S3 on the wire (GLUEPOT_FUZZ_SEED=${SEED})`, () => {
  it('answers whatever is sent to an operation, here or not', { timeout: 60_000 * RUNS }, async () => {
    const { client } = s3Of(trusting);
    for (const name of operationNames(client)) {
      const operation = operationShape(client, name) as OperationShape;
      await trusting.seed();
      const property = fc.asyncProperty(fc.gen(), async (draw) => {
        await trusting.send(requestOf(operation, draw));
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    }
  });

  it('refuses whatever is not signed as it must be', { timeout: 60_000 * RUNS }, async () => {
    const operations = Object.keys(s3Of(verifying).operations);
    const scope = fc.constantFrom(
      'AKIDEXAMPLE/20240101/us-east-1/s3/aws4_request',
      'AKIDEXAMPLE/20240101/us-east-1/glue/aws4_request',
      'AKIDEXAMPLE/x/y/z',
      'nobody/20240101/us-east-1/s3/aws4_request',
      '////',
      '',
    );
    const signedHeaders = fc.constantFrom('host;x-amz-date', 'host', '', ';;;', 'nothing', 'HOST');
    const signature = fc.constantFrom('0'.repeat(64), 'x', '', 'é');
    const date = fc.constantFrom(
      '20240101T000000Z',
      new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      'x',
      '',
    );
    const property = fc.asyncProperty(
      fc.gen(),
      fc.constantFrom(...operations),
      scope,
      signedHeaders,
      signature,
      date,
      async (draw, name, credential, signed, sign, at) => {
        const request = requestOf(operationShape(s3Of(verifying).client, name) as OperationShape, draw);
        const algorithm = draw(() =>
          fc.constantFrom('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256', 'AWS', 'Bearer', ''),
        );
        const parts = `Credential=${credential}, SignedHeaders=${signed}, Signature=${sign}`;
        const authorization = draw(() =>
          fc.constantFrom(
            `${algorithm} ${parts}`,
            parts,
            `${algorithm} Credential=${credential}`,
            algorithm,
            '\0',
            ',,,=',
          ),
        );
        if (draw(fc.boolean)) {
          request.headers['authorization'] = authorization;
          request.headers['x-amz-date'] = at;
        } else {
          request.query += `&X-Amz-Algorithm=${algorithm}&X-Amz-Credential=${escaped(credential)}&X-Amz-Date=${at}`;
          request.query += `&X-Amz-SignedHeaders=${escaped(signed)}&X-Amz-Signature=${escaped(sign)}&X-Amz-Expires=${draw(() => number)}`;
        }
        const { statusCode } = await verifying.send(request);
        expect(statusCode).toBeGreaterThanOrEqual(400);
      },
    );
    await fc.assert(property, { numRuns: RUNS * 40, seed: SEED, endOnFailure: true });
  });

  it('goes on answering, has left nothing unhandled, and wrote nothing outside its folder', async () => {
    for (const target of [trusting, verifying]) {
      await target.seed();
      const { s3 } = target.aws.clients();
      await s3.putObject({ Bucket: 'lake', Key: 'good', Body: 'bytes' });
      const { Body } = await s3.getObject({ Bucket: 'lake', Key: 'good' });
      expect(await Body?.transformToString()).toBe('bytes');
      expect((await s3.listObjectsV2({ Bucket: 'lake', Prefix: 'good' })).KeyCount).toBe(1);
    }
    expect(unhandled).toEqual([]);
  });
});
