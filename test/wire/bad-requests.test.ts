// What the wire answers to requests that no SDK would send.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../src/base/limits.js';
import { openEmbedded, type Embedded } from '../../src/embedded.js';

let aws: Embedded;
let endpoint: string;
beforeAll(async () => {
  aws = await openEmbedded();
  ({ endpoint } = await aws.listen({ port: 0 }));
});
afterAll(() => aws.close());

async function post(headers: Record<string, string>, body: string) {
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

const glue = (operation: string, body: string) => post({ 'x-amz-target': `AWSGlue.${operation}` }, body);

describe('a JSON request', () => {
  it.each([
    ['an operation that Glue does not have', 'MakeCoffee', '{}', 'UnknownOperationException', /MakeCoffee/],
    [
      'an operation that is not here',
      'CreateDevEndpoint',
      '{}',
      'UnknownOperationException',
      /CreateDevEndpoint/,
    ],
    ['a body that is no JSON', 'GetDatabase', '{"Name": ', 'SerializationException', /not valid JSON/],
    [
      'a body that is no structure',
      'GetDatabase',
      '[1]',
      'SerializationException',
      /'body' must be a Structure/,
    ],
    [
      'a member of the wrong type',
      'GetDatabase',
      '{"Name":7}',
      'SerializationException',
      /'name' must be a String, not 7/,
    ],
    [
      'a member of the wrong type deep inside',
      'CreateTable',
      '{"DatabaseName":"d","TableInput":{"Name":"t","PartitionKeys":[{"Name":{}}]}}',
      'SerializationException',
      /'tableInput.partitionKeys.1.member.name' must be a String, not a structure/,
    ],
    ['a member that is missing', 'GetDatabase', '{}', 'ValidationException', /Value null at 'name'/],
  ])('%s is named in AWS terms', async (_case, operation, body, type, message) => {
    const answer = await glue(operation, body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-amzn-errortype')).toBe(type);
    const error = JSON.parse(answer.text) as Record<string, string>;
    expect(error['__type']).toBe(type);
    expect(error['message'] ?? error['Message']).toMatch(message);
  });

  it('nested deeper than any model is refused, not followed', async () => {
    const depth = 5000;
    const mapping = '{"Children":['.repeat(depth) + ']}'.repeat(depth);
    const body = `{"Name":"j","Role":"r","Command":{},"CodeGenConfigurationNodes":{"n":{"ApplyMapping":{"Name":"n","Inputs":["a"],"Mapping":[${mapping}]}}}}`;
    const answer = await glue('CreateJob', body);
    expect(answer.text).toMatch(/nested more than/);
    expect(answer.status).toBe(400);
  });

  it('larger than the bound is refused with 413', async () => {
    const answer = await glue('GetDatabase', `{"Name":"${'x'.repeat(BODY_BYTES_MAX)}"}`);
    expect(answer.status).toBe(413);
    expect(answer.text).toMatch(/RequestEntityTooLargeException/);
  });

  it('for a service that is not here is refused by its target', async () => {
    const answer = await post({ 'x-amz-target': 'AmazonSSM.GetParameter' }, '{}');
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/"__type":"UnknownOperationException".*AmazonSSM.GetParameter/);
  });

  it('has a request id in every answer', async () => {
    const ids = await Promise.all(
      ['{}', 'x'].map(async (body) => (await glue('GetDatabases', body)).headers.get('x-amzn-requestid')),
    );
    expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a Query request', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

  it('is told IAM from STS by its version', async () => {
    const sts = await post(form, 'Action=GetCallerIdentity&Version=2011-06-15');
    expect(sts.text).toMatch(/<GetCallerIdentityResponse xmlns="https:\/\/sts/);
    const iam = await post(form, 'Action=ListRoles&Version=2010-05-08');
    expect(iam.text).toMatch(/<ListRolesResponse xmlns="https:\/\/iam/);
  });

  it('with an action that is not there is answered in XML', async () => {
    const answer = await post(form, 'Action=CreateUser&UserName=u&Version=2010-05-08');
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(
      /<Code>InvalidAction<\/Code><Message>Could not find operation CreateUser for version 2010-05-08/,
    );
  });

  it('that breaks its model is answered with ValidationError', async () => {
    const answer = await post(form, 'Action=GetRole&Version=2010-05-08');
    expect(answer.text).toMatch(
      /<Code>ValidationError<\/Code>.*Value null at &#39;roleName&#39;|<Code>ValidationError<\/Code>.*Value null at 'roleName'/,
    );
  });
});
