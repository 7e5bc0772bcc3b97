// The arguments that a launched run gets: those of the spec, filled in, and by what it is known.
import type { LaunchSpec } from './spec.js';

export const ARGUMENT_PLACEHOLDERS = [
  'cutOffStart',
  'cutOffEnd',
  'cutOffEndWithMarginMs',
  'runKey',
  'fencingToken',
] as const;

/** By this argument a run is known again, whoever asks. */
export const RUN_KEY_ARGUMENT = '--gluepot-run-key';
/** Grows with every launch: what a run writes can refuse a smaller one. */
export const FENCING_TOKEN_ARGUMENT = '--gluepot-fencing-token';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Midnights are those of UTC, before `now`. */
export function runArguments(
  { arguments: given, window }: LaunchSpec['start'],
  { runKey, fencingToken, now }: { runKey: string; fencingToken: number; now: Date },
): Record<string, string> {
  const end = cutOffAt(window.end, now);
  const values: Record<(typeof ARGUMENT_PLACEHOLDERS)[number], string> = {
    cutOffStart: isoSeconds(cutOffAt(window.start, now)),
    cutOffEnd: isoSeconds(end),
    cutOffEndWithMarginMs: String(end.getTime() + window.marginMinutes * MINUTE_MS),
    runKey,
    fencingToken: String(fencingToken),
  };
  const filled = Object.entries(given).map(([name, text]) => [
    name,
    text.replace(/\$\{([^}]*)\}/g, (_, placeholder: keyof typeof values) => values[placeholder]),
  ]);
  return {
    ...(Object.fromEntries(filled) as Record<string, string>),
    [RUN_KEY_ARGUMENT]: runKey,
    [FENCING_TOKEN_ARGUMENT]: String(fencingToken),
  };
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
