// gluepot up: the embedded AWS on one port, until it is stopped.
import { isIP } from 'node:net';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { GluepotError } from '../../base/errors.js';
import { serve, type EventFaults } from '../../connect.js';
import type { CommandContext } from '../command.js';
import type { Outcome } from '../output.js';

export interface UpOptions {
  port: number;
  host: string;
  iamDelay?: number;
  /** False: permissions of roles are not enforced. */
  iam: boolean;
  eventFaults?: EventFaults;
  accessKey?: string;
  secretKey?: string;
}

export async function up(
  { options, output, signal }: CommandContext,
  upOptions: UpOptions,
): Promise<Outcome> {
  const { port, host, iamDelay, iam, eventFaults } = upOptions;
  if (options.target !== 'local')
    throw new GluepotError('usage', 'gluepot up serves the embedded AWS; it has no --target aws.');
  const accessKey = readAccessKey(upOptions);
  if (!isLoopback(host) && !accessKey) {
    throw new GluepotError(
      'guard-refused',
      `Serving on ${host} lets everybody who reaches this machine read and change the data. ` +
        'Give GLUEPOT_ACCESS_KEY and GLUEPOT_SECRET_KEY, so that requests must be signed, or stay on 127.0.0.1.',
    );
  }
  const serving = await serve({
    dataDir: options.dataDir,
    host,
    port,
    region: options.region,
    iamDelayMs: iamDelay,
    enforceIam: iam,
    accessKey,
    eventFaults,
  });
  const environment = {
    AWS_ENDPOINT_URL: serving.endpoint,
    AWS_ACCESS_KEY_ID: accessKey?.accessKeyId ?? 'test',
    // A secret that somebody chose is theirs to know: it is not printed.
    ...(accessKey ? {} : { AWS_SECRET_ACCESS_KEY: 'test' }),
    AWS_REGION: serving.region,
    AWS_DEFAULT_REGION: serving.region,
  };
  output.print(`gluepot serves ${resolve(options.dataDir)} at ${output.colors.bold(serving.endpoint)}\n`);
  for (const [name, value] of Object.entries(environment)) output.print(`export ${name}=${value}`);
  if (accessKey) output.print('export AWS_SECRET_ACCESS_KEY=...   # the secret that was given');
  if (eventFaults)
    output.warn('Events go wrong on purpose: some come late, twice, or never (--event-faults).');
  output.print('\nStop it with Ctrl-C.');
  return {
    result: {
      endpoint: serving.endpoint,
      dataDir: resolve(options.dataDir),
      pid: process.pid,
      environment,
      ...(eventFaults ? { eventFaults } : {}),
    },
    hold: async () => {
      if (!signal.aborted) await waitForAbort(signal);
      await serving.close();
      if (!output.isJson) process.stderr.write('\nStopped. The data are kept.\n');
    },
  };
}

// An AbortSignal alone does not keep the process alive, but the server does.
async function waitForAbort(signal: AbortSignal): Promise<void> {
  await once(signal, 'abort');
}

function readAccessKey(options: { accessKey?: string; secretKey?: string }) {
  const accessKeyId = options.accessKey ?? process.env.GLUEPOT_ACCESS_KEY;
  const secretAccessKey = options.secretKey ?? process.env.GLUEPOT_SECRET_KEY;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  throw new GluepotError(
    'usage',
    'An access key needs both its id (--access-key or GLUEPOT_ACCESS_KEY) and its secret (--secret-key or GLUEPOT_SECRET_KEY).',
  );
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
