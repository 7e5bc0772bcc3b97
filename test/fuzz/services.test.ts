// Hostile requests to every operation of every service that speaks JSON or forms: each is answered, none with a defect.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationShape } from '../../src/wire/schema.js';
import type { Service } from '../../src/wire/service.js';
import { openFuzzTarget, RUNS, SEED, type FuzzTarget } from './fuzz-target.js';
import { harmed, hostileText, jsonText, ShapeValues } from './hostile-values.js';

let target: FuzzTarget;
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  target = await openFuzzTarget();
});
afterAll(async () => {
  await target.close();
  process.off('unhandledRejection', onUnhandled);
});

/** Every operation of the services in turn, each with its own runs of one seed. */
async function fuzz(
  protocol: (service: Service) => boolean,
  send: (service: Service, name: string, draw: fc.GeneratorValue) => Promise<void>,
): Promise<void> {
  for (const service of target.aws.services.filter(protocol)) {
    for (const name of Object.keys(service.operations)) {
      await target.seed();
      await fc.assert(
        fc.asyncProperty(fc.gen(), (draw) => send(service, name, draw)),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    }
  }
}

const inputShape = (service: Service, name: string) => {
  const operation = operationShape(service.client, name);
  if (!operation) throw new Error(`${name} is no operation of the SDK's client.`);
  return operation.input;
};

describe(`the wire (GLUEPOT_FUZZ_SEED=${SEED})`, () => {
  it('answers whatever JSON is sent to an operation', { timeout: 60_000 * RUNS }, () =>
    fuzz(
      ({ protocol }) => protocol.startsWith('json'),
      async (service, name, draw) => {
        const wrong = draw(() => fc.constantFrom(6, 40, Infinity, Infinity, Infinity));
        const input = new ShapeValues(draw, service.constraints, wrong).of(inputShape(service, name));
        await target.send({
          headers: {
            'x-amz-target': `${service.targetPrefix}.${name}`,
            'content-type': draw(() => fc.constantFrom('application/x-amz-json-1.1', 'text/plain', '', '\0')),
          },
          body: Buffer.from(harmed(draw, jsonText(input) ?? '')),
        });
      },
    ),
  );

  it('answers whatever form is sent to an operation', { timeout: 60_000 * RUNS }, () =>
    fuzz(
      ({ protocol }) => protocol === 'query',
      async (service, name, draw) => {
        const wrong = draw(() => fc.constantFrom(6, 40, Infinity, Infinity, Infinity));
        const input = new ShapeValues(draw, service.constraints, wrong).of(inputShape(service, name));
        const form = [['Action', name], ['Version', service.apiVersion as string], ...fieldsOf('', input)];
        const body = harmed(
          draw,
          form.map(([field, value]) => `${field}=${encoded(value as string)}`).join('&'),
        );
        await target.send({
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: Buffer.from(body),
          query: draw(fc.nat, 9) === 0 ? draw(() => hostileText) : '',
        });
      },
    ),
  );

  it('answers what is addressed to nobody', async () => {
    const header = fc.oneof(
      hostileText,
      fc.constantFrom(
        'AWSGlue.',
        'AWSGlue',
        '.GetTables',
        'AWSGlue.GetTables.x',
        'Logs_20140328.x',
        'AWSGlue.__proto__',
      ),
    );
    const property = fc.asyncProperty(
      header,
      header,
      hostileText,
      hostileText,
      async (to, type, query, body) => {
        await target.send({ headers: { 'x-amz-target': to, 'content-type': type }, body: Buffer.from(body) });
        await target.send({
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          query,
          body: Buffer.from(`Action=${body}&Version=2010-05-08&${to}`),
        });
      },
    );
    // A query that cannot be decoded was once answered by nobody at all.
    const examples: [string, string, string, string][] = [['AWSGlue.GetTables', '', '%', '']];
    await fc.assert(property, { numRuns: RUNS * 30, seed: SEED, examples });
  });

  it('goes on answering, and has left nothing unhandled', async () => {
    const { glue, iam, logs, sts } = target.aws.clients();
    await target.seed();
    expect((await glue.getTable({ DatabaseName: 'd', Name: 't' })).Table?.Name).toBe('t');
    expect((await iam.getRole({ RoleName: 'r' })).Role?.RoleName).toBe('r');
    expect((await sts.getCallerIdentity({})).Account).toBe('123456789012');
    expect((await logs.describeLogGroups({})).logGroups?.length).toBeGreaterThan(0);
    expect(unhandled).toEqual([]);
  });
});

// Lone surrogates have no percent-encoding.
const encoded = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '%ED%A0%80'));

/** A structure as form fields: `Tags.member.1.Key`. */
function fieldsOf(path: string, value: unknown): string[][] {
  const at = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`);
  if (Array.isArray(value)) return value.flatMap((item, index) => fieldsOf(at(`member.${index + 1}`), item));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => fieldsOf(at(encoded(name)), item));
  }
  return [[path, String(value)]];
}
