// What the launch commands share: a spec, its records, and clients.
import { systemClock } from '../base/clock.js';
import { randomIds } from '../base/ids.js';
import { openDocumentStore } from '../change/index.js';
import { connect, type Connection } from '../connect.js';
import {
  openLaunchRecords,
  readLaunchSpec,
  readObjectText,
  type LaunchRecords,
  type LaunchScope,
  type LaunchSpec,
} from '../toolkit/job-launch/index.js';
import { readSpecText } from '../toolkit/spec-file/read-spec-file.js';
import type { CommandContext } from './command.js';
import { connectOptions } from './global-options.js';
import type { Outcome } from './output.js';

export interface LaunchSession {
  spec: LaunchSpec;
  scope: LaunchScope;
  records: LaunchRecords;
  connection: Connection;
}

/** What is wrong with a spec of this machine is told before anything is opened. */
export async function withLaunch(
  { options, signal }: CommandContext,
  place: string,
  act: (session: LaunchSession) => Promise<Outcome>,
): Promise<Outcome> {
  const opening = lazyConnection(options);
  try {
    const spec = await readSpec(place, opening);
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

/** The spec alone. Nothing is opened for one whose files are of this machine. */
export async function readSpecOnly({ options }: CommandContext, place: string): Promise<LaunchSpec> {
  const opening = lazyConnection(options);
  try {
    return await readSpec(place, opening);
  } finally {
    await opening.close();
  }
}

function readSpec(place: string, { connection }: LazyConnection): Promise<LaunchSpec> {
  return readLaunchSpec(place, async (file) =>
    file.startsWith('s3://')
      ? readObjectText((await connection()).clients.s3, file)
      : readSpecText(file, { name: file === place ? 'launch spec' : 'SQL file' }),
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
