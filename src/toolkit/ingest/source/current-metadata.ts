// An Iceberg table whose metadata pointer moves while it is read: its old files may be expired, so the new ones are read.
import { GetTableCommand, type GlueClient, type Table } from '@aws-sdk/client-glue';
import { asGluepotError } from '../../../aws/aws-failure.js';
import { GluepotError } from '../../../base/errors.js';

const MOVES_MAX = 2;

/**
 * `read` for the table as it was given; where that fails, and the catalog has another metadata file for the table by then,
 * for the table as it is now.
 * @throws what `read` throws when the pointer is where it was, GluepotError `conflict` when it goes on moving
 */
export async function atCurrentMetadata<T>(
  table: Table,
  { glue, signal }: { glue: GlueClient; signal: AbortSignal },
  read: (table: Table) => Promise<T>,
  moves = 0,
): Promise<T> {
  try {
    return await read(table);
  } catch (error) {
    signal.throwIfAborted();
    const now = await currentTable(glue, table);
    if (!now || locationOf(now) === undefined || locationOf(now) === locationOf(table)) throw error;
    if (moves < MOVES_MAX) return atCurrentMetadata(now, { glue, signal }, read, moves + 1);
    const name = `${table.DatabaseName}.${table.Name}`;
    throw new GluepotError(
      'conflict',
      `${name} was changed ${moves + 1} times while it was read, and files of what it was are gone: ${asGluepotError(error).message} ` +
        'Run it again; if this happens often, let the table keep its snapshots longer.',
      { cause: error },
    );
  }
}

function locationOf({ Parameters }: Table): string | undefined {
  return Parameters?.metadata_location;
}

/** Undefined when nobody can tell: then what went wrong before is what is said. */
async function currentTable(glue: GlueClient, { DatabaseName, Name }: Table): Promise<Table | undefined> {
  try {
    return (await glue.send(new GetTableCommand({ DatabaseName, Name }))).Table;
  } catch {
    return undefined;
  }
}
