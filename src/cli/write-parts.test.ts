// What is written in parts waits for its reader, and ends with it.
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { writeParts } from './write-parts.js';

const MEGABYTE = 1024 * 1024;

function* megabytes(count: number, made: { count: number }) {
  for (let index = 0; index < count; index++) {
    made.count++;
    yield 'x'.repeat(MEGABYTE);
  }
}

it('makes no more than is read', async () => {
  const pipe = new PassThrough();
  const made = { count: 0 };
  const writing = writeParts(pipe, megabytes(20, made));
  let read = 0;
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    read += chunk.length;
    // One is with the pipe, one on its way.
    expect(made.count * MEGABYTE - read).toBeLessThanOrEqual(2 * MEGABYTE);
    if (read === 20 * MEGABYTE) break;
  }
  await writing;
  expect(made.count).toBe(20);
});

it('ends when nobody reads any more', async () => {
  const made = { count: 0 };
  const closed = new Writable({
    write: (_, __, done) => done(made.count < 3 ? undefined : new Error('EPIPE')),
  });
  const told: Error[] = [];
  closed.on('error', (error) => told.push(error));
  await writeParts(closed, megabytes(20, made));
  expect(made.count).toBe(3);
  expect(told).toHaveLength(1);
});

it('has written what is short when it returns', () => {
  const pipe = new PassThrough({ encoding: 'utf8' });
  void writeParts(pipe, ['{', '}\n']);
  expect(pipe.read()).toBe('{}\n');
});
