// JDBC URLs of PostgreSQL, MySQL and MariaDB, taken apart.
import { GluepotError } from '../base/errors.js';

export type Engine = 'postgresql' | 'mysql';

export interface JdbcUrl {
  engine: Engine;
  host: string;
  port: number;
  database: string;
  /** Driver parameters by their names, as spelled. */
  parameters: ReadonlyMap<string, string>;
}

const PORTS: Readonly<Record<Engine, number>> = { postgresql: 5432, mysql: 3306 };
const ENGINES: Readonly<Record<string, Engine>> = {
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mysql',
};
const FORMS = 'jdbc:postgresql://HOST:PORT/DATABASE, jdbc:mysql://... or jdbc:mariadb://...';

/**
 * @param where what to call the URL in messages, which never quote its parameters: there may be a password among them
 * @throws GluepotError `unsupported` for another kind of database, `usage` for what is no such URL
 */
export function parseJdbcUrl(url: string, where: string): JdbcUrl {
  const [address = '', query = ''] = splitOnce(url.trim(), '?');
  const [, subprotocol = ''] = /^jdbc:([a-z0-9+.:-]+?):/i.exec(address) ?? [];
  const engine = ENGINES[subprotocol.toLowerCase()];
  if (subprotocol !== '' && !engine) {
    throw new GluepotError(
      'unsupported',
      `${where} is for ${subprotocol}; PostgreSQL, MySQL and MariaDB can be reached: ${FORMS}.`,
    );
  }
  const match = /^jdbc:[a-z]+:\/\/(\[[0-9a-f:.]+\]|[^\s:/,[\]]+)(?::(\d{1,5}))?\/([^/]+)$/i.exec(address);
  const port = match?.[2] === undefined ? engine && PORTS[engine] : Number(match[2]);
  if (!engine || !match || port === undefined || port < 1 || port > 65_535) {
    throw new GluepotError('usage', `${where} is ${JSON.stringify(address)}, which is none of ${FORMS}.`);
  }
  return {
    engine,
    host: (match[1] as string).replace(/^\[|\]$/g, ''),
    port,
    database: decoded(match[3] as string),
    parameters: new Map(
      query
        .split('&')
        .filter((text) => text !== '')
        .map((text) => {
          const [name = '', value = ''] = splitOnce(text, '=');
          return [decoded(name), decoded(value)];
        }),
    ),
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

// A lone % is not an escape: it stands for itself.
function decoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll('%', ''), 'hex').toString(),
  );
}
