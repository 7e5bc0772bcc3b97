// Terraform's AWS provider against a server: what it applies it finds unchanged, changes in place, and takes away. The
// provider sleeps through much of it (25 s after each change of an SQS queue), so that the folders are tried side by side.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { zipOf } from '../functions/zip-of.js';
import { openTerraformFolder, terraformMissing, type TerraformFolder } from './terraform-folder.js';

const LIMIT_MS = 400_000;
const REVISED = ['-var', 'revised=true'];

async function withFolder(
  name: string,
  body: (folder: TerraformFolder, aws: Embedded) => Promise<void>,
): Promise<void> {
  const aws = await openEmbedded();
  const folder = openTerraformFolder(name, (await aws.listen({ port: 0 })).endpoint);
  try {
    await body(folder, aws);
  } finally {
    folder.remove();
    await aws.close();
  }
}

describe.skipIf(terraformMissing)(`Terraform${terraformMissing ? ` (${terraformMissing})` : ''}`, () => {
  it.concurrent(
    'applies a lake, plans nothing more, changes, plans nothing more, and destroys all',
    ({ expect }) =>
      withFolder('lake', async ({ terraform }, aws) => {
        const { dynamodb, glue, iam, s3 } = aws.clients();
        await terraform('init');
        const applied = await terraform('apply', '-auto-approve');
        expect(applied).toContain('Apply complete! Resources: 21 added, 0 changed, 0 destroyed.');
        expect(applied).toContain('read = "123456789012 EXTERNAL_TABLE"');
        const { Table } = await glue.getTable({ DatabaseName: 'terraform_sales', Name: 'orders' });
        expect(Table!.StorageDescriptor!.Columns).toMatchObject([
          { Name: 'id', Type: 'bigint', Comment: 'key' },
        ]);
        // With this flag Terraform ends with 2 when it would change something.
        await terraform('plan', '-detailed-exitcode');

        expect(await terraform('apply', '-auto-approve', '-refresh=false', ...REVISED)).toContain(
          'Apply complete! Resources: 0 added, 11 changed, 0 destroyed.',
        );
        const { Job } = await glue.getJob({ JobName: 'terraform-convert' });
        expect(Job!.NumberOfWorkers).toBe(3);
        await terraform('plan', '-detailed-exitcode', ...REVISED);

        expect(await terraform('apply', '-destroy', '-auto-approve', '-refresh=false', ...REVISED)).toContain(
          'Apply complete! Resources: 0 added, 0 changed, 21 destroyed.',
        );
        expect((await glue.getDatabases({})).DatabaseList).toEqual([]);
        expect((await glue.listCrawlers({})).CrawlerNames).toEqual([]);
        expect((await glue.listJobs({})).JobNames).toEqual([]);
        expect((await dynamodb.listTables({})).TableNames).toEqual([]);
        expect((await iam.listRoles({})).Roles).toEqual([]);
        expect((await s3.listBuckets({})).Buckets).toEqual([]);
      }),
    LIMIT_MS,
  );

  it.concurrent(
    'does the same with queues, functions, rules, schedules, log groups and Batch definitions',
    ({ expect }) =>
      withFolder('services', async ({ path, terraform }, aws) => {
        const { batch, events, lambda, logs, scheduler, sqs } = aws.clients();
        writeFileSync(
          join(path, 'handler.zip'),
          zipOf({ 'index.mjs': 'export const handler = async (event) => event;' }),
        );
        await terraform('init');
        expect(await terraform('apply', '-auto-approve')).toContain(
          'Apply complete! Resources: 18 added, 0 changed, 0 destroyed.',
        );
        const { Payload } = await lambda.invoke({ FunctionName: 'terraform-handler', Payload: '{"a":1}' });
        expect(Buffer.from(Payload!).toString()).toBe('{"a":1}');
        await terraform('plan', '-detailed-exitcode');

        expect(await terraform('apply', '-auto-approve', '-refresh=false', ...REVISED)).toContain(
          'Apply complete! Resources: 0 added, 9 changed, 0 destroyed.',
        );
        const schedule = await scheduler.getSchedule({
          GroupName: 'terraform-team',
          Name: 'terraform-nightly',
        });
        expect(schedule).toMatchObject({ State: 'DISABLED', Description: 'revised' });
        const { jobDefinitions } = await batch.describeJobDefinitions({ status: 'ACTIVE' });
        expect(jobDefinitions?.map(({ revision }) => revision)).toEqual([2]);
        await terraform('plan', '-detailed-exitcode', ...REVISED);

        expect(await terraform('apply', '-destroy', '-auto-approve', '-refresh=false', ...REVISED)).toContain(
          'Apply complete! Resources: 0 added, 0 changed, 18 destroyed.',
        );
        expect((await lambda.listFunctions({})).Functions).toEqual([]);
        expect((await events.listEventBuses({})).EventBuses?.map(({ Name }) => Name)).toEqual(['default']);
        expect((await events.listRules({})).Rules).toEqual([]);
        expect((await sqs.listQueues({})).QueueUrls ?? []).toEqual([]);
        expect((await scheduler.listSchedules({})).Schedules).toEqual([]);
        expect((await logs.describeLogGroups({ logGroupNamePrefix: '/terraform' })).logGroups).toEqual([]);
        expect((await batch.describeComputeEnvironments({})).computeEnvironments).toEqual([]);
      }),
    LIMIT_MS,
  );
});
