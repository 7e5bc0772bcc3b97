// A change as a line of its plan's file.
import { sha256Bytes } from '../canonical-definition.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import type { Action, Change } from '../plan.js';

/** A change as a line of JSON, and where in it which part ends. */
export interface ChangeLine {
  action: Action;
  key: CatalogObjectKey;
  text: string;
  /** Characters before `current`, and before `wanted`. */
  headLength: number;
  currentLength: number;
  /** SHA-256 of the definition that was found; empty when there was none. */
  observed: Buffer;
}

/** What stands before the definitions. */
export const CURRENT = ',"current":';
export const WANTED = ',"wanted":';

/** Hash of none. */
export const NONE = Buffer.alloc(0);

/**
 * The same text for the same change, whoever wrote it down.
 * @param texts the definitions as canonical JSON
 */
export function changeLine(
  { action, key, VersionId, reason, evidence }: Change,
  texts: { current: string | undefined; wanted: string | undefined },
): ChangeLine {
  const version = VersionId === undefined ? {} : { VersionId };
  const { kind, ...names } = key;
  const parts = {
    ...{ action, ...version, reason },
    evidence: evidence.map(({ from, ...more }) => ({ from, ...membersInOrder(more) })),
    key: { kind, ...membersInOrder(names) },
  };
  const head = JSON.stringify(parts).slice(0, -1);
  const current = texts.current === undefined ? '' : CURRENT + texts.current;
  const wanted = texts.wanted === undefined ? '' : WANTED + texts.wanted;
  const headLength = head.length;
  const currentLength = headLength + current.length;
  const observed = texts.current === undefined ? NONE : sha256Bytes(texts.current);
  return { action, key, text: `${head}${current}${wanted}}`, headLength, currentLength, observed };
}

/** The same object with its members in the order of their names. */
export function membersInOrder<T extends object>(members: T): T {
  const entries = Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries) as T;
}
