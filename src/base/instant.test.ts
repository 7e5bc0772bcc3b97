// What is taken for an instant, and what is not.
import { describe, expect, it } from 'vitest';
import { parseInstant } from './instant.js';

const now = new Date('2024-05-01T12:00:00.500Z');

describe('an instant', () => {
  it.each([
    ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00.000Z'],
    ['2024-05-01T10:00:00.25+02:00', '2024-05-01T08:00:00.250Z'],
    ['2024-05-01T10:00-0330', '2024-05-01T13:30:00.000Z'],
    ['now', '2024-05-01T12:00:00.500Z'],
    ['now-2h', '2024-05-01T10:00:00.500Z'],
    ['now-30m', '2024-05-01T11:30:00.500Z'],
    ['now-1d', '2024-04-30T12:00:00.500Z'],
    ['1714557600s', '2024-05-01T10:00:00.000Z'],
    ['1714557600000ms', '2024-05-01T10:00:00.000Z'],
    ['1714557600', '2024-05-01T10:00:00.000Z'],
    ['1714557600000', '2024-05-01T10:00:00.000Z'],
    ['5s', '1970-01-01T00:00:05.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseInstant(text, now).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2024-05-01',
    '2024-05-01T10:00:00',
    '2024-13-01T10:00:00Z',
    'now-2',
    'now+2h',
    'nowhere',
    '171455760000',
    '1714557600.5',
    '9999999999999999s',
  ])('is not %j', (text) => {
    expect(() => parseInstant(text, now)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining('ISO 8601') as unknown }),
    );
  });
});
