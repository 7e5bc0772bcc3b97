// When schedules fire.
import { describe, expect, it } from 'vitest';
import { parseSchedule } from './glue-cron.js';

const START = new Date('2026-11-21T00:00:00Z'); // a Saturday

describe('parseSchedule', () => {
  it.each([
    ['cron(15 12 * * ? *)', '2026-11-21T12:15:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-11-21T00:15:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-23T18:00:00.000Z'],
    ['cron(0 8 ? * 1 *)', '2026-11-22T08:00:00.000Z'],
    ['cron(0 8 ? * 7 *)', '2026-11-21T08:00:00.000Z'],
    ['cron(0 8 ? * L *)', '2026-11-21T08:00:00.000Z'],
    ['cron(0 10 ? * 6L *)', '2026-11-27T10:00:00.000Z'],
    ['cron(0 10 ? * 6#3 *)', '2026-12-18T10:00:00.000Z'],
    ['cron(0 10 L * ? *)', '2026-11-30T10:00:00.000Z'],
    ['cron(0 10 15W * ? *)', '2026-12-15T10:00:00.000Z'],
    ['cron(0 8 1 JAN,JUL ? 2027-2029)', '2027-01-01T08:00:00.000Z'],
    ['cron(0 8 31 2 ? *)', undefined],
  ])('%s fires next at %s', (expression, next) => {
    expect(parseSchedule(expression).nextAfter(START)?.toISOString()).toBe(next);
  });

  it.each([
    ['rate(5 minutes)', 'six fields'],
    ['cron(* * * * *)', 'six fields'],
    ['cron(0 12 * * * *)', 'exactly one of day-of-month and day-of-week'],
    ['cron(0 12 ? * ? *)', 'exactly one of day-of-month and day-of-week'],
    ['cron(61 12 * * ? *)', '61'],
  ])('refuses %s, naming it and saying why', (expression, why) => {
    expect(() => parseSchedule(expression)).toThrow(why);
    expect(() => parseSchedule(expression)).toThrow(expression);
  });
});
