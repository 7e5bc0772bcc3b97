// Message attributes, and the digests by which clients check messages.
import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { invalidParameter } from './queue-error.js';

export type MessageAttributes = Record<string, MessageAttributeValue>;

export function md5(data: string | Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/** Names in order, each with type and value, all with their lengths. Source: AWS docs, "Amazon SQS message metadata". */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] as MessageAttributeValue;
    return BinaryValue
      ? [sized(name), sized(DataType), Buffer.from([2]), sized(BinaryValue)]
      : [sized(name), sized(DataType), Buffer.from([1]), sized(StringValue ?? '')];
  });
  return md5(Buffer.concat(parts));
}

function sized(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** @throws AwsError InvalidParameterValue */
export function checkAttributes(attributes: MessageAttributes): void {
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    const isBinary = /^Binary(\.|$)/.test(DataType);
    if (!isBinary && !/^(String|Number)(\.|$)/.test(DataType)) {
      throw invalidParameter(`MessageAttributes.${name}`, DataType, 'Its type is String, Number or Binary.');
    }
    if ((isBinary ? BinaryValue : StringValue) === undefined) {
      throw invalidParameter(
        `MessageAttributes.${name}`,
        'null',
        `An attribute of type ${DataType} has a value.`,
      );
    }
  }
}

export function attributeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );
}

/** As JSON text and back, bytes in base64. */
export const attributesText = {
  write: (attributes: MessageAttributes): string =>
    JSON.stringify(attributes, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  read: (text: string): MessageAttributes =>
    JSON.parse(text, (key, value: unknown) =>
      key === 'BinaryValue' ? new Uint8Array(Buffer.from(value as string, 'base64')) : value,
    ) as MessageAttributes,
};
