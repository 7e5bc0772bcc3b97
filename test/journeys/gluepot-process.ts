// Runs the built command line as its users do: another process, a folder of its own.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  DestroyReport,
  DestroyStep,
  OutputPreview,
  PlanCounts,
  StackChange,
  StackCheck,
  TableSummary,
} from '../../src/toolkit/stack/index.js';

export const BIN = resolve(import.meta.dirname, '../../bin/gluepot.cjs');

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** What the commands answer, all in one: each has its part of it. */
interface Result {
  endpoint: string;
  environment: Record<string, string>;
  plan: { counts: PlanCounts; changes: StackChange[] };
  counts: PlanCounts;
  changes: StackChange[];
  tables: TableSummary[];
  outputs: OutputPreview[];
  checks: StackCheck[];
  destroyed: DestroyReport;
  deleted: DestroyStep[];
  kept: DestroyStep[];
}

/** The one JSON document that --json prints. */
export interface Document {
  schemaVersion: number;
  command: string;
  target: string;
  ok: boolean;
  result: Result;
  warnings: string[];
  errors: { kind: string; message: string }[];
}

/** An empty folder that goes when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-journey-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

export interface RunOptions {
  cwd: string;
  /** Added to a bare environment. */
  env?: NodeJS.ProcessEnv;
  /** Sent when `after` shows on stderr. */
  signal?: { name: NodeJS.Signals; after: string };
  onStart?: (child: ChildProcess) => void;
}

/** @param where the folder to run in, or more */
export function gluepot(where: string | RunOptions, ...args: string[]): Promise<Finished> {
  const { cwd, env, signal, onStart }: RunOptions = typeof where === 'string' ? { cwd: where } : where;
  return new Promise((done) => {
    const options = { cwd, env: { ...environment(), ...env }, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [BIN, ...args], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      done({ code, stdout, stderr });
    });
    onStart?.(child);
    let stderr = '';
    child.stderr?.on('data', (chunk: string) => {
      const isSent = signal && stderr.includes(signal.after);
      stderr += chunk;
      if (signal && !isSent && stderr.includes(signal.after)) child.kill(signal.name);
    });
  });
}

export async function gluepotJson(
  cwd: string,
  ...args: string[]
): Promise<Finished & { document: Document }> {
  const finished = await gluepot(cwd, '--json', ...args);
  return { ...finished, document: JSON.parse(finished.stdout) as Document };
}

/** The words behind `gluepot` of the command that a message gives to go on with. */
export function goOnWords(message: string): string[] {
  return (/go on with: gluepot (.*?)(?: \(|$)/m.exec(message)?.[1] ?? '').split(' ');
}

export interface Up {
  endpoint: string;
  document: Document;
  process: ChildProcess;
  /** Sends the signal and waits for the end; returns the exit code, null when the signal killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `gluepot up --port 0 --json`, until its one document is printed. It is stopped when the test ends. */
export async function startUp(cwd: string, ...args: string[]): Promise<Up> {
  const child = spawn(process.execPath, [BIN, 'up', '--port', '0', '--json', ...args], {
    cwd,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const document = await new Promise<Document>((ready, fail) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      // The document is printed in one piece that ends its last line with a brace.
      if (stdout.endsWith('\n}\n')) ready(JSON.parse(stdout) as Document);
    });
    child.once('exit', (code) => fail(new Error(`gluepot up ended with ${code}: ${stderr}`)));
  });
  return {
    endpoint: document.result.endpoint,
    document,
    process: child,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}
