// ORC's timestamps: seconds since 2015 as a clock in the writer's time zone showed them, and nanoseconds.
import type { Integer } from './orc-integers.js';

const EPOCH_SECONDS = 1_420_070_400;
const HOUR_SECONDS = 3600;

/**
 * The offset of a zone from UTC in seconds, by the hour since 1970.
 * @throws RangeError for a zone that is not known
 */
export function openZoneOffsets(zone: string): (epochSeconds: number) => number {
  if (/^(|UTC|GMT|Z|Etc\/UTC|Etc\/GMT)$/.test(zone)) return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    },
  });
  const offsets = new Map<number, number>();
  const offsetAt = (epochSeconds: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochSeconds * 1000)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - epochSeconds;
  };
  return (epochSeconds) => {
    const hour = Math.floor(epochSeconds / HOUR_SECONDS);
    let offset = offsets.get(hour);
    if (offset === undefined) offsets.set(hour, (offset = offsetAt(hour * HOUR_SECONDS)));
    return offset;
  };
}

/**
 * Microseconds since 1970 on the clock that the writer saw.
 * @param nanoseconds as stored: its lowest three bits say how many zeros were cut off
 */
export function orcMicroseconds(
  seconds: Integer,
  nanoseconds: Integer,
  offsetAt: (epochSeconds: number) => number,
): Integer {
  const nanos = unzeroed(Number(nanoseconds));
  // 2015 began at another instant where the writer was.
  let epochSeconds = Number(seconds) + EPOCH_SECONDS - offsetAt(EPOCH_SECONDS);
  // Writers round towards 1970; ORC's own readers undo it so, too.
  if (epochSeconds < 0 && nanos > 999_999) epochSeconds -= 1;
  const shown = epochSeconds + offsetAt(epochSeconds);
  const micros = shown * 1e6 + Math.floor(nanos / 1000);
  return Number.isSafeInteger(micros)
    ? micros
    : BigInt(shown) * 1_000_000n + BigInt(Math.floor(nanos / 1000));
}

function unzeroed(stored: number): number {
  const zeros = stored & 7;
  return Math.floor(stored / 8) * (zeros === 0 ? 1 : 10 ** (zeros + 1));
}
