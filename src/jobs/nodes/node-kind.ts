// What a node kind is to the compiler: its members, how many inputs it takes, and the relation or write that it makes.
import type { CodeGenConfigurationNode } from '@aws-sdk/client-glue';
import type { Catalog } from '../../catalog/catalog.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { RunBookmark } from '../bookmarks/run-bookmark.js';
import type { GraphError } from '../plan/graph-error.js';
import type { Inspector } from '../plan/inspector.js';
import type { Relation, Write } from '../plan/plan.js';

export type KindName = Exclude<keyof CodeGenConfigurationNode, '$unknown'>;
export type NodeOf<Kind extends KindName> = NonNullable<CodeGenConfigurationNode[Kind]>;

/**
 * `used` members do what AWS Glue makes of them, or fail the run for a value that is not supported; `no-effect` ones
 * change no result on AWS either: they tune or describe.
 */
export type MemberUse = 'used' | 'no-effect';

/** What nodes are compiled against. */
export interface World {
  catalog: Catalog;
  storage: ObjectStorage;
  inspector: Inspector;
  /** Undefined when sources read everything. */
  bookmark?: RunBookmark | undefined;
  /** A line for the run's log. */
  log(line: string): void;
}

export interface NodeContext extends World {
  id: string;
  name: string;
  kind: KindName;
  /** Ids of the nodes that `inputs` come from. */
  inputIds: string[];
  /** The error for a node that cannot be compiled. Any other Error that a step throws is taken as being about the node. */
  error(message: string): GraphError;
}

interface KindBase<Kind extends KindName> {
  kind: Kind;
  /** One entry a member of AWS's model, so that a member which AWS adds is a decision to be made here. */
  members: Record<keyof Required<NodeOf<Kind>>, MemberUse>;
  inputCount: { least: number; most: number };
}

export interface RelationKind<Kind extends KindName> extends KindBase<Kind> {
  role: 'source' | 'transform';
  compile(node: NodeOf<Kind>, inputs: Relation[], context: NodeContext): Relation | Promise<Relation>;
}

export interface TargetKind<Kind extends KindName> extends KindBase<Kind> {
  role: 'target';
  compile(node: NodeOf<Kind>, inputs: Relation[], context: NodeContext): Write | Promise<Write>;
}

export type NodeKind<Kind extends KindName> = RelationKind<Kind> | TargetKind<Kind>;

export const NO_INPUT = { least: 0, most: 0 };
export const ONE_INPUT = { least: 1, most: 1 };
export const TWO_INPUTS = { least: 2, most: 2 };
