// A partition as it is stored, in three pieces: its own members, its descriptor's own members, and the descriptor that
// it shares with other partitions of the table. Put together they are the JSON text that GetPartition answers.
import type { Column, PartitionInput } from '@aws-sdk/client-glue';
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

/** Takes partitions of one table apart. Those that come after another and share its descriptor get the same object. */
export function openTakeApart(): (input: PartitionInput, creationTime: number) => PartitionPieces {
  let columns: readonly Column[] | undefined;
  let last: SharedDescriptor = { columns: null, members: '' };
  const share = (ownColumns: readonly Column[] | undefined, members: string): SharedDescriptor => {
    const isSame = ownColumns !== undefined && columns !== undefined && areSameColumns(ownColumns, columns);
    if (isSame && members === last.members) return last;
    const text = isSame ? last.columns : ownColumns ? JSON.stringify(ownColumns) : null;
    columns = ownColumns;
    return (last = { columns: text, members });
  };
  return (input, creationTime) => {
    const { StorageDescriptor, LastAccessTime, LastAnalyzedTime, ...rest } = input;
    const members = membersOf({
      CreationTime: creationTime,
      LastAccessTime: secondsOf(LastAccessTime),
      LastAnalyzedTime: secondsOf(LastAnalyzedTime),
      ...rest,
      Values: undefined,
    });
    if (!StorageDescriptor) return { members, descriptorMembers: '', descriptor: undefined };
    const { Columns, Location, Parameters, AdditionalLocations, ...shared } =
      withDescriptorDefaults(StorageDescriptor);
    return {
      members,
      descriptorMembers: membersOf({ Location, Parameters, AdditionalLocations }),
      descriptor: share(Columns, membersOf(shared)),
    };
  };
}

// Much faster than writing both as text. Columns with parameters of their own are rare, and are written.
function areSameColumns(some: readonly Column[], others: readonly Column[]): boolean {
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
