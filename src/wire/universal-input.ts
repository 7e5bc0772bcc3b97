// Inputs of operations as Scheduler's universal targets have them: JSON whose names begin with a capital in every service.
import { AwsError } from './aws-error.js';
import { decodeJson } from './json.js';
import type { Shape, StructShape } from './schema.js';

/**
 * The SDK's form. Names are taken as the model spells them or with a capital, e.g. `JobName` for SubmitJob's `jobName`.
 * Guess: bytes are text, as in Lambda's `Payload`; AWS's pages have no example.
 * @throws AwsError SerializationException
 */
export function decodeUniversalInput(shape: StructShape, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AwsError('SerializationException', 'The Input of the target is not valid JSON.', {
      cause: error,
    });
  }
  return decodeJson(shape, Buffer.from(JSON.stringify(asClientsSend(shape, value))));
}

function asClientsSend(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'blob') return typeof value === 'string' ? Buffer.from(value).toString('base64') : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return shape.kind === 'list' ? value.map((item) => asClientsSend(shape.item.shape, item)) : value;
  }
  if (shape.kind === 'map') {
    return mapEntries(value, (name, item) => [name, asClientsSend(shape.value.shape, item)]);
  }
  if (shape.kind !== 'struct') return value;
  return mapEntries(value, (name, item) => {
    const member =
      shape.members.find((each) => each.name === name) ??
      shape.members.find((each) => each.name.charAt(0).toUpperCase() + each.name.slice(1) === name);
    return member ? [member.name, asClientsSend(member.shape, item)] : [name, item];
  });
}

function mapEntries(value: object, change: (name: string, item: unknown) => [string, unknown]): object {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => change(name, item)));
}
