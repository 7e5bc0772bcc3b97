// Certificates for test servers, made by openssl: an authority, and what it signed for one host.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  authority: string;
  certificate: string;
  key: string;
}

/** @param host of the certificate's subjectAltName, e.g. `IP:127.0.0.1` or `DNS:db.example.com` */
export function makeCertificate(host: string): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-certificate-'));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    openssl(
      ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Test authority'],
      ...['-keyout', path('authority.key'), '-out', path('authority.pem')],
    );
    openssl('req', ...newKey, '-subj', '/CN=Test', '-keyout', path('key'), '-out', path('request'));
    writeFileSync(path('extensions'), `subjectAltName=${host}`);
    openssl(
      ...[
        'x509',
        '-req',
        '-in',
        path('request'),
        '-CA',
        path('authority.pem'),
        '-CAkey',
        path('authority.key'),
      ],
      ...['-CAcreateserial', '-days', '2', '-extfile', path('extensions'), '-out', path('certificate.pem')],
    );
    const read = (name: string) => readFileSync(path(name), 'utf8');
    return { authority: read('authority.pem'), certificate: read('certificate.pem'), key: read('key') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
