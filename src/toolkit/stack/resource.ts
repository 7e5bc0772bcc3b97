// The things that a stack is made of, as plain data: what is wanted, what is there, and who can do something about it.
import type { UploadSource } from '../../aws/large-objects.js';
import type { Ownership } from './ownership.js';

export type Members = Record<string, unknown>;

/** Kinds in the order in which they are made; they go in the reverse order. */
export const RESOURCE_KINDS = ['role', 'bucket', 'database', 'crawler', 'job', 'trigger'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export interface Resource {
  kind: ResourceKind;
  name: string;
  /** What is asked for, or what is there, in the same form; see the file of each kind. */
  members: Members;
}

export interface ObservedResource extends Resource {
  ownership: Ownership;
}

/** The AWS operations on one kind of resource. Everything it makes carries our tags from the start. */
export interface ResourceHandler {
  observe(name: string): Promise<ObservedResource | undefined>;
  create(resource: Resource): Promise<void>;
  update(resource: Resource, current: Resource): Promise<void>;
  /** Puts our tags on a resource that somebody else made. */
  adopt(name: string): Promise<void>;
  /** Stops what runs, then deletes. No error when it is already gone. */
  delete(name: string): Promise<void>;
}

/** An object that the stack puts into its bucket. */
export interface WantedObject extends UploadSource {
  key: string;
  sha256: string;
  md5: string;
  /** Where it comes from, for people. */
  source: string;
}

export interface ObservedObject {
  key: string;
  size: number;
  /** Without quotes. */
  etag: string;
}
