// A MariaDB server for tests.
import { existsSync, mkdirSync, readFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { findServerProgram, missingServer, openServerFolder, type TestDatabase } from './server-process.js';

const program = findServerProgram('mariadbd', ['/usr/sbin', '/usr/local/sbin']);
const share = ['/usr/share/mysql', '/usr/share/mariadb'].find((path) =>
  existsSync(join(path, 'mysql_system_tables.sql')),
);

export const missingMariadb = missingServer('MariaDB', program && share);

export async function startMariadb(): Promise<TestDatabase> {
  const folder = openServerFolder('mariadb');
  const [user, password] = ['gluepot', "it's a secret"];
  const data = join(folder.path, 'data');
  const log = join(data, 'statements.log');
  mkdirSync(data);
  chmodSync(data, 0o777);
  const options = [
    '--no-defaults',
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    '--innodb-flush-method=nosync',
  ];
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  folder.run(
    program as string,
    [...options, '--bootstrap', '--innodb-log-file-size=4M'],
    [
      'CREATE DATABASE mysql;',
      'USE mysql;',
      'SET @auth_root_socket = NULL;',
      ...tables.map((file) => readFileSync(join(share as string, file), 'utf8')),
      'FLUSH PRIVILEGES;',
      `CREATE USER '${user}'@'%' IDENTIFIED BY '${password.replaceAll("'", "''")}';`,
      `GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;`,
      '',
    ].join('\n'),
  );
  const run = async (port: number, database: string, statements: readonly string[]) => {
    const connection = await mysql.createConnection({ host: '127.0.0.1', port, user, password, database });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  };
  const port = await folder.start(
    program as string,
    (free) => [
      ...options,
      `--port=${free}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder.path, 'socket')}`,
      '--skip-name-resolve',
      '--innodb-flush-log-at-trx-commit=0',
      '--general-log',
      `--general-log-file=${log}`,
    ],
    (free) => run(free, 'mysql', []),
  );
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    properties: (database, parameters = '') => ({
      JDBC_CONNECTION_URL: `jdbc:mysql://127.0.0.1:${port}/${database}${parameters}`,
      USERNAME: user,
      PASSWORD: password,
    }),
    run: (database, ...statements) => run(port, database, statements),
    reads: () => readFileSync(log, 'utf8').match(/Query\tSELECT `.*/g) ?? [],
    stop: () => folder.stop(),
  };
}
