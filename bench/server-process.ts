// Servers to measure, each in a process of its own on 127.0.0.1.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from './bench.js';

export interface ServerProcess {
  endpoint: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

const COMMAND = fileURLToPath(new URL('../bin/gluepot.cjs', import.meta.url));
const CONSTANT = fileURLToPath(new URL('constant-answer-server.mjs', import.meta.url));

const START_TIMEOUT_MS = 30_000;

/** `gluepot up` as users start it, from the built command; `nodeOptions` come before it. */
export function startGluepot(
  { defer }: Pick<BenchContext, 'defer'>,
  { dataDir, nodeOptions = [] }: { dataDir: string; nodeOptions?: readonly string[] },
): Promise<ServerProcess> {
  const command = [...nodeOptions, COMMAND, 'up', '--port', '0', '--json', '--data-dir', dataDir];
  return startServer(process.execPath, command, defer, /"endpoint": "([^"]+)"/);
}

const PROCESSOR_TIME_PROBE = new URL('processor-time-probe.mjs', import.meta.url).href;

export interface ProbedServer extends ServerProcess {
  /** Milliseconds of processor time that all threads of the server have used since it started. */
  processorMs(): Promise<number>;
}

/** `gluepot up` that also tells what processor time it uses. */
export async function startProbedGluepot(
  context: Pick<BenchContext, 'defer'>,
  options: { dataDir: string },
): Promise<ProbedServer> {
  const server = await startGluepot(context, { ...options, nodeOptions: ['--import', PROCESSOR_TIME_PROBE] });
  return {
    ...server,
    async processorMs() {
      server.process.send({});
      const [{ usedMs }] = (await once(server.process, 'message')) as [{ usedMs: number }];
      return usedMs;
    },
  };
}

/** A node:http server that reads each request and answers the text of `file`: what Node itself can do. */
export function startConstantServer(
  { defer }: Pick<BenchContext, 'defer'>,
  file: string,
): Promise<ServerProcess> {
  return startServer(process.execPath, [CONSTANT, file], defer, /(http:\S+)/);
}

/** moto's server, when `python3` has it. */
export async function startMoto({
  defer,
  note,
}: Pick<BenchContext, 'defer' | 'note'>): Promise<ServerProcess | undefined> {
  if (spawnSync('python3', ['-c', 'import moto.server']).status !== 0) {
    note('moto is not installed (pip install "moto[server]"), so nothing is compared with it');
    return undefined;
  }
  return startServer('python3', ['-m', 'moto.server', '-p', '0'], defer, /Running on (http:\S+)/);
}

async function startServer(
  command: string,
  parameters: readonly string[],
  defer: BenchContext['defer'],
  announcement: RegExp,
): Promise<ServerProcess> {
  const server = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGTERM');
    await once(server, 'exit');
  };
  defer(stop);
  return { endpoint: await announced(server, announcement), process: server, stop };
}

function announced(server: ChildProcess, announcement: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (problem: string) =>
      reject(new Error(`${server.spawnargs.join(' ')} ${problem}. It said:\n${said}`));
    const timer = setTimeout(() => fail(`did not start in ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    let isStarted = false;
    const listen = (chunk: Buffer) => {
      // A server that logs every request must go on being read, or it would wait for its reader.
      if (isStarted) return;
      said += chunk.toString();
      const endpoint = announcement.exec(said)?.[1];
      if (endpoint === undefined) return;
      isStarted = true;
      clearTimeout(timer);
      resolve(endpoint.replace(/\/$/, ''));
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', (code) => fail(`ended with ${code}`));
    server.once('error', reject);
  });
}
