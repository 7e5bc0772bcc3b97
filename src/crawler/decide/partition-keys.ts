// Partition keys and values: what the folders between a table's root and its files say.

import type { Column } from '@aws-sdk/client-glue';

export interface PartitionFolders {
  keys: Column[];
  /** Values of each leaf, in the order given. */
  values: string[][];
}

/**
 * A level whose folders all read `k=v` with one k becomes the key k (lower-cased, value URL-decoded); any other level
 * becomes `partition_N`, N counting all levels from 0. Every key is a string. Case, decoding and the numbering beside
 * Hive levels are guesses.
 * @param leaves per leaf folder its segments below the table's root; all of one length
 */
export function partitionFolders(leaves: readonly (readonly string[])[]): PartitionFolders {
  const levelCount = leaves[0]?.length ?? 0;
  const keys: PartitionFolders['keys'] = [];
  const isHive: boolean[] = [];
  for (let level = 0; level < levelCount; level++) {
    const names = new Set(leaves.map((segments) => hiveName(segments[level] as string)));
    const [name] = names;
    const isNamed = names.size === 1 && name !== undefined && !keys.some((key) => key.Name === name);
    isHive.push(isNamed);
    keys.push({ Name: isNamed ? name : `partition_${level}`, Type: 'string' });
  }
  return {
    keys,
    values: leaves.map((segments) =>
      segments.map((segment, level) => (isHive[level] ? hiveValue(segment) : segment)),
    ),
  };
}

/** The value that a folder stands for under an existing key: that of `key=value`, else the folder's name. */
export function partitionValue(key: string, segment: string): string {
  return hiveName(segment) === key.toLowerCase() ? hiveValue(segment) : segment;
}

function hiveName(segment: string): string | undefined {
  const equals = segment.indexOf('=');
  return equals > 0 ? segment.slice(0, equals).toLowerCase() : undefined;
}

function hiveValue(segment: string): string {
  const value = segment.slice(segment.indexOf('=') + 1);
  try {
    return decodeURIComponent(value);
  } catch {
    // A per cent sign that encodes nothing stands for itself.
    return value;
  }
}
