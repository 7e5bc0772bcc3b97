// A database server of this machine for one test file: found, started on loopback in a folder of its own, ended by its id.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A program's path; undefined when it is not installed. */
export function findServerProgram(name: string, folders: readonly string[]): string | undefined {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders];
  return places
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Folders below `parent` that hold a version each, the newest first. */
export function versionFolders(parent: string, below: string): string[] {
  try {
    return readdirSync(parent)
      .sort((one, other) => Number(other) - Number(one))
      .map((version) => join(parent, version, below));
  } catch {
    return [];
  }
}

/** Why the tests of a server cannot run here. In CI they have to: a server that is missing there is a failure. */
export function missingServer(what: string, path: string | undefined): string | undefined {
  if (path !== undefined) return undefined;
  const why = `${what} is not installed`;
  if (process.env.CI) throw new Error(`${why}, and in CI it has to be: see .ci/run.`);
  return why;
}

/** Servers refuse to run as root: whom they run as then. */
const ids = ((): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const id = (kind: string) => Number(spawnSync('id', [kind, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
})();

export interface ServerFolder {
  path: string;
  /** Runs a program of the server to its end. */
  run(program: string, args: readonly string[], input?: string): void;
  /** Starts the server and waits until it `answers`; with another port when somebody was quicker. */
  start(
    program: string,
    argsFor: (port: number) => string[],
    answers: (port: number) => Promise<void>,
  ): Promise<number>;
  /** What the server has said on its output. */
  said(): string;
  stop(): Promise<void>;
}

const START_MS_MAX = 60_000;

export function openServerFolder(name: string): ServerFolder {
  const path = mkdtempSync(join(tmpdir(), `gluepot-${name}-`));
  if (ids) chownSync(path, ids.uid, ids.gid);
  let server: ChildProcess | undefined;
  let said = '';
  return {
    path,
    run(program, args, input = '') {
      const { status, stderr, stdout, error } = spawnSync(program, args, {
        cwd: path,
        input,
        encoding: 'utf8',
        ...ids,
      });
      if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stdout + stderr}`);
    },
    async start(program, argsFor, answers) {
      const deadline = Date.now() + START_MS_MAX;
      for (;;) {
        const port = await freePort();
        const child = spawn(program, argsFor(port), {
          cwd: path,
          stdio: ['ignore', 'pipe', 'pipe'],
          ...ids,
        });
        server = child;
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (text) => (said += String(text)));
        while (child.exitCode === null) {
          try {
            await answers(port);
            return port;
          } catch (error) {
            if (Date.now() > deadline)
              throw new Error(`${program} does not answer: ${said}`, { cause: error });
            await delay(50);
          }
        }
        if (Date.now() > deadline) throw new Error(`${program} does not start: ${said}`);
      }
    },
    said: () => said,
    async stop() {
      const running = server;
      if (running?.exitCode === null) {
        const ended = new Promise((resolve) => running.once('exit', resolve));
        running.kill('SIGKILL');
        await ended;
      }
      rmSync(path, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

export interface TestDatabase {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Properties of a Glue connection to one of its databases. @param parameters of the URL, with its question mark */
  properties(database: string, parameters?: string): Record<string, string>;
  /** Statements that read rows, in the order in which the server was asked for them. */
  reads(): string[];
  /** Runs statements, one after the other, as the owner. */
  run(database: string, ...statements: string[]): Promise<void>;
  stop(): Promise<void>;
}
