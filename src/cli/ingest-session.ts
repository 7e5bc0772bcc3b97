// An ingest command's beginning and end: its spec, of a file or of the original job's flags, and a connection.
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { GluepotError } from '../base/errors.js';
import { connect, type Connection } from '../connect.js';
import {
  readIngestSpec,
  specOfFormerParameters,
  type FormerParameters,
  type IngestOptions,
  type IngestSpec,
} from '../toolkit/ingest/index.js';
import type { CommandContext } from './command.js';
import { connectOptions, type GlobalOptions } from './global-options.js';

export interface SpecOptions extends Partial<FormerParameters> {
  table?: string[];
  /** Instead of what the spec file says. */
  load?: 'full' | 'incremental';
}

export interface IngestSession {
  spec: IngestSpec;
  connection: Connection;
  /** Of every ingest of this command. */
  tools: IngestOptions & { only?: readonly string[] };
}

export async function withIngest<T>(
  { options, signal }: CommandContext,
  file: string | undefined,
  given: SpecOptions,
  act: (session: IngestSession) => Promise<T>,
): Promise<T> {
  const spec = await specOf(file, given);
  const connection = await connect(connectOptions(options));
  const tools = { signal, ...localTools(options, connection), ...(given.table ? { only: given.table } : {}) };
  try {
    return await act({ spec, connection, tools });
  } finally {
    await connection.close();
  }
}

const FORMER = [
  'athena_database_name',
  'output_path',
  'cdc_path',
  'load_type',
  'primary_key_s3_prefix',
] as const satisfies (keyof FormerParameters)[];

/** @throws GluepotError `usage` unless there is either a file, or every flag of the original job */
async function specOf(file: string | undefined, given: SpecOptions): Promise<IngestSpec> {
  const flags = FORMER.filter((name) => given[name] !== undefined);
  if (file !== undefined && flags.length === 0)
    return { ...readIngestSpec(file), ...(given.load ? { load: given.load } : {}) };
  if (file !== undefined) {
    throw new GluepotError('usage', `Give a spec file or --${flags.join(', --')}, not both.`);
  }
  if (given.load !== undefined) {
    throw new GluepotError(
      'usage',
      'Without a spec file --load_type says what --load does: give that alone.',
    );
  }
  const missing = FORMER.filter((name) => given[name] === undefined);
  if (missing.length === 0) return specOfFormerParameters(given as FormerParameters);
  throw new GluepotError(
    'usage',
    flags.length === 0
      ? `Give a spec file (gluepot ingest init writes one), or all of --${FORMER.join(', --')}.`
      : `--${missing.join(', --')} is missing.`,
  );
}

/** The embedded AWS keeps objects as files of their own names, so they need not be streamed. */
function localTools(
  { target, dataDir, endpointUrl }: GlobalOptions,
  { adoptFile }: Pick<Connection, 'adoptFile'>,
): IngestOptions {
  const root = join(dataDir, 's3');
  if (target !== 'local' || endpointUrl !== undefined || !existsSync(root)) return {};
  const objects = realpathSync(root);
  return {
    temporaryFolder: join(dataDir, 'spill'),
    adoptFile,
    onDisk: ({ bucket, key }) => {
      if (key.split('/').some((name) => name === '' || name === '.' || name === '..')) return undefined;
      const path = join(objects, bucket, key);
      return existsSync(path) ? path : undefined;
    },
  };
}
