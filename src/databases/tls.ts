// How a connection is encrypted, and whom it trusts.
import { GluepotError, messageOf } from '../base/errors.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { OpenOptions } from './open-database.js';

export interface TlsOptions {
  /** In PEM form; the authorities that Node trusts when left out. */
  ca?: string;
  /** False takes any certificate. */
  rejectUnauthorized: boolean;
  /** Says that the certificate is for whatever host; the certificate's host is compared when left out. */
  checkServerIdentity?: () => undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
/** What the drivers say of a server that offers no encryption. */
const NO_TLS = /does not support (SSL|secure) connection/i;

/** Connects as the mode wants it; `prefer` goes on without encryption where the server has none, as the JDBC drivers do. */
export async function connectByMode<T>(
  settings: ConnectionSettings,
  { readCertificate }: Pick<OpenOptions, 'readCertificate'>,
  connect: (tls: TlsOptions | undefined) => Promise<T>,
): Promise<T> {
  const { tls } = settings;
  if (tls === 'off') return connect(undefined);
  const ca = await authority(settings, readCertificate);
  const isVerified = tls === 'verify-ca' || tls === 'verify-full';
  const options: TlsOptions = {
    rejectUnauthorized: isVerified,
    ...(ca === undefined ? {} : { ca }),
    // Whoever it is that the authority vouches for.
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
  try {
    return await connect(options);
  } catch (error) {
    if (tls === 'prefer' && NO_TLS.test(messageOf(error))) return connect(undefined);
    throw error;
  }
}

async function authority(
  { name, certificateUri }: ConnectionSettings,
  readCertificate: OpenOptions['readCertificate'],
): Promise<string | undefined> {
  if (certificateUri === undefined) return undefined;
  const text = await readCertificate(certificateUri).catch((error: unknown) => {
    throw new GluepotError(
      'failed',
      `Connection ${name}: its CUSTOM_JDBC_CERT ${certificateUri} cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  });
  if (CERTIFICATE.test(text)) return text;
  throw new GluepotError(
    'usage',
    `Connection ${name}: its CUSTOM_JDBC_CERT ${certificateUri} is no X.509 certificate in PEM form.`,
  );
}
