// gluepot demo in an empty folder, from start to end, as a user runs it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import { compare, interleave, timeMs } from './measure.js';

const COMMAND = fileURLToPath(new URL('../bin/gluepot.cjs', import.meta.url));

export const demo: Bench = {
  name: 'demo',
  summary: 'gluepot demo in an empty folder, from start to end',
  async run({ folder, isQuick }) {
    let count = 0;
    const { demo: measured } = await interleave(
      {
        demo: () => {
          const cwd = join(folder, String(count++));
          mkdirSync(cwd);
          return timeMs(() => runDemo(cwd));
        },
      },
      { rounds: isQuick ? 1 : 5 },
    );
    return [
      compare({
        name: 'gluepot demo, start to end',
        unit: 'ms',
        measured,
        limit: { name: 'allowed', samples: 5000 },
        target: { atMost: 1 },
      }),
    ];
  },
};

async function runDemo(cwd: string): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, 'demo'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`gluepot demo ended with ${code}. It said:\n${said}`);
}
