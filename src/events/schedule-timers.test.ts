// Timers of rules, triggers and crawlers, when what they fire goes well, is refused, or fails.
import { expect, it } from 'vitest';
import { manualClock } from '../base/clock.js';
import { AwsError } from '../wire/aws-error.js';
import { openScheduleTimers } from './schedule-timers.js';

const MINUTE = 60_000;
const START = new Date('2024-01-01T00:00:00Z');
const everyMinute = {
  nextAfter: (date: Date) => new Date((Math.floor(date.getTime() / MINUTE) + 1) * MINUTE),
};

function openTimers(fire: (key: string, times: number) => void) {
  const clock = manualClock(START);
  const fired: number[] = [];
  const told: string[] = [];
  const timers = openScheduleTimers(
    'rule',
    {
      clock,
      log: (level, message, fields) => void told.push(`${level} ${String(fields?.['due'])}: ${message}`),
    },
    (key) => {
      fired.push((clock.now().getTime() - START.getTime()) / 1000);
      fire(key, fired.length);
    },
  );
  timers.set('r', everyMinute);
  return { clock, timers, fired, told };
}

it('fires each time that is due, until it is cleared', async () => {
  const { clock, timers, fired, told } = openTimers(() => {});
  await clock.advance(2.5 * MINUTE);
  timers.clear('r');
  await clock.advance(5 * MINUTE);
  expect(fired).toEqual([60, 120]);
  expect(told).toEqual([]);
});

it('leaves a firing out that is refused', async () => {
  const { clock, fired, told } = openTimers((_key, times) => {
    if (times === 1) throw new AwsError('ConcurrentRunsExceededException', 'There is no room.');
  });
  await clock.advance(2 * MINUTE);
  expect(fired).toEqual([60, 120]);
  expect(told).toEqual(['warn rule r: what fell due was refused']);
});

it('fires again each second after a failure, and then goes on with its times', async () => {
  const { clock, fired, told } = openTimers((_key, times) => {
    if (times <= 2) throw new Error('the disk is full');
  });
  await clock.advance(2 * MINUTE);
  expect(fired).toEqual([60, 61, 62, 120]);
  expect(told).toEqual(
    Array(2).fill('error rule r: what fell due could not be done and will be tried again'),
  );
});

it('is cleared and closed also while it waits to fire again, and by what it fires', async () => {
  const failing = openTimers(() => {
    throw new Error('the disk is full');
  });
  await failing.clock.advance(MINUTE);
  failing.timers.close();
  await failing.clock.advance(5 * MINUTE);
  expect(failing.fired).toEqual([60]);

  const own = openTimers((key) => own.timers.clear(key));
  await own.clock.advance(5 * MINUTE);
  expect(own.fired).toEqual([60]);
});
