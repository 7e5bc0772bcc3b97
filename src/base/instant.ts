// Instants as people write them on a command line.
import { GluepotError } from './errors.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Epoch seconds have ten digits from 2001 to 2286, milliseconds thirteen; other lengths could be either or neither. */
const SECONDS = /^\d{10}$/;
const MILLISECONDS = /^\d{13}$/;

/**
 * ISO 8601 with a zone; `now`, `now-2h`, `now-30m`, `now-1d`; seconds or milliseconds since the epoch as `1717171717s` or
 * `1717171717000ms`, or without a unit where the number of digits leaves no doubt.
 * @throws GluepotError `usage`, saying what is allowed
 */
export function parseInstant(text: string, now: Date): Date {
  const found = read(text.trim(), now);
  if (found !== undefined && !Number.isNaN(found.getTime())) return found;
  throw new GluepotError(
    'usage',
    `${JSON.stringify(text)} is no instant. Give ISO 8601 with a zone (2024-05-01T10:00:00Z), now-2h (also s, m, d), ` +
      'or epoch seconds or milliseconds with their unit (1714557600s, 1714557600000ms).',
  );
}

function read(text: string, now: Date): Date | undefined {
  const [, ago, unit = ''] = /^now(?:-(\d{1,9})([smhd]))?$/.exec(text) ?? [];
  if (text.startsWith('now')) {
    if (ago === undefined) return text === 'now' ? now : undefined;
    return new Date(now.getTime() - Number(ago) * (UNIT_MS[unit] as number));
  }
  const [, digits, epochUnit] = /^(\d{1,16})(s|ms)$/.exec(text) ?? [];
  if (digits !== undefined) return new Date(Number(digits) * (epochUnit === 's' ? 1000 : 1));
  if (SECONDS.test(text)) return new Date(Number(text) * 1000);
  if (MILLISECONDS.test(text)) return new Date(Number(text));
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.test(text);
  return isIso ? new Date(text) : undefined;
}
