// What an AWS Glue job hands to its program, as Glue writes it: `--name value`, its own settings among the job's.
import { GluepotError } from '../base/errors.js';

/** Arguments of that shape are nobody's but the job's: Glue's own are written with hyphens or capitals. */
const OF_THE_JOB = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/**
 * Arguments by their names, of the program's own and of Glue's.
 * @param known names of the program's own
 * @throws GluepotError `usage` for one that is nobody's, one without a value, and for what is no argument
 */
export function parseJobArguments(
  words: readonly string[],
  known: readonly string[],
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) {
    const [word = '', value] = words.slice(at, at + 2);
    const [, name] = /^--(.+)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) {
      throw new GluepotError(
        'usage',
        `The job's arguments are pairs of --name and value; ${JSON.stringify(word)} is none.`,
      );
    }
    if (OF_THE_JOB.test(name) && !known.includes(name)) {
      throw new GluepotError(
        'usage',
        `--${name} is not known. The job takes ${known.map((each) => `--${each}`).join(', ')}, and what Glue itself knows.`,
      );
    }
    found[name] = value;
  }
  return found;
}
