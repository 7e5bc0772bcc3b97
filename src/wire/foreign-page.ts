// Requests that a web page makes a browser send: refused where they would run programs on this machine.
import { isIP } from 'node:net';
import { AwsError } from './aws-error.js';

/**
 * Any page may have a visitor's browser send a request to 127.0.0.1, and a server that verifies no signatures would take it.
 * Browsers say in `Origin` which page it was; pages of this machine itself are let through.
 * @throws AwsError AccessDeniedException
 */
export function refuseForeignPage(headers: Readonly<Record<string, string>>): void {
  const { origin } = headers;
  if (origin === undefined || isOfThisMachine(origin)) return;
  throw new AwsError(
    'AccessDeniedException',
    `The request comes from a web page of ${origin}. What runs programs on this machine answers pages of localhost only.`,
    { statusCode: 403 },
  );
}

function isOfThisMachine(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}
