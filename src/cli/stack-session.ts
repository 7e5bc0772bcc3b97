// A stack command's beginning and end: read the file, connect, do the work, close whatever happened.
import { dirname } from 'node:path';
import { connect } from '../connect.js';
import { openStackScope, readStackSpec, type StackScope, type StackSpec } from '../toolkit/stack/index.js';
import type { CommandContext } from './command.js';
import { connectOptions } from './global-options.js';

export interface StackSession {
  spec: StackSpec;
  scope: StackScope;
  /** What relative paths in the file start from. */
  folder: string;
  /** One line for people: which stack, where. */
  heading: string;
}

export async function withStack<T>(
  { options, signal }: CommandContext,
  file: string,
  act: (session: StackSession) => Promise<T>,
): Promise<T> {
  const spec = readStackSpec(file);
  const connection = await connect(connectOptions(options, spec.region));
  try {
    const scope = await openStackScope(connection.clients, spec, { signal });
    const heading = `Stack ${spec.name} in account ${scope.accountId}, ${scope.region} (${connection.description})`;
    return await act({ spec, scope, folder: dirname(file), heading });
  } finally {
    await connection.close();
  }
}
