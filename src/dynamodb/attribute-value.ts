// DynamoDB's values in the form that they have on the wire: bytes are base64 text.
import type { AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb';

export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: boolean }
  | { M: Record<string, AttributeValue> }
  | { L: AttributeValue[] }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] };

export type Item = Record<string, AttributeValue>;

/** An operation's input as JSON has it on the wire: a new structure, bytes as base64 text, without absent members. */
export function wireForm(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wireForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, wireForm(member)]),
  );
}

/** An item as the SDK has it: bytes as bytes. For members of errors, which are encoded as the SDK gives them. */
export function sdkForm(item: Item): Record<string, SdkValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, sdkValue(value)]));
}

function sdkValue(value: AttributeValue): SdkValue {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  if ('B' in value) return { B: bytes(value.B) };
  if ('BS' in value) return { BS: value.BS.map(bytes) };
  if ('M' in value) return { M: sdkForm(value.M) };
  if ('L' in value) return { L: value.L.map(sdkValue) };
  return value;
}
