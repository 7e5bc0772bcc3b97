// Where in an input something is: spelled only when it is told to somebody.

/** A member by name, an item of a list by index, or what is under a key of a map. */
export interface Place {
  parent: Place | undefined;
  step: string | number;
}

/** As AWS's messages spell it: `tableInput.partitionKeys.1.member.name`; '' for the whole input. */
export function placeText(place: Place | undefined): string {
  if (!place) return '';
  const { parent, step } = place;
  if (typeof step === 'number') return `${placeText(parent)}.${step + 1}.member`;
  return parent ? `${placeText(parent)}.${step}` : step;
}

/** A member's name as AWS's messages spell it: it begins in lower case. */
export function memberStep(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
