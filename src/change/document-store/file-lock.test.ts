// One writer at a time of one file: what a lock promises, and what becomes of one whose holder is gone.
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withFileLock } from './file-lock.js';

let folder: string;
let path: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-lock-'));
  path = join(folder, 'a');
  lock = join(folder, '.a.lock');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** An act that ends when it is told to. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  let began = () => {};
  const isIn = new Promise<void>((resolve) => (began = resolve));
  return { isIn, end, act: () => (began(), ended) };
}

it('keeps the second out until the first is done, and leaves nothing behind', async () => {
  const order: string[] = [];
  const first = held();
  const one = withFileLock(path, first.act).then(() => order.push('first'));
  await first.isIn;
  const other = withFileLock(path, () => Promise.resolve(order.push('second')));
  // Time for some looks at the lock; were it no lock, the second would be through by now.
  await delay(100);
  expect(order).toEqual([]);
  first.end();
  await Promise.all([one, other]);
  expect(order).toEqual(['first', 'second']);
  expect(existsSync(lock)).toBe(false);
});

it('is given back when the act fails', async () => {
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});

it('of one who took so long that it counts as abandoned is the next one’s, and stays when the first comes back', async () => {
  const [slow, next] = [held(), held()];
  const one = withFileLock(path, slow.act);
  await slow.isIn;
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  const other = withFileLock(path, next.act);
  await next.isIn;
  const owner = readFileSync(lock, 'utf8');
  slow.end();
  await one;
  expect(readFileSync(lock, 'utf8')).toBe(owner);
  next.end();
  await other;
  expect(existsSync(lock)).toBe(false);
});

it('that others never give back is given up after half a minute', async () => {
  writeFileSync(lock, 'somebody');
  const later = new Date(Date.now() + 3600_000);
  utimesSync(lock, later, later);
  vi.useFakeTimers({ toFake: ['Date'] });
  const waiting = withFileLock(path, () => Promise.resolve('done'));
  vi.setSystemTime(Date.now() + 31_000);
  await expect(waiting).rejects.toMatchObject({
    kind: 'conflict',
    message: `Others keep writing ${path}. Try again when they are done.`,
  });
  expect(readFileSync(lock, 'utf8')).toBe('somebody');
});
