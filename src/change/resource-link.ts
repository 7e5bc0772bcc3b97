// Resource links: names in one catalog for databases and tables of another, which what is written to the link is written to.
import type { DatabaseInput, TableInput } from '@aws-sdk/client-glue';
import type { Definition } from './catalog-object.js';

/**
 * Whether a definition is that of a link. AWS answers a link with the members of what it leads to, and updates of it, of its
 * partitions and of its statistics change what it leads to (AWS docs, "Resource link handling in AWS Glue APIs").
 */
export function isResourceLink(definition: Definition | undefined): boolean {
  const { TargetTable, TargetDatabase } = (definition ?? {}) as TableInput & DatabaseInput;
  return TargetTable !== undefined || TargetDatabase !== undefined;
}
