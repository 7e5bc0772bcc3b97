// Opens the database that a Glue connection leads to.
import type { ConnectionSettings } from './connection-settings.js';
import type { Database } from './database.js';
import { openMysql } from './mysql/open-mysql.js';
import { openPostgresql } from './postgresql/open-postgresql.js';

export interface OpenOptions {
  /** Breaks off whatever is under way; its reason is what is thrown then. */
  signal: AbortSignal;
  /** How long the server may take to answer at all. */
  connectTimeoutMs: number;
  /** Reads the object that CUSTOM_JDBC_CERT names. */
  readCertificate: (uri: string) => Promise<string>;
}

/** For those who have no reason for another: a server that is there answers in a fraction of it. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** @throws GluepotError naming the connection, the address, what is wrong and what to do */
export function openDatabase(settings: ConnectionSettings, options: OpenOptions): Promise<Database> {
  return settings.engine === 'postgresql' ? openPostgresql(settings, options) : openMysql(settings, options);
}
