// A plan as part of a command's JSON document.
import { GluepotError } from '../base/errors.js';
import { planParts, type Plan } from '../change/index.js';

/** Characters: the document is one string in the end, which V8 bounds at 512 million, and is indented. */
const LENGTH_MAX = 100_000_000;

/** @throws GluepotError `usage` for a plan that is too large to be printed as one document */
export function planAsJson(plan: Plan, lengthMax = LENGTH_MAX): unknown {
  let text = '';
  for (const part of planParts(plan)) {
    text += part;
    if (text.length <= lengthMax) continue;
    throw new GluepotError(
      'usage',
      `The plan has ${plan.changes.length} changes, too many for a JSON document: they are more than ` +
        `${lengthMax.toLocaleString('en')} characters. Save it with --out, a change a line, and leave --json out.`,
    );
  }
  return JSON.parse(text);
}
