// Parts that partitions have in common, kept once: those of a table differ in little but their values and places.
import type { PartitionInput } from '@aws-sdk/client-glue';
import type { ObjectOf } from './catalog-object.js';

/** So many different parts are remembered; what comes later is shared with nothing. */
const PARTS_MAX = 1000;

/** Gives partitions of a table the same columns, formats and parameters by reference where they are equal. */
export function openSharing(): (partition: ObjectOf<'partition'>) => ObjectOf<'partition'> {
  const parts = new Map<string, unknown>();
  const shared = (name: string, part: unknown): unknown => {
    if (name === 'Location') return part;
    const text = JSON.stringify(part);
    const known = parts.get(text);
    if (known !== undefined) return known;
    if (parts.size < PARTS_MAX) parts.set(text, part);
    return part;
  };
  const withShared = <T extends object>(members: T): T =>
    Object.fromEntries(Object.entries(members).map(([name, part]) => [name, shared(name, part)])) as T;
  return ({ key, definition, provenance }) => {
    const { StorageDescriptor, Parameters, ...rest } = definition;
    const lean: PartitionInput = {
      ...rest,
      ...(StorageDescriptor ? { StorageDescriptor: withShared(StorageDescriptor) } : {}),
      ...(Parameters ? { Parameters: shared('Parameters', Parameters) as Record<string, string> } : {}),
    };
    return { key, definition: lean, provenance };
  };
}
