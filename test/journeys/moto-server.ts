// moto's server, as the other side of a test: a Glue that nobody here wrote, and that does no work of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { clientEnvironment, findPythonClients } from '../clients/python-clients.js';

/** Where a Python has moto; in CI it has to be there. */
export const findMoto = () => findPythonClients(['moto', 'flask', 'flask-cors']);

/** On a free port of this machine, until it is stopped. */
export async function startMoto(python: string): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    env: clientEnvironment('http://127.0.0.1:9', python),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const [, endpoint] = /Running on (http:\/\/\S+)/.exec(line) ?? [];
    if (endpoint === undefined) continue;
    child.stderr.resume();
    return {
      endpoint,
      async stop() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }
  throw new Error(`moto's server did not start: ${lines.join('\n')}`);
}
