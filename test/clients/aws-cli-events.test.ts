// The AWS CLI against a server: rules, schedules and queues made by commands, and what comes of them read back.
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from './python-clients.js';

const run = promisify(execFile);
const { python, missing } = findPythonClients(['awscli']);

describe.skipIf(missing)(`the AWS CLI and events${missing ? ` (${missing})` : ''}`, () => {
  let aws: Embedded;
  let environment: NodeJS.ProcessEnv;
  let endpoint: string;
  beforeAll(async () => {
    aws = await openEmbedded();
    ({ endpoint } = await aws.listen({ port: 0 }));
    environment = clientEnvironment(endpoint, python);
  });
  afterAll(() => aws.close());

  /** Words as a shell takes them apart, single quotes and all; gives the answer, and undefined where there is none. */
  const cli = async (command: string) => {
    const program = python.includes('/') ? resolve(dirname(python), 'aws') : 'aws';
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? (word as string),
    );
    // Version 1 of the AWS CLI takes no endpoint for SQS from the environment.
    const options = ['--endpoint-url', endpoint, '--output', 'json'];
    const { stdout } = await run(program, [...words, ...options], { env: environment });
    return stdout === '' ? undefined : (JSON.parse(stdout) as unknown);
  };
  const failure = (command: string) =>
    cli(command).then(
      () => 'no error',
      (error: { stderr: string }) => error.stderr,
    );
  const url = () => `${endpoint}/123456789012/inbox`;
  const arn = 'arn:aws:sqs:us-east-1:123456789012:inbox';
  const receive = async () => {
    for (;;) {
      const answer = (await cli(`sqs receive-message --queue-url ${url()} --wait-time-seconds 1`)) as
        { Messages: { Body: string; ReceiptHandle: string }[] } | undefined;
      const message = answer?.Messages[0];
      if (!message) continue;
      await cli(`sqs delete-message --queue-url ${url()} --receipt-handle ${message.ReceiptHandle}`);
      return JSON.parse(message.Body) as unknown;
    }
  };

  it('has a rule choose events for a queue, and says which it would choose', async () => {
    await cli('sqs create-queue --queue-name inbox');
    const pattern = '{"source":["shop"],"detail":{"amount":[{"numeric":[">",100]}]}}';
    await cli(`events put-rule --name large --event-pattern '${pattern}'`);
    await cli(
      `events put-targets --rule large --targets '[{"Id":"q","Arn":"${arn}","InputPath":"$.detail"}]'`,
    );
    const order = (amount: number) => ({
      Source: 'shop',
      DetailType: 'Order',
      Detail: JSON.stringify({ amount }),
    });
    const put = await cli(`events put-events --entries '${JSON.stringify([order(1), order(500)])}'`);
    expect(put).toMatchObject({ FailedEntryCount: 0 });
    expect(await receive()).toEqual({ amount: 500 });

    const event = JSON.stringify({
      id: '1',
      account: '123456789012',
      source: 'shop',
      time: '2024-01-01T00:00:00Z',
      region: 'us-east-1',
      resources: [],
      'detail-type': 'Order',
      detail: { amount: 101 },
    });
    expect(await cli(`events test-event-pattern --event-pattern '${pattern}' --event '${event}'`)).toEqual({
      Result: true,
    });
    expect(await failure(`events put-rule --name bad --event-pattern '{"source":"shop"}'`)).toContain(
      'InvalidEventPatternException',
    );
    expect(await failure('events delete-rule --name large')).toContain('targets');
    await cli('events remove-targets --rule large --ids q');
    await cli('events delete-rule --name large');
  });

  it('has a schedule tell a queue, and lists it while there is one', async () => {
    const trust =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
    await cli(`iam create-role --role-name timer --assume-role-policy-document '${trust}'`);
    const role = 'arn:aws:iam::123456789012:role/timer';
    // A rate fires as soon as it is made.
    await cli(
      `scheduler create-schedule --name often --schedule-expression 'rate(1 day)' --flexible-time-window Mode=OFF ` +
        `--target '{"Arn":"${arn}","RoleArn":"${role}","Input":"{\\"from\\":\\"often\\"}"}'`,
    );
    expect(await cli('scheduler list-schedules --query Schedules[].Name')).toEqual(['often']);
    expect(await receive()).toEqual({ from: 'often' });
    await cli('scheduler delete-schedule --name often');
    expect(await failure('scheduler get-schedule --name often')).toContain('ResourceNotFoundException');
  });

  it('sends, receives, and moves what is received too often to the dead-letter queue', async () => {
    await cli('sqs create-queue --queue-name dead');
    const dead = `${endpoint}/123456789012/dead`;
    const policy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
      maxReceiveCount: '1',
    });
    const attributes = JSON.stringify({ RedrivePolicy: policy, VisibilityTimeout: '0' });
    await cli(`sqs set-queue-attributes --queue-url ${url()} --attributes '${attributes}'`);
    await cli(`sqs send-message --queue-url ${url()} --message-body poison`);
    const read = `sqs receive-message --queue-url ${url()}`;
    expect(await cli(`${read} --query Messages[0].Body`)).toBe('poison');
    expect(await cli(read)).toBeUndefined();
    const count = `sqs get-queue-attributes --queue-url ${dead} --attribute-names All --query Attributes.ApproximateNumberOfMessages`;
    expect(await cli(count)).toBe('1');
    await cli(`sqs delete-queue --queue-url ${dead}`);
    expect(await failure(count)).toContain('NonExistentQueue');
  });
});
