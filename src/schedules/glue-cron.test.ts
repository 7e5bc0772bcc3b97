// When schedules fire.
import { describe, expect, it } from 'vitest';
import { checkSchedule, parseSchedule } from './glue-cron.js';

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

describe('checkSchedule', () => {
  it.each([
    'cron(0/5 * * * ? *)',
    'cron(0,5,58 10 * * ? *)',
    'cron(15 12 * * ? *)',
    'cron(0 8 1 JAN,JUL ? 2027-2029)',
    'cron(0 8 31 2 ? *)',
    'cron(58 0,23 * * ? *)',
  ])('takes %s', (expression) => {
    expect(() => checkSchedule(expression)).not.toThrow();
  });

  it.each([
    ['cron(* * * * ? *)', '1970-01-01T00:01:00.000Z and again at 1970-01-01T00:02:00.000Z'],
    ['cron(0/4 * * * ? *)', '5 minutes'],
    ['cron(1,58 * * * ? *)', '1970-01-01T00:58:00.000Z and again at 1970-01-01T01:01:00.000Z'],
    ['cron(0,58 0,23 * * ? *)', '1970-01-01T23:58:00.000Z and again at 1970-01-02T00:00:00.000Z'],
    ['cron(10,14 9 ? * MON *)', '1970-01-05T09:10:00.000Z and again at 1970-01-05T09:14:00.000Z'],
    ['rate(5 minutes)', 'six fields'],
  ])('refuses %s, and says why: %s', (expression, why) => {
    expect(() => checkSchedule(expression)).toThrow(why);
  });
});
