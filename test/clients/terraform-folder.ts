// A folder of Terraform files with the provider that the machine has, run against a server.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Neither Terraform nor its provider is in a package registry, so that CI, too, can only use what the machine has.
const plugins = process.env['GLUEPOT_TERRAFORM_PLUGINS'] ?? '';

/** Why Terraform cannot be run here; undefined when it can. */
export const terraformMissing: string | undefined =
  plugins === '' ? 'GLUEPOT_TERRAFORM_PLUGINS names no folder with the provider' : findTerraform();

export interface TerraformFolder {
  /** A copy of the folder's files. */
  path: string;
  /** Runs a command and gives what it said. @throws Error with that when it ends with another code than 0 */
  terraform(command: string, ...args: string[]): Promise<string>;
  remove(): void;
}

/** @param name of a folder under test/clients/terraform */
export function openTerraformFolder(name: string, endpoint: string): TerraformFolder {
  const path = mkdtempSync(join(tmpdir(), 'gluepot-terraform-'));
  cpSync(join(import.meta.dirname, 'terraform', name), path, { recursive: true });
  const settings = join(path, 'terraform.rc');
  writeFileSync(
    settings,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(plugins)} }\n}\n`,
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: path,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    TF_VAR_endpoint: endpoint,
    CHECKPOINT_DISABLE: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return {
    path,
    async terraform(command, ...args) {
      try {
        const options = { cwd: path, env, maxBuffer: 1e8 };
        return (await run('terraform', [command, '-no-color', ...args], options)).stdout;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`terraform ${command} ended with:\n${stdout}\n${stderr}`, { cause: error });
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function findTerraform(): string | undefined {
  try {
    execFileSync('terraform', ['version'], { stdio: 'pipe', env: { PATH: process.env['PATH'] } });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'there is no terraform on the PATH';
    throw error;
  }
}
