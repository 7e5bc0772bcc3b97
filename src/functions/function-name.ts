// Functions are named by name, by ARN or by a part of one, with a version or alias or without.
import { invalidValue } from './lambda-error.js';

export interface FunctionScope {
  region: string;
  accountId: string;
}

export interface FunctionReference {
  name: string;
  /** A version (`$LATEST`, `3`) or an alias. */
  qualifier?: string;
}

export const LATEST = '$LATEST';

// AWS docs: Invoke, FunctionName: `name`, `name:qualifier`, `account:function:name`, or the whole ARN.
const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:[^:]*:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** `qualifier` as it is given beside the name. @throws AwsError InvalidParameterValueException */
export function parseFunctionReference(text: string, qualifier?: string): FunctionReference {
  const match = REFERENCE.exec(text);
  if (!match) throw invalidValue(`'${text}' names no function: give its name or its ARN.`);
  const [, name, own] = match as unknown as [string, string, string | undefined];
  if (own !== undefined && qualifier !== undefined && own !== qualifier) {
    throw invalidValue(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const chosen = qualifier ?? own;
  return { name, ...(chosen === undefined ? {} : { qualifier: chosen }) };
}

export function functionArn(
  { region, accountId }: FunctionScope,
  { name, qualifier }: FunctionReference,
): string {
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}
