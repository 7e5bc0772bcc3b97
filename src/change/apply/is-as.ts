// Whether an object is as a change found it, or as it wants it.
import { definitionHash, definitionText } from '../canonical-definition.js';
import type { CatalogObject, CatalogObjectKind } from '../catalog-object.js';
import type { PackedChange } from '../plan/change-block.js';

/** @param object undefined when it is not there */
export function isAs(
  change: PackedChange,
  side: 'current' | 'wanted',
  object: CatalogObject | undefined,
): boolean {
  if (!object || !change.has(side)) return !object && !change.has(side);
  const { key, definition } = object;
  // Hashes are at hand, whatever the order in which a catalog is read.
  return side === 'current'
    ? change.observedHash === definitionHash<CatalogObjectKind>(key.kind, definition)
    : change.text('wanted') === definitionText<CatalogObjectKind>(key.kind, definition);
}
