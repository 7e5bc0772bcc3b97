// The arguments that a launched run gets: those of the spec, filled in, and by what it is known.
import { fillPlaceholders, type PlaceholderValues } from './placeholders.js';
import type { LaunchSpec } from './spec.js';

/** By this argument a run is known again, whoever asks. */
export const RUN_KEY_ARGUMENT = '--gluepot-run-key';
/** Grows with every launch: what a run writes can refuse a smaller one. */
export const FENCING_TOKEN_ARGUMENT = '--gluepot-fencing-token';

export function runArguments(
  { arguments: given }: Pick<LaunchSpec['start'], 'arguments'>,
  values: PlaceholderValues,
): Record<string, string> {
  const filled = Object.entries(given).map(([name, text]) => [name, fillPlaceholders(text, values)]);
  return {
    ...(Object.fromEntries(filled) as Record<string, string>),
    [RUN_KEY_ARGUMENT]: values.runKey,
    [FENCING_TOKEN_ARGUMENT]: values.fencingToken,
  };
}
