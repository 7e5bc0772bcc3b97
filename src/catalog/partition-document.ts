// A partition as it is stored, in three pieces: its own members, its descriptor's own members, and the descriptor that
// it shares with other partitions of the table. Put together they are the JSON text that GetPartition answers.
import type { Column, PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';
import { secondsOf } from './document-text.js';
import { withDescriptorDefaults } from './storage-descriptor.js';

/** What partitions of a table have in common: columns (a JSON array) and the other members, `"Name":value,...`. */
export interface SharedDescriptor {
  columns: string | null;
  members: string;
}

export interface PartitionPieces {
  /** `"Name":value,...` beside the StorageDescriptor, without the values and names that the table knows. */
  members: string;
  /** `"Name":value,...` of the StorageDescriptor that are this partition's own. */
  descriptorMembers: string;
  /** Undefined without a StorageDescriptor. */
  descriptor: SharedDescriptor | undefined;
}

/** Leaves out of a StorageDescriptor what is each partition's own, and the columns, which are kept by themselves. */
const NO_OWN_MEMBERS = {
  Columns: undefined,
  Location: undefined,
  Parameters: undefined,
  AdditionalLocations: undefined,
};

/** Takes partitions of one table apart. Those that come after another and share its descriptor get the same object. */
export function openTakeApart(): (input: PartitionInput, creationTime: number) => PartitionPieces {
  let last: { given: StorageDescriptor; shared: SharedDescriptor } | undefined;
  const share = (given: StorageDescriptor): SharedDescriptor => {
    const hasSameColumns = last !== undefined && areSameColumns(given.Columns, last.given.Columns);
    if (last && hasSameColumns && haveSameFormat(given, last.given)) return last.shared;
    const { Columns } = given;
    const columns = last && hasSameColumns ? last.shared.columns : Columns ? JSON.stringify(Columns) : null;
    last = {
      given,
      shared: { columns, members: membersOf({ ...withDescriptorDefaults(given), ...NO_OWN_MEMBERS }) },
    };
    return last.shared;
  };
  return (input, creationTime) => {
    const { StorageDescriptor } = input;
    const members = membersOf({
      CreationTime: creationTime,
      ...input,
      LastAccessTime: secondsOf(input.LastAccessTime),
      LastAnalyzedTime: secondsOf(input.LastAnalyzedTime),
      Values: undefined,
      StorageDescriptor: undefined,
    });
    if (!StorageDescriptor) return { members, descriptorMembers: '', descriptor: undefined };
    const { Location, Parameters, AdditionalLocations } = StorageDescriptor;
    return {
      members,
      descriptorMembers: membersOf({ Location, Parameters, AdditionalLocations }),
      descriptor: share(StorageDescriptor),
    };
  };
}

// Much faster than writing both as text. Columns with parameters of their own are rare, and are written.
function areSameColumns(some: readonly Column[] | undefined, others: readonly Column[] | undefined): boolean {
  if (some === others || !some || !others) return some === others;
  return (
    some.length === others.length &&
    some.every((column, index) => {
      const { Name, Type, Comment, Parameters } = others[index] as Column;
      return (
        column.Name === Name &&
        column.Type === Type &&
        column.Comment === Comment &&
        column.Parameters === undefined &&
        Parameters === undefined
      );
    })
  );
}

function haveSameFormat(one: StorageDescriptor, other: StorageDescriptor): boolean {
  for (const name in one) {
    if (name in NO_OWN_MEMBERS) continue;
    if (!isSame(one[name as keyof StorageDescriptor], other[name as keyof StorageDescriptor])) return false;
  }
  for (const name in other) if (!(name in one) && !(name in NO_OWN_MEMBERS)) return false;
  return true;
}

/** Of JSON values. Faster than writing both as text, and every partition of a batch is compared. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) &&
        isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
    )
  );
}

/** `prefix` is the table's part of the answer, `"DatabaseName":"d",...`; `descriptor` is undefined when there is none. */
export function putTogether(
  prefix: string,
  values: readonly string[],
  pieces: PartitionPieces,
  withoutColumns = false,
): string {
  const { members, descriptorMembers, descriptor } = pieces;
  const storage =
    descriptor &&
    `"StorageDescriptor":{${joined(
      descriptor.columns === null || withoutColumns ? '' : `"Columns":${descriptor.columns}`,
      descriptorMembers,
      descriptor.members,
    )}}`;
  return `{"Values":${JSON.stringify(values)},${joined(prefix, members, storage ?? '')}}`;
}

function membersOf(members: object): string {
  return JSON.stringify(members).slice(1, -1);
}

function joined(...texts: string[]): string {
  return texts.filter((text) => text !== '').join(',');
}
