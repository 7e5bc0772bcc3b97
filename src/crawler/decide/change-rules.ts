// What a crawler's definition says of changes to what is catalogued.
import type { CrawlerConfiguration } from '../configuration.js';
import type { CrawlerDefinition } from '../crawler.js';

export interface ChangeRules {
  updateBehavior: 'UPDATE_IN_DATABASE' | 'LOG';
  deleteBehavior: 'DEPRECATE_IN_DATABASE' | 'DELETE_FROM_DATABASE' | 'LOG';
  isMergingNewColumns: boolean;
  arePartitionsInherited: boolean;
}

export function changeRules(
  { SchemaChangePolicy }: Pick<CrawlerDefinition, 'SchemaChangePolicy'>,
  configuration: CrawlerConfiguration,
): ChangeRules {
  return {
    updateBehavior: SchemaChangePolicy.UpdateBehavior,
    deleteBehavior: SchemaChangePolicy.DeleteBehavior,
    isMergingNewColumns: configuration.isMergingNewColumns,
    arePartitionsInherited: configuration.arePartitionsInherited,
  };
}
