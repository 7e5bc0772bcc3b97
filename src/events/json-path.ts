// Paths into events, as far as EventBridge knows JSONPath: names, indices and wildcards.
import { AwsError } from '../wire/aws-error.js';

/** Every element of an array, every value of an object. */
const EVERY = '*';

type Step = { name: string } | { index: number } | typeof EVERY;

/**
 * `$`, `$.detail.state`, `$.detail['a b']`, `$.resources[0]`, `$.detail.items[*].sku`.
 * AWS docs: "Amazon EventBridge input transformation", supported syntax.
 * @throws AwsError ValidationException
 */
export function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  let left = path.startsWith('$') ? path.slice(1) : undefined;
  while (left !== undefined && left !== '') {
    const step = /^(?:\.([\w/-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]|\.\*|\[\*\])/.exec(left);
    if (!step) break;
    const [text, dotted, index, quoted, doubleQuoted] = step;
    const name = dotted ?? quoted ?? doubleQuoted;
    steps.push(name !== undefined ? { name } : index !== undefined ? { index: Number(index) } : EVERY);
    left = left.slice(text.length);
  }
  if (left === '') return steps;
  throw new AwsError(
    'ValidationException',
    `Invalid JSON path ${path}: it reads like $.detail.name, $.resources[0] or $.resources[*].`,
  );
}

/** What is at the path: undefined for nothing; for a path with a wildcard all that is there, in an array. */
export function valueAt(event: unknown, path: string): unknown {
  const steps = parsePath(path);
  const found = steps.reduce<unknown[]>(
    (values, step) => values.flatMap((value) => into(value, step)),
    [event],
  );
  return steps.includes(EVERY) ? found : found[0];
}

function into(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === EVERY) return Object.values(value);
  if ('index' in step) return Array.isArray(value) ? value.slice(step.index, step.index + 1) : [];
  const fields = value as Record<string, unknown>;
  return !Array.isArray(value) && Object.hasOwn(fields, step.name) ? [fields[step.name]] : [];
}
