// Folders of partitions as Hive names them: key=value/key2=value2, with escapes.

/** Hive's name of the folder for a value that is null or empty. */
export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

// Hive, FileUtils.escapePathName: these and control characters are written as %XX.
const ESCAPED = '"#%\'*/:=?\\{[]^\u007f';

/** `dt=2020-01-01/hr=1`. */
export function partitionName(keys: readonly { Name: string }[], values: readonly string[]): string {
  return keys
    .map(({ Name }, index) => `${escapePath(Name.toLowerCase())}=${escapePath(values[index] ?? '')}`)
    .join('/');
}

function escapePath(text: string): string {
  if (text === '') return DEFAULT_PARTITION;
  let escaped = '';
  for (const character of text) {
    const isEscaped = character < ' ' || ESCAPED.includes(character);
    escaped += isEscaped
      ? `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
      : character;
  }
  return escaped;
}

/** The value in a folder called `key=value` for a key; undefined for a folder of another name. */
export function folderValue(folder: string, key: string): string | undefined {
  const equals = folder.indexOf('=');
  if (equals < 1 || unescapePath(folder.slice(0, equals)) !== key) return undefined;
  const value = unescapePath(folder.slice(equals + 1));
  return value === '' ? undefined : value;
}

const unescapePath = (text: string) =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** A location as Hive's Path keeps it: no slash at the end, but for a bucket's root. */
export function hivePath(location: string): string {
  const trimmed = location.replace(/\/+$/, '');
  return /^[a-z0-9]+:\/\/[^/]+$/.test(trimmed) ? `${trimmed}/` : trimmed;
}

/** `folder` inside `location`. */
export const pathInside = (location: string, folder: string): string =>
  `${location.replace(/\/+$/, '')}/${folder}`;
