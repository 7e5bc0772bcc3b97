// Terraform's AWS provider against a server: what it applies it finds unchanged, changes in place, and takes away.
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';

const run = promisify(execFile);
const LIMIT_MS = 240_000;

// Neither Terraform nor its provider is in a package registry, so that CI, too, can only use what the machine has.
const plugins = process.env['GLUEPOT_TERRAFORM_PLUGINS'] ?? '';
const missing =
  plugins === '' ? 'GLUEPOT_TERRAFORM_PLUGINS names no folder with the provider' : findTerraform();

describe.skipIf(missing)(`Terraform${missing ? ` (${missing})` : ''}`, () => {
  let aws: Embedded;
  let folder: string;
  let terraform: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    aws = await openEmbedded();
    const { endpoint } = await aws.listen({ port: 0 });
    folder = mkdtempSync(join(tmpdir(), 'gluepot-terraform-'));
    copyFileSync(join(import.meta.dirname, 'terraform', 'main.tf'), join(folder, 'main.tf'));
    const settings = join(folder, 'terraform.rc');
    writeFileSync(
      settings,
      `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(plugins)} }\n}\n`,
    );
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      TF_CLI_CONFIG_FILE: settings,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_VAR_endpoint: endpoint,
      CHECKPOINT_DISABLE: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    terraform = async (command, ...args) => {
      try {
        const options = { cwd: folder, env, maxBuffer: 1e8 };
        return (await run('terraform', [command, '-no-color', ...args], options)).stdout;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`terraform ${command} ended with:\n${stdout}\n${stderr}`, { cause: error });
      }
    };
    await terraform('init');
  }, LIMIT_MS);
  afterAll(async () => {
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'applies, plans nothing more, changes, plans nothing more, and destroys all',
    async () => {
      const { glue, iam, s3 } = aws.clients();
      const applied = await terraform('apply', '-auto-approve');
      expect(applied).toContain('Apply complete! Resources: 18 added, 0 changed, 0 destroyed.');
      expect(applied).toContain('read = "123456789012 EXTERNAL_TABLE"');
      const { Table } = await glue.getTable({ DatabaseName: 'terraform_sales', Name: 'orders' });
      expect(Table!.StorageDescriptor!.Columns).toMatchObject([
        { Name: 'id', Type: 'bigint', Comment: 'key' },
      ]);
      // With this flag Terraform ends with 2 when it would change something.
      await terraform('plan', '-detailed-exitcode');

      const revised = ['-var', 'revised=true'];
      expect(await terraform('apply', '-auto-approve', '-refresh=false', ...revised)).toContain(
        'Apply complete! Resources: 0 added, 8 changed, 0 destroyed.',
      );
      const { Job } = await glue.getJob({ JobName: 'terraform-convert' });
      expect(Job!.NumberOfWorkers).toBe(3);
      await terraform('plan', '-detailed-exitcode', ...revised);

      expect(await terraform('apply', '-destroy', '-auto-approve', '-refresh=false', ...revised)).toContain(
        'Apply complete! Resources: 0 added, 0 changed, 18 destroyed.',
      );
      expect((await glue.getDatabases({})).DatabaseList).toEqual([]);
      expect((await glue.listCrawlers({})).CrawlerNames).toEqual([]);
      expect((await glue.listJobs({})).JobNames).toEqual([]);
      expect((await iam.listRoles({})).Roles).toEqual([]);
      expect((await s3.listBuckets({})).Buckets).toEqual([]);
    },
    LIMIT_MS,
  );
});

function findTerraform(): string | undefined {
  try {
    execFileSync('terraform', ['version'], { stdio: 'pipe', env: { PATH: process.env['PATH'] } });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'there is no terraform on the PATH';
    throw error;
  }
}
