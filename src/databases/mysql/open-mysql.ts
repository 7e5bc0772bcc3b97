// MySQL or MariaDB as a Database: one connection, rows streamed.
import type { Duplex } from 'node:stream';
import type { Connection } from 'mysql2';
import { tellFailures, withErrorsOf } from '../connection-failure.js';
import type { ConnectionSettings } from '../connection-settings.js';
import type { Database, RowQuery } from '../database.js';
import type { OpenOptions } from '../open-database.js';
import { positionText, rangeClause } from '../row-range.js';
import { connectByMode, type TlsOptions } from '../tls.js';
import { fieldText } from './field-text.js';
import { listMysqlTables } from './list-tables.js';

/**
 * Instants are printed in UTC, whatever the server's zone is, and backslashes escape. While rows are put away nothing is
 * taken from the server for a time, which is no reason to hang up.
 */
const SESSION = `SET SESSION time_zone = '+00:00', sql_mode = '', net_write_timeout = 86400, wait_timeout = 86400`;

/** @throws GluepotError with what stands in the way of the connection */
export async function openMysql(settings: ConnectionSettings, options: OpenOptions): Promise<Database> {
  const { signal } = options;
  const told = tellFailures(settings, signal);
  const connection = await told(() =>
    connectByMode(settings, options, (tls) => connect(settings, options, tls)),
  );
  const statements = connection.promise();
  let isReading = false;
  return {
    engine: 'mysql',
    tables: (pattern) => told(() => listMysqlTables(statements, settings.database, pattern)),
    async rows(query, take) {
      isReading = true;
      const count = await withErrorsOf(take, (guarded) => told(() => streamRows(connection, query, guarded)));
      isReading = false;
      return count;
    },
    literal: (_, kind, position) => {
      const text = positionText(kind, position, YEARS);
      return text === undefined || kind === 'integer' ? text : `${kind.toUpperCase()}'${text}'`;
    },
    async snapshot(act) {
      await told(() => statements.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ'));
      await told(() => statements.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY'));
      const result = await act();
      await told(() => statements.query('COMMIT'));
      return result;
    },
    quote: mysqlName,
    async close() {
      // One in the middle of a result would first read all the rest; one that is broken has nobody to say goodbye to.
      if (isReading) giveUp(connection);
      else await statements.end().catch(() => giveUp(connection));
    },
  };
}

/** MySQL docs: "The DATE, DATETIME, and TIMESTAMP Types". */
const YEARS = { min: 1000, max: 9999 };

async function connect(
  { host, port, database, user, password }: ConnectionSettings,
  { connectTimeoutMs, signal }: OpenOptions,
  tls: TlsOptions | undefined,
): Promise<LiveConnection> {
  const { default: mysql } = await import('mysql2');
  const connection = mysql.createConnection({
    host,
    port,
    database,
    user,
    password,
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(tls ? { ssl: sslOptions(tls) } : {}),
  }) as LiveConnection;
  // What breaks a connection nobody is waiting on shows at the next statement.
  connection.on('error', () => {});
  const abandon = () => giveUp(connection);
  signal.addEventListener('abort', abandon, { once: true });
  connection.stream.once('close', () => signal.removeEventListener('abort', abandon));
  try {
    await connection.promise().connect();
    await connection.promise().query(SESSION);
  } catch (error) {
    abandon();
    throw error;
  }
  return connection;
}

/** What the driver has and its types leave out. */
type LiveConnection = Connection & { stream: Duplex };

/** The driver's own way waits for the server, and leaves whoever waits for a result waiting. */
function giveUp(connection: LiveConnection): void {
  connection.stream.destroy(new Error('The connection was given up.'));
}

/** The driver has its own word for a certificate that is for whatever host. */
function sslOptions({ checkServerIdentity, ...tls }: TlsOptions) {
  return { ...tls, verifyIdentity: tls.rejectUnauthorized === true && checkServerIdentity === undefined };
}

/** Bytes of text that are gathered before they are handed on. */
const CHUNK_CHARACTERS = 256 * 1024;

async function streamRows(
  connection: Connection,
  { table, selects, range }: RowQuery,
  take: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  const from = `${mysqlName(table.database)}.${mysqlName(table.name)}`;
  const sql = `SELECT ${selects.join(', ')} FROM ${from}${rangeClause(range, from, mysqlName)}`;
  const stream = connection.query({ sql, rowsAsArray: true }).stream();
  let count = 0;
  let text = '';
  for await (const row of stream) {
    for (const [index, value] of (row as unknown[]).entries())
      text += (index > 0 ? '\t' : '') + fieldText(value);
    text += '\n';
    count++;
    if (text.length < CHUNK_CHARACTERS) continue;
    await take(Buffer.from(text));
    text = '';
  }
  if (text !== '') await take(Buffer.from(text));
  return count;
}

function mysqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
