// Text as it goes to a terminal: names and values of a catalog may hold what a terminal takes for commands.

/** Control characters but for tab and line feed, and those that turn the direction of writing. */
// eslint-disable-next-line no-control-regex
const COMMANDING = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What picocolors writes, and nothing else that begins alike. */
// eslint-disable-next-line no-control-regex
const COLOR = /(\x1b\[(?:[0-4]|2[2-4]|3[0-79]|9[0-7])m)/;

/** The same text with each such character as `\u001b`. @param mayHaveColors leaves colours, bold and dim as they are */
export function printable(text: string, mayHaveColors = false): string {
  if (!mayHaveColors) return text.replace(COMMANDING, escaped);
  return text
    .split(COLOR)
    .map((part) => (COLOR.test(part) ? part : part.replace(COMMANDING, escaped)))
    .join('');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
