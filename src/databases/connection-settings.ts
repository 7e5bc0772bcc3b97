// How a Glue connection says to reach a database: address, user, trust. The password is in here and in no message.
import type { Connection } from '@aws-sdk/client-glue';
import { GluepotError } from '../base/errors.js';
import { parseJdbcUrl, type Engine, type JdbcUrl } from './jdbc-url.js';

/**
 * `prefer`: encrypted where the server can, unverified, as the JDBC drivers do when nothing is said. `require`: encrypted,
 * unverified. `verify-ca`: signed by an authority that is trusted. `verify-full`: and for this host.
 */
export type TlsMode = 'off' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface ConnectionSettings {
  /** Of the Glue connection. */
  name: string;
  engine: Engine;
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  tls: TlsMode;
  /** S3 URI of the PEM file with the authority to trust instead of the usual ones. */
  certificateUri: string | undefined;
  /** What the URL says of MySQL's zero dates; undefined when it says nothing. */
  zeroDates: 'fail' | 'null' | undefined;
}

/** AWS docs: "AWS Glue connection properties", those of JDBC connections. */
const KNOWN_PROPERTIES = new Set([
  'JDBC_CONNECTION_URL',
  'USERNAME',
  'PASSWORD',
  'JDBC_ENFORCE_SSL',
  'CUSTOM_JDBC_CERT',
  // Of the certificate's algorithms, which nothing here restricts.
  'SKIP_CUSTOM_JDBC_CERT_VALIDATION',
  // Only its name, for people.
  'JDBC_ENGINE',
  'JDBC_ENGINE_VERSION',
  'INSTANCE_ID',
]);

const INSTEAD: Readonly<Record<string, string>> = {
  SECRET_ID: 'secrets of Secrets Manager are not read; give USERNAME and PASSWORD',
  ENCRYPTED_PASSWORD: 'passwords that KMS encrypted are not read; give PASSWORD',
  CUSTOM_JDBC_CERT_STRING:
    'it is for Oracle and SQL Server; give JDBC_ENFORCE_SSL to have the host name checked',
  JDBC_DRIVER_JAR_URI: 'drivers of your own cannot be loaded; leave it out',
  JDBC_DRIVER_CLASS_NAME: 'drivers of your own cannot be loaded; leave it out',
};

/** They decide who is asked, and how it is trusted: a driver's parameter that tunes only itself is passed over. */
const REFUSED_PARAMETERS =
  /^(user|username|password\d?|options|socketfactory|socketfactoryarg|sslfactory|sslfactoryarg|sslrootcert|sslcert|sslkey|sslpassword|gssencmode|localsocketaddress|socksproxyhost|trustcertificatekeystore\w*|clientcertificatekeystore\w*|truststore\w*|keystore\w*|serversslcert|disablesslhostnameverification|authenticationplugins|defaultauthenticationplugin|propertiestransform|queryinterceptors|replication\w*|targetservertype|loadbalance\w*)$/i;

/** @throws GluepotError `usage` or `unsupported`, naming the connection and the property; never its values but the address */
export function connectionSettings(connection: Connection): ConnectionSettings {
  const name = connection.Name ?? '';
  const refuse = (kind: 'usage' | 'unsupported', message: string): never => {
    throw new GluepotError(kind, `Connection ${name}: ${message}`);
  };
  if (connection.ConnectionType !== 'JDBC') {
    refuse(
      'unsupported',
      `it is of type ${connection.ConnectionType ?? 'none'}; databases are reached by those of type JDBC.`,
    );
  }
  const properties = new Map(Object.entries(connection.ConnectionProperties ?? {}));
  for (const [property, value] of properties) {
    if (value === '' || KNOWN_PROPERTIES.has(property)) continue;
    refuse(
      'unsupported',
      `its property ${property} is not supported: ${INSTEAD[property] ?? 'leave it out'}.`,
    );
  }
  const url = properties.get('JDBC_CONNECTION_URL') ?? refuse('usage', 'it has no JDBC_CONNECTION_URL.');
  const parsed = parseJdbcUrl(url, `Connection ${name}: JDBC_CONNECTION_URL`);
  for (const parameter of parsed.parameters.keys()) {
    if (!REFUSED_PARAMETERS.test(parameter)) continue;
    refuse(
      'unsupported',
      `the parameter ${parameter} of its JDBC_CONNECTION_URL is not supported. Users and passwords belong into USERNAME and ` +
        'PASSWORD, authorities to trust into CUSTOM_JDBC_CERT.',
    );
  }
  const user = properties.get('USERNAME') ?? '';
  if (user === '') refuse('usage', 'it has no USERNAME.');
  const isEnforced = flag(properties.get('JDBC_ENFORCE_SSL'), 'JDBC_ENFORCE_SSL', refuse);
  return {
    name,
    engine: parsed.engine,
    host: parsed.host,
    port: parsed.port,
    database: parsed.database,
    user,
    password: properties.get('PASSWORD') ?? '',
    // AWS docs: "SSL with hostname matching is enforced".
    tls: isEnforced ? 'verify-full' : tlsMode(parsed, refuse),
    certificateUri: properties.get('CUSTOM_JDBC_CERT') || undefined,
    zeroDates: zeroDates(parsed.parameters.get('zeroDateTimeBehavior'), refuse),
  };
}

/** `user@host:port/database`, for messages. */
export function addressOf({ user, host, port, database }: ConnectionSettings): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}

type Refuse = (kind: 'usage' | 'unsupported', message: string) => never;

function flag(value: string | undefined, what: string, refuse: Refuse): boolean {
  if (value === undefined || value === '') return false;
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return refuse('usage', `${what} is ${JSON.stringify(value)}; true and false are allowed.`);
}

/** The drivers' documentation: pgjdbc "Configuring the Client" (ssl, sslmode), Connector/J and MariaDB Connector/J (sslMode, useSSL). */
const TLS_MODES: Readonly<Record<string, TlsMode>> = {
  disable: 'off',
  disabled: 'off',
  allow: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  trust: 'require',
  require: 'require',
  required: 'require',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
};

function tlsMode({ engine, parameters }: JdbcUrl, refuse: Refuse): TlsMode {
  const given = parameters.get('sslmode') ?? parameters.get('sslMode');
  if (given !== undefined) {
    return (
      TLS_MODES[given.toLowerCase()] ??
      refuse('usage', `sslmode ${JSON.stringify(given)} of its JDBC_CONNECTION_URL is not known.`)
    );
  }
  const is = (parameter: string) => flag(parameters.get(parameter), parameter, refuse);
  if (engine === 'postgresql') return is('ssl') ? 'verify-full' : 'prefer';
  if (parameters.has('useSSL') && !is('useSSL')) return 'off';
  if (is('verifyServerCertificate')) return 'verify-ca';
  return is('useSSL') || is('requireSSL') ? 'require' : 'prefer';
}

function zeroDates(given: string | undefined, refuse: Refuse): 'fail' | 'null' | undefined {
  if (given === undefined) return undefined;
  const behaviour = given.toLowerCase().replaceAll('_', '');
  if (behaviour === 'exception') return 'fail';
  if (behaviour === 'converttonull') return 'null';
  return refuse(
    'unsupported',
    `zeroDateTimeBehavior ${given} of its JDBC_CONNECTION_URL is not supported; EXCEPTION and CONVERT_TO_NULL are.`,
  );
}
