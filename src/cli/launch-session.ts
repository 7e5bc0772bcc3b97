// What the launch commands share: a spec, its records, and clients.
import { parseEnv } from 'node:util';
import { systemClock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { randomIds } from '../base/ids.js';
import { openDocumentStore } from '../change/index.js';
import { connect, type Connection } from '../connect.js';
import {
  manifestPreset,
  openLaunchRecords,
  readLaunchSpec,
  readObjectText,
  type LaunchRecords,
  type LaunchScope,
  type LaunchSpec,
} from '../toolkit/job-launch/index.js';
import { readSpecText, type FileWords } from '../toolkit/spec-file/read-spec-file.js';
import type { CommandContext } from './command.js';
import { connectOptions } from './global-options.js';
import type { Outcome } from './output.js';

/** Where a spec comes from: a file, or a preset and its variables. */
export interface SpecSource {
  spec?: string | undefined;
  preset?: 'manifest';
  envFile?: string;
}

export interface LaunchSession {
  spec: LaunchSpec;
  scope: LaunchScope;
  records: LaunchRecords;
  connection: Connection;
}

/** What is wrong with a spec of this machine is told before anything is opened. */
export async function withLaunch(
  { options, signal }: CommandContext,
  source: SpecSource,
  act: (session: LaunchSession) => Promise<Outcome>,
): Promise<Outcome> {
  const opening = lazyConnection(options);
  try {
    const { spec } = await readSpec(source, opening);
    const connection = await opening.connection();
    const { clients } = connection;
    const scope = { clients, clock: systemClock, ids: randomIds, signal };
    // Not ended by the signal: what an interrupted launch writes last is what the next one goes by.
    const records = openLaunchRecords(openDocumentStore(spec.state, clients));
    return await act({ spec, scope, records, connection });
  } finally {
    await opening.close();
  }
}

/** The spec alone, and as a file what a preset makes of it. Nothing is opened when all files are of this machine. */
export async function readSpecOnly(
  { options }: CommandContext,
  source: SpecSource,
): Promise<{ spec: LaunchSpec; yaml?: string }> {
  const opening = lazyConnection(options);
  try {
    return await readSpec(source, opening);
  } finally {
    await opening.close();
  }
}

/** How commands name the spec in what they tell to do next. */
export function sourceText({ spec, preset, envFile }: SpecSource): string {
  if (preset === undefined) return spec ?? '';
  return `--preset ${preset}${envFile === undefined ? '' : ` --env-file ${envFile}`}`;
}

const LAUNCH_SPEC: FileWords = {
  name: 'launch spec',
  toBegin: 'To begin with one, copy examples/job-launch/launch.yaml of the gluepot package.',
};

function readSpec(
  { spec, preset, envFile }: SpecSource,
  { connection }: LazyConnection,
): Promise<{ spec: LaunchSpec; yaml?: string }> {
  if ((spec === undefined) === (preset === undefined) || (spec !== undefined && envFile !== undefined)) {
    throw new GluepotError(
      'usage',
      'Name a launch spec, or --preset manifest, which reads environment variables, of --env-file if given.',
    );
  }
  const readText = async (file: string, words: FileWords = { name: 'SQL file' }) =>
    file.startsWith('s3://')
      ? readObjectText((await connection()).clients.s3, file)
      : readSpecText(file, words);
  if (spec === undefined) {
    const environment =
      envFile === undefined ? process.env : parseEnv(readSpecText(envFile, { name: 'file of variables' }));
    return manifestPreset(environment, readText);
  }
  return readLaunchSpec(spec, (file) => readText(file, file === spec ? LAUNCH_SPEC : undefined)).then(
    (read) => ({ spec: read }),
  );
}

interface LazyConnection {
  connection(): Promise<Connection>;
  close(): Promise<void>;
}

function lazyConnection(options: CommandContext['options']): LazyConnection {
  let opened: Promise<Connection> | undefined;
  return {
    connection: () => (opened ??= connect(connectOptions(options))),
    async close() {
      await (await opened)?.close();
    },
  };
}
