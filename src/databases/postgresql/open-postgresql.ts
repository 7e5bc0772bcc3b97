// PostgreSQL as a Database: one connection, rows by COPY.
import type { Client } from 'pg';
import type { ConnectionSettings } from '../connection-settings.js';
import type { Database, RowQuery } from '../database.js';
import { tellFailures, withErrorsOf } from '../connection-failure.js';
import type { OpenOptions } from '../open-database.js';
import { positionText, rangeClause } from '../row-range.js';
import { connectByMode, type TlsOptions } from '../tls.js';
import { listPgTables } from './list-tables.js';

/** What values look like as text, whatever the server's, database's or user's defaults are. */
const SESSION = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  bytea_output: 'hex',
  // Floating-point numbers in full, also before PostgreSQL 12.
  extra_float_digits: '3',
  client_encoding: 'UTF8',
  // A long read is no mistake.
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
};

/** @throws GluepotError with what stands in the way of the connection */
export async function openPostgresql(settings: ConnectionSettings, options: OpenOptions): Promise<Database> {
  const { signal } = options;
  const told = tellFailures(settings, signal);
  const client = await told(() => connectByMode(settings, options, (tls) => connect(settings, options, tls)));
  return {
    engine: 'postgresql',
    tables: (pattern) => told(() => listPgTables(client, settings.database, pattern)),
    rows: (query, take) => withErrorsOf(take, (guarded) => told(() => copyRows(client, query, guarded))),
    literal: (column, kind, position) => {
      const text = positionText(kind, position, YEARS);
      if (text === undefined || kind === 'integer') return text;
      return column.nativeType.includes('with time zone') ? `TIMESTAMPTZ '${text}+00'` : `${kind} '${text}'`;
    },
    async snapshot(act) {
      await told(() => client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'));
      const result = await act();
      await told(() => client.query('COMMIT'));
      return result;
    },
    quote: pgName,
    async close() {
      // One in the middle of a COPY would first send all the rest.
      if (client.connection.stream.destroyed || !client.readyForQuery) client.connection.stream.destroy();
      else await client.end();
    },
  };
}

/** Those that ISO text has four digits for; PostgreSQL has more. */
const YEARS = { min: 1, max: 9999 };

async function connect(
  { host, port, database, user, password }: ConnectionSettings,
  { connectTimeoutMs, signal }: OpenOptions,
  tls: TlsOptions | undefined,
): Promise<LiveClient> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    ssl: tls ?? false,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'gluepot',
  }) as LiveClient;
  // What breaks a connection nobody is waiting on shows at the next statement.
  client.on('error', () => {});
  const abandon = () => void client.connection.stream.destroy();
  signal.addEventListener('abort', abandon, { once: true });
  client.once('end', () => signal.removeEventListener('abort', abandon));
  try {
    await client.connect();
    const calls = Object.keys(SESSION).map(
      (_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, false)`,
    );
    await client.query(`SELECT ${calls.join(', ')}`, Object.entries(SESSION).flat());
  } catch (error) {
    abandon();
    throw error;
  }
  return client;
}

/** What pg has and its types leave out. */
type LiveClient = Client & {
  connection: { stream: { destroy(): void; destroyed: boolean } };
  readyForQuery: boolean;
};

async function copyRows(
  client: LiveClient,
  { table, selects, range }: RowQuery,
  take: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  const { to: copyTo } = await import('pg-copy-streams');
  const name = `${pgName(table.schema as string)}.${pgName(table.name)}`;
  if (table.kind === 'table') await client.query(`LOCK TABLE ${name} IN ACCESS SHARE MODE`);
  // COPY takes no parameters: the bounds are literals that are made of numbers.
  const stream = client.query(
    copyTo(`COPY (SELECT ${selects.join(', ')} FROM ${name}${rangeClause(range, name, pgName)}) TO STDOUT`),
  );
  for await (const chunk of stream) await take(chunk as Buffer);
  // The server's count comes behind the last row.
  await client.query('SELECT');
  return stream.rowCount;
}

function pgName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
