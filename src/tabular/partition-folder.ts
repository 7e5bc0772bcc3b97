// Folders of partitions, as Hive names them.

/** Hive's name for the partition of rows whose key is null. */
export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** `year=2024/city=S%3A1/`; null is Hive's default partition. Escapes what Hive's FileUtils escapes. */
export function partitionFolder(names: readonly string[], values: readonly (string | null)[]): string {
  return names
    .map((name, index) => `${escapeForHive(name)}=${escapeForHive(values[index] ?? DEFAULT_PARTITION)}/`)
    .join('');
}

function escapeForHive(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are among those that Hive escapes
    /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
