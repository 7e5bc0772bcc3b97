// What the original deletes before each run, as prefixes that take nothing else along.
import type { PresetVariables } from './preset-variables.js';

/** Prefixes of MANIFEST_S3_BUCKET: MANIFEST_DELETION_PREFIXES below MANIFEST_S3_PREFIX, and MANIFEST_PARQUET_S3_BASE_LOCATION. */
export function clearedPrefixes(variables: PresetVariables, bucket: string | undefined): string[] {
  const keys = [...deletionPrefixes(variables), ...baseLocation(variables)];
  if (keys.length > 0 && bucket === undefined) {
    variables.problems.push('MANIFEST_S3_BUCKET is not set: it is the bucket of what is cleared.');
  }
  const outermost = keys.filter((key) => !keys.some((other) => other !== key && key.startsWith(other)));
  return [...new Set(outermost)].map((key) => `s3://${bucket}/${key}`);
}

function deletionPrefixes(variables: PresetVariables): string[] {
  const base = variables.find('MANIFEST_S3_PREFIX');
  const given = variables.find('MANIFEST_DELETION_PREFIXES');
  if (!given) return [];
  const { name, value } = given;
  if (value.trim() === '') {
    variables.problem(
      name,
      value,
      `and the original takes that for all below MANIFEST_S3_PREFIX, ${JSON.stringify(base?.value ?? '')}. ` +
        'Unset it when nothing is to be cleared.',
    );
    return [];
  }
  const prefix = base?.value.trim() ?? '';
  if (prefix === '') {
    variables.problem(name, value, 'and MANIFEST_S3_PREFIX, below which those are, is not set or empty.');
  } else if (/^\/|\/$|^s3:/.test(prefix)) {
    variables.problem(
      'MANIFEST_S3_PREFIX',
      prefix,
      'and must be a key without a slash at either end: one is put between it and each of MANIFEST_DELETION_PREFIXES.',
    );
  }
  return variables
    .list(given)
    .filter((item) => isPrefix(variables, name, item))
    .map((item) => `${prefix}/${item}`);
}

function baseLocation(variables: PresetVariables): string[] {
  const given = variables.find('MANIFEST_PARQUET_S3_BASE_LOCATION');
  // Empty, it is nothing to the original, too.
  if (!given || given.value === '') return [];
  return isPrefix(variables, given.name, given.value) ? [given.value] : [];
}

function isPrefix(variables: PresetVariables, name: string, item: string): boolean {
  const why = /^s3:/.test(item)
    ? 'is a URI: give the key below MANIFEST_S3_BUCKET alone'
    : item.startsWith('/')
      ? 'begins with a slash, which no key has'
      : item.endsWith('/')
        ? undefined
        : `has no slash at its end, so that ${JSON.stringify(`${item}_archive/`)} would be cleared, too. Write ${JSON.stringify(`${item}/`)}`;
  if (why !== undefined) variables.problem(name, item, `which ${why}.`);
  return why === undefined;
}
