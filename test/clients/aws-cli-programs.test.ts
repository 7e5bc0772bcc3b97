// The AWS CLI against a server: a Batch job, a function and a crawl started by commands, and what they log read back.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { zipOf } from '../functions/zip-of.js';
import { clientEnvironment, findPythonClients } from './python-clients.js';

const run = promisify(execFile);
const { python, missing } = findPythonClients(['awscli']);

describe.skipIf(missing)(`the AWS CLI and programs${missing ? ` (${missing})` : ''}`, () => {
  let aws: Embedded;
  let environment: NodeJS.ProcessEnv;
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-cli-programs-'));
  beforeAll(async () => {
    aws = await openEmbedded();
    const { endpoint } = await aws.listen({ port: 0 });
    environment = clientEnvironment(endpoint, python);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await aws.close();
  });

  const cli = async (command: string) => {
    const program = python.includes('/') ? resolve(dirname(python), 'aws') : 'aws';
    // A word in single quotes is one word, as in a shell.
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? (word as string),
    );
    return (await run(program, words, { env: environment, cwd: folder })).stdout.trim();
  };
  const text = (command: string) => cli(`${command} --output text`);
  const createRole = (name: string, service: string) => {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    };
    return text(
      `iam create-role --role-name ${name} --assume-role-policy-document '${JSON.stringify(trust)}' --query Role.Arn`,
    );
  };
  /** What `aws logs tail` asks for: all streams of a group together, in order of time. */
  const tail = async (group: string) => {
    const answer = await cli(`logs filter-log-events --log-group-name ${group} --start-time 0 --output json`);
    const { events } = JSON.parse(answer) as { events: { message: string; timestamp: number }[] };
    expect(events.map(({ timestamp }) => timestamp)).toEqual(
      events.map(({ timestamp }) => timestamp).sort((a, b) => a - b),
    );
    return events.map(({ message }) => message);
  };

  it('runs a Batch job', async () => {
    await cli('batch create-compute-environment --compute-environment-name cli --type UNMANAGED');
    await cli(
      'batch create-job-queue --job-queue-name cli --priority 1 --compute-environment-order order=1,computeEnvironment=cli',
    );
    const properties = { image: 'busybox', command: ['echo', 'from', 'Ref::who'], vcpus: 1, memory: 128 };
    await cli(
      `batch register-job-definition --job-definition-name cli --type container --container-properties '${JSON.stringify(properties)}'`,
    );
    const id = await text(
      'batch submit-job --job-name cli --job-queue cli --job-definition cli --parameters who=Batch --query jobId',
    );
    const status = () => text(`batch describe-jobs --jobs ${id} --query jobs[0].status`);
    while (!['SUCCEEDED', 'FAILED'].includes(await status())) await delay(50);
    expect(await status()).toBe('SUCCEEDED');
    const listed = 'batch list-jobs --job-queue cli --job-status SUCCEEDED --query jobSummaryList[].jobId';
    expect(await text(listed)).toBe(id);
    expect(await tail('/aws/batch/job')).toEqual(['from Batch']);
    await cli(`batch cancel-job --job-id ${id} --reason late`);
    await cli('batch update-job-queue --job-queue cli --state DISABLED');
    await cli('batch delete-job-queue --job-queue cli');
  });

  it('makes a function of a zip file and invokes it', async () => {
    const role = await createRole('cli-function', 'lambda.amazonaws.com');
    const source =
      "exports.handler = async (event) => { console.log('saw', event.name); return event.name; };";
    writeFileSync(join(folder, 'code.zip'), zipOf({ 'index.js': source }));
    await cli(
      `lambda create-function --function-name cli --runtime nodejs20.x --handler index.handler --role ${role} --zip-file fileb://code.zip`,
    );
    const arn = 'lambda get-function --function-name cli --query Configuration.FunctionArn';
    expect(await text(arn)).toBe('arn:aws:lambda:us-east-1:123456789012:function:cli');
    writeFileSync(join(folder, 'event.json'), '{"name":"Lambda"}');
    const code = await text(
      'lambda invoke --function-name cli --payload file://event.json --query StatusCode out.json',
    );
    expect(code).toBe('200');
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe('"Lambda"');
    const lines = await tail('/aws/lambda/cli');
    expect(lines[1]).toMatch(/\tINFO\tsaw Lambda$/);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['START', expect.anything(), 'END', 'REPORT']);
  });

  it('sees what a crawl says, and how long groups keep it', async () => {
    await createRole('cli-crawler', 'glue.amazonaws.com');
    for (const name of ['service-role/AWSGlueServiceRole', 'AmazonS3FullAccess']) {
      await cli(
        `iam attach-role-policy --role-name cli-crawler --policy-arn arn:aws:iam::aws:policy/${name}`,
      );
    }
    mkdirSync(join(folder, 'sales'));
    writeFileSync(join(folder, 'sales', 'a.csv'), 'id,price\n1,1.5\n');
    await cli('s3 mb s3://cli-programs');
    await cli('s3 cp sales s3://cli-programs/sales --recursive');
    await cli('glue create-database --database-input \'{"Name":"cli"}\'');
    await cli(
      'glue create-crawler --name cli --role cli-crawler --database-name cli ' +
        `--targets '{"S3Targets":[{"Path":"s3://cli-programs/sales/"}]}'`,
    );
    await cli('glue start-crawler --name cli');
    const state = 'glue get-crawler --name cli --query Crawler.State';
    while ((await text(state)) !== 'READY') await delay(50);
    expect((await tail('/aws-glue/crawlers')).join('\n')).toMatch(/sales/);
    await cli('logs put-retention-policy --log-group-name /aws-glue/crawlers --retention-in-days 7');
    const groups = 'logs describe-log-groups --query logGroups[].[logGroupName,retentionInDays]';
    expect((await text(groups)).split('\n')).toEqual(
      expect.arrayContaining(['/aws-glue/crawlers\t7', '/aws/batch/job\tNone', '/aws/lambda/cli\tNone']),
    );
    const newest =
      'logs describe-log-streams --log-group-name /aws-glue/crawlers --order-by LastEventTime --descending --query logStreams[0].logStreamName';
    expect(await text(newest)).toBe('cli');
  });
});
