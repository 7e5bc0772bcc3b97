// server.json in a data directory: how other gluepot commands find the server that holds the folder.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from './base/errors.js';

export interface RunningServer {
  pid: number;
  /** `http://host:port`, reachable from this machine. */
  endpoint: string;
  region: string;
  startedAt: string;
  /**
   * The key that requests must be signed with, when the server asks for one. Whoever can read this file can read the data
   * beside it, too.
   */
  accessKey?: { accessKeyId: string; secretAccessKey: string };
}

/** How long a server may take to answer before it is taken for dead. */
const PROBE_TIMEOUT_MS = 2000;

const pathOf = (dataDir: string) => join(dataDir, 'server.json');

/** Complete or absent; readable by its owner only. */
export function writeServerFile(dataDir: string, server: RunningServer): void {
  mkdirSync(dataDir, { recursive: true });
  const temporary = `${pathOf(dataDir)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(server, undefined, 2) + '\n', { mode: 0o600 });
  renameSync(temporary, pathOf(dataDir));
}

/** Removes the file if it is still this process's. */
export function removeServerFile(dataDir: string): void {
  if (readServerFile(dataDir)?.pid === process.pid) rmSync(pathOf(dataDir), { force: true });
}

/** The server on this folder, if one lives and answers. A file that a killed server left behind counts for nothing. */
export async function findServer(dataDir: string): Promise<RunningServer | undefined> {
  const server = readServerFile(dataDir);
  return server && isAlive(server.pid) && (await answers(server.endpoint)) ? server : undefined;
}

function readServerFile(dataDir: string): RunningServer | undefined {
  try {
    const server = JSON.parse(readFileSync(pathOf(dataDir), 'utf8')) as Partial<RunningServer> | null;
    return typeof server?.pid === 'number' && typeof server.endpoint === 'string'
      ? (server as RunningServer)
      : undefined;
  } catch (error) {
    // No server, or not a file of ours: the lock on the state file has the last word.
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    // Whatever it answers, it speaks HTTP.
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
