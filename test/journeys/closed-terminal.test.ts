// A terminal that is closed while a command waits or works: the command ends as it would otherwise, and nobody's core is dumped.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findPythonClients } from '../clients/python-clients.js';
import { BIN, emptyFolder, gluepot } from './gluepot-process.js';

const { python } = findPythonClients([]);
const PYTHON = python.includes('/') ? resolve(python) : python;

/** Runs its arguments on a terminal of their own, closes that when it shows the first of them, and prints how they ended. */
const CLOSE_WHEN_SHOWN = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b''
while sys.argv[1].encode() not in shown:
    shown += os.read(terminal, 4096)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

/** The exit code, or minus the number of the signal that ended it. */
async function endingOf(cwd: string, shown: string, ...args: string[]): Promise<number> {
  const command = ['-c', CLOSE_WHEN_SHOWN, shown, process.execPath, BIN, ...args];
  const { stdout } = await promisify(execFile)(PYTHON, command, { cwd, timeout: 60_000 });
  return Number(stdout);
}

it('at a question, that is a no', async () => {
  const folder = emptyFolder();
  await gluepot(folder, 'catalog', 'snapshot', 'create');
  await gluepot(folder, 'catalog', 'snapshot', 'create');
  const prune = ['catalog', 'snapshot', 'prune', '--keep-last', '1'];
  expect(await endingOf(folder, '[y/N]', ...prune)).toBe(6);
  expect(
    (await gluepot(folder, 'catalog', 'snapshot', 'list', '--limit', '5')).stdout.match(/manual/g),
  ).toHaveLength(2);
}, 120_000);

it('under a server, that stops it, and the data are kept', async () => {
  const folder = emptyFolder();
  expect(await endingOf(folder, 'http://', 'up', '--port', '0')).toBe(0);
  expect(existsSync(join(folder, '.gluepot', 'gluepot.db'))).toBe(true);
}, 120_000);
