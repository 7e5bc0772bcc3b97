// Typed values for SQL: each is checked as what it says it is, and written in the quotes of its type.
import * as v from 'valibot';

const LOCATION = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+\/$/;

/** What a value of each type looks like once it is filled in, and what to say of one that does not. */
const TYPES = {
  identifier: { form: /^[A-Za-z_][A-Za-z0-9_]{0,254}$/, allowed: 'letters, digits and "_"' },
  string: {
    form: /^[^\p{Cc}'\\]*$/u,
    allowed: 'a text without single quotes, backslashes and control characters',
  },
  location: { form: LOCATION, allowed: 'a prefix that ends in "/", as s3://BUCKET/results/' },
  integer: { form: /^-?\d{1,18}$/, allowed: 'a whole number' },
  boolean: { form: /^(true|false)$/, allowed: 'true or false' },
  date: { form: /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])$/, allowed: 'a day as 2024-05-01' },
  timestamp: {
    form: /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01]) ([01]\d|2[0-3])(:[0-5]\d){2}$/,
    allowed: 'a time as 2024-05-01 00:00:00',
  },
} as const;

export type SqlType = keyof typeof TYPES;

export const sqlParameterShape = v.strictObject({
  type: v.picklist(Object.keys(TYPES) as SqlType[]),
  /** Texts may have placeholders of the launch, as `${cutOffStart}`. */
  value: v.union([v.string(), v.number(), v.boolean()]),
});

/** Why the value is none of its type; undefined when it is one. */
export function valueProblem(type: SqlType, value: string): string | undefined {
  const { form, allowed } = TYPES[type];
  const isAllowed = form.test(value) && (type !== 'location' || !/[\p{Cc}'\\]/u.test(value));
  return isAllowed ? undefined : `${JSON.stringify(value)} is no ${type}: it must be ${allowed}.`;
}

/**
 * The value as SQL of a CREATE EXTERNAL TABLE. How Athena's DDL would have a quote in a literal escaped is documented nowhere,
 * so none is let in.
 */
export function sqlOf(type: SqlType, value: string): string {
  switch (type) {
    case 'identifier':
      return `\`${value}\``;
    case 'integer':
    case 'boolean':
      return value;
    default:
      return `'${value}'`;
  }
}
