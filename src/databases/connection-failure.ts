// What a driver says went wrong, in words for people: which connection, where, what to do. No message has a password in it.
import { GluepotError, messageOf, systemErrorCode, type GluepotErrorKind } from '../base/errors.js';
import { addressOf, type ConnectionSettings } from './connection-settings.js';

interface Remedy {
  kind: GluepotErrorKind;
  what: string;
}

const CREDENTIALS: Remedy = { kind: 'not-permitted', what: 'Check its USERNAME and PASSWORD.' };
const RIGHTS: Remedy = { kind: 'not-permitted', what: 'Grant its user the right to read it.' };
const NO_DATABASE: Remedy = {
  kind: 'usage',
  what: 'Check the database at the end of its JDBC_CONNECTION_URL.',
};
const NETWORK: Remedy = {
  kind: 'failed',
  what: 'Check host and port of its JDBC_CONNECTION_URL, and that the server can be reached from this machine: databases in a VPC only from within it.',
};
const BROKEN: Remedy = { kind: 'failed', what: 'The server ended the connection; run it again.' };
const BUSY: Remedy = {
  kind: 'failed',
  what: 'The server takes no more connections; run fewer tables at a time, or try again later.',
};
const TRUST: Remedy = {
  kind: 'not-permitted',
  what: 'Its certificate is of an authority that is not known here; name a PEM file with the authority in CUSTOM_JDBC_CERT.',
};
const TLS_REQUIRED: Remedy = {
  kind: 'not-permitted',
  what: 'The server offers no encryption and the connection asks for it (JDBC_ENFORCE_SSL, or sslmode in its URL).',
};

/** Codes of PostgreSQL (SQLSTATE), MySQL (names of errors), Node and OpenSSL. */
const REMEDIES: Readonly<Record<string, Remedy>> = {
  '28P01': CREDENTIALS,
  '28000': {
    kind: 'not-permitted',
    what: 'Check its USERNAME, and what the server (pg_hba.conf) asks of connections from here.',
  },
  '3D000': NO_DATABASE,
  '42501': RIGHTS,
  '53300': BUSY,
  '57P01': BROKEN,
  '57P03': { kind: 'failed', what: 'The server is starting or stopping; try again later.' },
  ER_ACCESS_DENIED_ERROR: CREDENTIALS,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: CREDENTIALS,
  ER_BAD_DB_ERROR: NO_DATABASE,
  ER_DBACCESS_DENIED_ERROR: RIGHTS,
  ER_TABLEACCESS_DENIED_ERROR: RIGHTS,
  ER_COLUMNACCESS_DENIED_ERROR: RIGHTS,
  ER_CON_COUNT_ERROR: BUSY,
  ER_USER_LIMIT_REACHED: BUSY,
  ER_TOO_MANY_USER_CONNECTIONS: BUSY,
  ER_SERVER_SHUTDOWN: BROKEN,
  PROTOCOL_CONNECTION_LOST: BROKEN,
  HANDSHAKE_NO_SSL_SUPPORT: TLS_REQUIRED,
  ECONNREFUSED: NETWORK,
  ECONNRESET: BROKEN,
  EPIPE: BROKEN,
  EHOSTUNREACH: NETWORK,
  ENETUNREACH: NETWORK,
  ENOTFOUND: NETWORK,
  EAI_AGAIN: NETWORK,
  ETIMEDOUT: { ...NETWORK, kind: 'timed-out' },
  DEPTH_ZERO_SELF_SIGNED_CERT: TRUST,
  SELF_SIGNED_CERT_IN_CHAIN: TRUST,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TRUST,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TRUST,
  CERT_HAS_EXPIRED: { kind: 'not-permitted', what: 'The certificate of the server has expired.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'not-permitted',
    what: 'The certificate of the server is for another host than the one in its JDBC_CONNECTION_URL.',
  },
};

/** Where drivers give no code. */
const REMEDIES_BY_TEXT: readonly [RegExp, Remedy][] = [
  [/timeout expired|connect ETIMEDOUT/i, { ...NETWORK, kind: 'timed-out' }],
  [/does not support SSL/i, TLS_REQUIRED],
  [/Connection (terminated|lost|is in closed state)|connection is closed|closed the connection/i, BROKEN],
];

function databaseFailure(error: unknown, settings: ConnectionSettings): GluepotError {
  if (error instanceof GluepotError) return error;
  const message = reasonOf(error);
  const remedy =
    REMEDIES[systemErrorCode(error) ?? ''] ??
    REMEDIES_BY_TEXT.find(([pattern]) => pattern.test(message))?.[1];
  const said = message.replace(/\s*\n\s*/g, ' ').replace(/[.\s]*$/, '');
  return new GluepotError(
    remedy?.kind ?? 'failed',
    `Connection ${settings.name} (${settings.engine}, ${addressOf(settings)}): ${said}.${remedy ? ` ${remedy.what}` : ''}`,
    { cause: error },
  );
}

/** What runs `act`, and tells of its failures as `databaseFailure` does; once the signal is aborted, its reason. */
export function tellFailures(
  settings: ConnectionSettings,
  signal: AbortSignal,
): <T>(act: () => Promise<T>) => Promise<T> {
  return async (act) => {
    try {
      return await act();
    } catch (error) {
      throw signal.aborted ? signal.reason : databaseFailure(error, settings);
    }
  };
}

/** An attempt at several addresses of one host fails with all of their errors, and no message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return messageOf(error);
}

/** Runs `act` with a `take` whose own errors come out as they are, whatever is made of the others. */
export async function withErrorsOf<T>(
  take: (chunk: Buffer) => Promise<void>,
  act: (take: (chunk: Buffer) => Promise<void>) => Promise<T>,
): Promise<T> {
  let own: { error: unknown } | undefined;
  const guarded = async (chunk: Buffer) => {
    try {
      await take(chunk);
    } catch (error) {
      own = { error };
      throw error;
    }
  };
  try {
    return await act(guarded);
  } catch (error) {
    throw own ? own.error : error;
  }
}
