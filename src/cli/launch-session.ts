// What the launch commands share: a spec, its records, and clients.
import { systemClock } from '../base/clock.js';
import { randomIds } from '../base/ids.js';
import { openDocumentStore } from '../change/index.js';
import { connect, type Connection } from '../connect.js';
import {
  openLaunchRecords,
  readLaunchSpec,
  type LaunchRecords,
  type LaunchScope,
  type LaunchSpec,
} from '../toolkit/job-launch/index.js';
import type { CommandContext } from './command.js';
import { connectOptions } from './global-options.js';
import type { Outcome } from './output.js';

export interface LaunchSession {
  spec: LaunchSpec;
  scope: LaunchScope;
  records: LaunchRecords;
  connection: Connection;
}

/** The spec is read before anything is opened. */
export async function withLaunch(
  { options, signal }: CommandContext,
  file: string,
  act: (session: LaunchSession) => Promise<Outcome>,
): Promise<Outcome> {
  const spec = readLaunchSpec(file);
  const connection = await connect(connectOptions(options));
  try {
    const { clients } = connection;
    const scope = { clients, clock: systemClock, ids: randomIds, signal };
    // Not ended by the signal: what an interrupted launch writes last is what the next one goes by.
    const records = openLaunchRecords(openDocumentStore(spec.state, clients));
    return await act({ spec, scope, records, connection });
  } finally {
    await connection.close();
  }
}
