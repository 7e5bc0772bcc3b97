// A PostgreSQL server for tests.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  findServerProgram,
  missingServer,
  openServerFolder,
  versionFolders,
  type TestDatabase,
} from './server-process.js';

const folders = versionFolders('/usr/lib/postgresql', 'bin');
const program = findServerProgram('postgres', folders);
const initdb = findServerProgram('initdb', folders);

export const missingPostgresql = missingServer('PostgreSQL', program && initdb);

/** The certificate's files lie in the server's folder, which the server may read. */
export interface PostgresqlOptions {
  /** With them the server takes TLS too. */
  certificate?: { certificate: string; key: string };
}

export async function startPostgresql({ certificate }: PostgresqlOptions = {}): Promise<TestDatabase> {
  const folder = openServerFolder('postgresql');
  const [user, password] = ['gluepot', "it's a secret"];
  const data = join(folder.path, 'data');
  const passwordFile = join(folder.path, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  folder.run(initdb as string, [
    ...['-D', data, '-U', user, '--pwfile', passwordFile, '-A', 'scram-sha-256'],
    ...['-E', 'UTF8', '--locale=C', '--no-sync'],
  ]);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'autovacuum=off',
    'log_statement=all',
  ];
  if (certificate) {
    const files = { certificate: join(folder.path, 'server.crt'), key: join(folder.path, 'server.key') };
    folder.run('/bin/sh', ['-c', `umask 077; cat > ${files.certificate}`], certificate.certificate);
    folder.run('/bin/sh', ['-c', `umask 077; cat > ${files.key}`], certificate.key);
    settings.push('ssl=on', `ssl_cert_file=${files.certificate}`, `ssl_key_file=${files.key}`);
  }
  const run = async (port: number, database: string, statements: readonly string[]) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database });
    client.on('error', () => {});
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const port = await folder.start(
    program as string,
    (free) => ['-D', data, '-p', String(free), ...settings.flatMap((setting) => ['-c', setting])],
    (free) => run(free, 'postgres', []),
  );
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    properties: (database, parameters = '') => ({
      JDBC_CONNECTION_URL: `jdbc:postgresql://127.0.0.1:${port}/${database}${parameters}`,
      USERNAME: user,
      PASSWORD: password,
    }),
    run: (database, ...statements) => run(port, database, statements),
    reads: () => folder.said().match(/COPY \(SELECT .*(?=\) TO STDOUT)/g) ?? [],
    stop: () => folder.stop(),
  };
}
