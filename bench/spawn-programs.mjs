// Starts `true` so many times, so many at once, and prints the milliseconds it took: what Node itself can do.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const [count, atOnce] = process.argv.slice(2).map(Number);
const run = () =>
  new Promise((resolve, reject) => {
    const child = spawn('true', { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.once('error', reject).once('close', resolve);
  });
let started = 0;
const worker = async () => {
  while (started++ < count) await run();
};
const start = performance.now();
await Promise.all(Array.from({ length: atOnce }, worker));
console.log(performance.now() - start);
