// What to say to somebody who named what is not there.
import { nearestName } from '../spec-file/nearest-name.js';

/** Names that a message lists at most. */
const NAMES_SHOWN_MAX = 10;

/** A sentence: the nearest of the names there are, else all or the first of them. */
export function whichThereAre(name: string, names: readonly string[]): string {
  if (names.length === 0) return 'There is none at all: look at the region and the account, or make one.';
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(', ');
  return names.length > NAMES_SHOWN_MAX
    ? `There are ${names.length}, ${shown} among them.`
    : `There ${names.length === 1 ? 'is' : 'are'} ${shown}.`;
}
