// Scalars as text: what XML elements, form fields, headers and labels hold.
import { AwsError } from './aws-error.js';
import type { Shape, TimestampFormat } from './schema.js';
import { formatTimestamp, parseTimestamp } from './timestamp.js';

/** @throws AwsError MalformedInput naming `name` when the text is not of the shape's kind */
export function decodeText(shape: Shape, text: string, name: string): unknown {
  switch (shape.kind) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      break;
    case 'number': {
      const value = Number(text);
      if (text.trim() !== '' && !Number.isNaN(value)) return value;
      break;
    }
    case 'timestamp': {
      const value = parseTimestamp(text);
      if (value) return value;
      break;
    }
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
  throw new AwsError('MalformedInput', `'${text.slice(0, 200)}' is not a valid ${shape.kind} for ${name}.`);
}

export function encodeText(shape: Shape, value: unknown, timestampFormat: TimestampFormat): string {
  switch (shape.kind) {
    case 'timestamp':
      return formatTimestamp(value as Date, shape.format ?? timestampFormat);
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return String(value);
  }
}
