// Options that every command understands.
import { Option, type Command } from 'commander';
import { GluepotError } from '../base/errors.js';
import { DEFAULT_DATA_DIR, type ConnectOptions } from '../connect.js';
import { httpUrl, nonEmpty } from './option-values.js';

export interface GlobalOptions {
  target: 'local' | 'aws';
  dataDir: string;
  region?: string;
  profile?: string;
  endpointUrl?: string;
  json?: boolean;
  quiet?: boolean;
  /** False with --no-color. */
  color: boolean;
}

export function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option('--target <target>', 'what to work on: the embedded AWS or an account')
        .choices(['local', 'aws'])
        .default('local')
        .env('GLUEPOT_TARGET'),
    )
    .addOption(
      new Option('--data-dir <folder>', 'folder of the embedded AWS')
        .default(DEFAULT_DATA_DIR)
        .argParser(nonEmpty('a folder'))
        .env('GLUEPOT_DATA_DIR'),
    )
    .option('--region <region>', 'AWS region')
    .option('--profile <name>', 'profile of the AWS configuration, with --target aws')
    .option('--endpoint-url <url>', 'endpoint to use instead of the target’s own', httpUrl)
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--quiet', 'no progress on stderr')
    .option('--no-color', 'no colours (also NO_COLOR)');
}

/**
 * @param region what the command's own file says, when --region does not
 * @throws GluepotError `usage` for a profile of an account that is not what the command works on
 */
export function connectOptions(options: GlobalOptions, region?: string): ConnectOptions {
  const { target, dataDir, profile, endpointUrl } = options;
  if (target === 'local' && profile !== undefined) {
    throw new GluepotError(
      'usage',
      `--profile ${profile} is of AWS accounts, and this would work on the embedded AWS. Add --target aws, or leave it out.`,
    );
  }
  return { target, dataDir, region: options.region ?? region, profile, endpointUrl };
}
