// What texts of a launch spec are filled in with: the cut-off window of the launch, and by what its run is known.
import type { LaunchSpec } from './spec.js';

export const PLACEHOLDERS = [
  'cutOffStart',
  'cutOffEnd',
  'cutOffStartMs',
  'cutOffEndMs',
  'cutOffEndWithMarginMs',
  'runKey',
  'fencingToken',
] as const;

export type PlaceholderValues = Record<(typeof PLACEHOLDERS)[number], string>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Midnights are those of UTC, before `now`. */
export function placeholderValues(
  window: LaunchSpec['start']['window'],
  { runKey, fencingToken, now }: { runKey: string; fencingToken: number; now: Date },
): PlaceholderValues {
  const start = cutOffAt(window.start, now);
  const end = cutOffAt(window.end, now);
  return {
    cutOffStart: isoSeconds(start),
    cutOffEnd: isoSeconds(end),
    cutOffStartMs: String(start.getTime()),
    cutOffEndMs: String(end.getTime()),
    cutOffEndWithMarginMs: String(end.getTime() + window.marginMinutes * MINUTE_MS),
    runKey,
    fencingToken: String(fencingToken),
  };
}

/** Names in `${...}` that are none. */
export function unknownPlaceholders(text: string): string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, name = '']) =>
    (PLACEHOLDERS as readonly string[]).includes(name) ? [] : [name],
  );
}

export function fillPlaceholders(text: string, values: PlaceholderValues): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: keyof PlaceholderValues) => values[name]);
}

function cutOffAt(text: string, now: Date): Date {
  const todayMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  if (text === 'TODAY_MIDNIGHT') return new Date(todayMs);
  if (text === 'PREVIOUS_DAY_MIDNIGHT') return new Date(todayMs - DAY_MS);
  return new Date(`${text.replace(' ', 'T')}Z`);
}

/** `2024-05-01 00:00:00`. */
function isoSeconds(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}
