// Checks a part of a stack file that is an AWS request, at every depth, against the schema that the AWS SDK ships.
import { NormalizedSchema } from '@smithy/core/schema';
import { unknownKey, wrongType, type SpecIssue, type SpecPath } from '../spec-file/spec-issue.js';

/**
 * What is wrong with `value` as the structure `schema`: unknown members, wrong types, required members that are missing.
 * @param schema a `…$` export of an AWS SDK client, e.g. `CreateJobRequest$`
 * @param options.optional required members that may be missing at the top, because the stack fills them in
 * @param options.refused members that may not be given at the top, with the reason
 */
export function checkAwsMembers(
  schema: Parameters<typeof NormalizedSchema.of>[0],
  value: unknown,
  path: SpecPath,
  options: { optional?: readonly string[]; refused?: Readonly<Record<string, string>> } = {},
): SpecIssue[] {
  const { optional = [], refused = {} } = options;
  const issues: SpecIssue[] = check(NormalizedSchema.of(schema), value, path).filter(
    (issue) => !(issue.missing && issue.path.length === path.length && optional.includes(issue.missing)),
  );
  for (const [name, reason] of Object.entries(refused)) {
    if (isMapping(value) && name in value)
      issues.push({ path: [...path, name], isKey: true, message: reason });
  }
  return issues;
}

type MemberIssue = SpecIssue & { missing?: string };

function check(schema: NormalizedSchema, value: unknown, path: SpecPath): MemberIssue[] {
  if (schema.isStructSchema())
    return isMapping(value) ? checkStructure(schema, value, path) : wrongType('a mapping', value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrongType('a list', value, path);
    return value.flatMap((item, index) => check(schema.getValueSchema(), item, [...path, index]));
  }
  if (schema.isMapSchema()) {
    if (!isMapping(value)) return wrongType('a mapping', value, path);
    return Object.entries(value).flatMap(([key, item]) =>
      check(schema.getValueSchema(), item, [...path, key]),
    );
  }
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : wrongType('a text', value, path);
  if (schema.isBooleanSchema())
    return typeof value === 'boolean' ? [] : wrongType('true or false', value, path);
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : wrongType('a number', value, path);
  return [];
}

function checkStructure(
  schema: NormalizedSchema,
  value: Record<string, unknown>,
  path: SpecPath,
): MemberIssue[] {
  const members = new Map(schema.structIterator());
  const issues: MemberIssue[] = [];
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = members.get(name);
    if (!memberSchema) issues.push(unknownKey([...path, name], [...members.keys()]));
    else issues.push(...check(memberSchema, member, [...path, name]));
  }
  // A structure's schema lists its required members first and says how many they are.
  const requiredCount = (schema.getSchema() as unknown[])[6] as number | undefined;
  for (const name of [...members.keys()].slice(0, requiredCount ?? 0)) {
    if (!(name in value))
      issues.push({ path, message: `missing "${name}", which AWS requires here.`, missing: name });
  }
  return issues;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
