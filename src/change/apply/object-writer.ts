// What carries out changes of one kind: up to so many at once, all of one table or database.
import type { CatalogAccess } from '../catalog-access.js';
import type { CatalogObject } from '../catalog-object.js';
import type { PackedChange } from '../plan/change-block.js';
import type { WriteFailure } from './write-failure.js';

export interface WriteItem {
  change: PackedChange;
  /** As it was read right before. */
  found: CatalogObject | undefined;
}

/**
 * Makes each item as it is wanted, or removes it.
 * @returns for each item what went wrong with it, undefined when nothing did; throws what concerns all of them
 */
export type WriteObjects = (
  access: CatalogAccess,
  items: readonly WriteItem[],
) => Promise<(WriteFailure | undefined)[]>;
