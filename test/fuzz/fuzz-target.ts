// An embedded AWS with something of everything in it, and the law that each of its answers must keep.
import { Readable } from 'node:stream';
import { XMLValidator } from 'fast-xml-parser';
import { expect } from 'vitest';
import { openEmbedded, type AccessKey, type Embedded } from '../../src/embedded.js';
import type { WireRequest, WireResponse } from '../../src/wire/message.js';
import { attachGluePermissions } from '../glue-permissions.js';

/** Longest time to an answer, in milliseconds; ordinary ones take a few. */
const ANSWER_MS_MAX = 5_000;

/** Runs for each operation; more with GLUEPOT_FUZZ_RUNS. */
export const RUNS = Number(process.env['GLUEPOT_FUZZ_RUNS'] ?? 6);
/**
 * Of every property here, and in the names of the tests. The same in every run, so that nobody's run is red for what
 * somebody else broke; GLUEPOT_FUZZ_SEED takes another, or `random` any.
 */
export const SEED = seedOf(process.env['GLUEPOT_FUZZ_SEED'] ?? '20261121');

function seedOf(text: string): number {
  const seed = text === 'random' ? Date.now() % 2 ** 31 : Number(text);
  if (Number.isInteger(seed)) return seed;
  throw new Error(`GLUEPOT_FUZZ_SEED is '${text}': give it a whole number, or random.`);
}

export interface FuzzTarget {
  aws: Embedded;
  /** Sends the request and holds the answer to the law. */
  send(request: Partial<WireRequest>): Promise<WireResponse>;
  /** Makes what earlier requests may have deleted. */
  seed(): Promise<void>;
  close(): Promise<void>;
}

/** What a gluepot that ran into a defect logged; empty when there was none. */
export async function openFuzzTarget(accessKey?: AccessKey): Promise<FuzzTarget> {
  const defects: string[] = [];
  const aws = await openEmbedded({
    ...(accessKey && { accessKey }),
    log: (level, message, fields) => {
      if (level === 'error') defects.push(`${message} ${JSON.stringify(fields, undefined, 1)}`);
    },
  });
  const target: FuzzTarget = {
    aws,
    async send(partial) {
      const request: WireRequest = {
        method: 'POST',
        path: '/',
        query: '',
        headers: {},
        body: new Uint8Array(),
        origin: 'http://localhost',
        ...partial,
      };
      const startedMs = performance.now();
      defects.length = 0;
      const response = await inTime(aws.handler(request), request);
      const body = await inTime(textOf(response.body), request);
      const exchange = `${describe(request)}\n${body}`;
      expect(defects.join('\n').replaceAll('\\n', '\n'), exchange).toBe('');
      expect(response.statusCode, exchange).toBeGreaterThanOrEqual(200);
      // 501: S3 operations that are not here.
      if (response.statusCode !== 501) expect(response.statusCode, exchange).toBeLessThan(500);
      expect(response.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
      expectWellFormed(request, response, body);
      expect(performance.now() - startedMs).toBeLessThan(ANSWER_MS_MAX);
      return response;
    },
    seed: () => seedResources(aws),
    close: () => aws.close(),
  };
  await target.seed();
  return target;
}

async function inTime<T>(answer: Promise<T>, request: WireRequest): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`No answer in ${ANSWER_MS_MAX} ms to ${describe(request)}`);
    timer = setTimeout(() => reject(error), ANSWER_MS_MAX);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function describe({ method, path, query, headers, body }: WireRequest): string {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8').slice(0, 3000) : 'a stream';
  return `${method} ${path}?${query} ${JSON.stringify(headers)}\n${text}`;
}

async function textOf(body: WireResponse['body']): Promise<string> {
  if (!(body instanceof Readable)) return Buffer.from(body).toString('utf8');
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}

function expectWellFormed(request: WireRequest, { statusCode, headers }: WireResponse, body: string): void {
  const contentType = headers['content-type'] ?? '';
  const hasBody = request.method !== 'HEAD' && body !== '';
  if (!hasBody) return;
  if (statusCode < 400 && request.method === 'GET' && !contentType.includes('xml')) return;
  if (contentType.includes('json')) {
    const answer = JSON.parse(body) as Record<string, unknown>;
    if (statusCode < 400) return;
    expect(answer['__type']).toEqual(headers['x-amzn-errortype']);
    expect(answer['message'] ?? answer['Message']).toEqual(expect.any(String));
  } else if (statusCode >= 400 || contentType.includes('xml')) {
    expect(XMLValidator.validate(body), body.slice(0, 2000)).toBe(true);
    if (statusCode >= 400) expect(body).toMatch(/<Code>\w+<\/Code><Message>/);
  }
}

async function seedResources(aws: Embedded): Promise<void> {
  const { glue, s3, iam, logs } = aws.clients();
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const partitioned = { PartitionKeys: [{ Name: 'k', Type: 'int' }] };
  const putIfMissing = (Key: string, Body: string) =>
    s3.headObject({ Bucket: 'lake', Key }).catch(() => s3.putObject({ Bucket: 'lake', Key, Body }));
  const attempts = [
    () => iam.createRole({ RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    () => attachGluePermissions(iam, 'r'),
    () => s3.createBucket({ Bucket: 'lake' }),
    () => putIfMissing('k', 'a,b\n1,2\n'),
    () => putIfMissing('a/b', '{"x":1}\n'),
    () => glue.createDatabase({ DatabaseInput: { Name: 'd' } }),
    () => glue.createTable({ DatabaseName: 'd', TableInput: { Name: 't', ...partitioned } }),
    () => glue.createTable({ DatabaseName: 'd', TableInput: { Name: 'u' } }),
    () => glue.createPartition({ DatabaseName: 'd', TableName: 't', PartitionInput: { Values: ['1'] } }),
    () => glue.createPartition({ DatabaseName: 'd', TableName: 't', PartitionInput: { Values: ['x'] } }),
    () =>
      glue.createCrawler({
        Name: 'c',
        Role: 'r',
        DatabaseName: 'd',
        Targets: { S3Targets: [{ Path: 's3://lake/a' }] },
      }),
    () => glue.createJob({ Name: 'j', Role: 'r', Command: { Name: 'glueetl' } }),
    () => logs.createLogGroup({ logGroupName: 'g' }),
    () => logs.createLogStream({ logGroupName: 'g', logStreamName: 's' }),
  ];
  for (const attempt of attempts) {
    // Most of them are there already.
    await attempt().catch(() => undefined);
  }
}
