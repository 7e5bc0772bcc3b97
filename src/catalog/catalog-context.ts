// What every part of the catalog is opened with.
import type { Clock } from '../base/clock.js';
import type { EmitEvent } from '../events/event.js';
import type { State } from '../state/state.js';
import type { ColumnsOf } from './schema-reference.js';

export interface CatalogContext {
  state: State;
  clock: Clock;
  accountId: string;
  region: string;
  /** Asks the schema registry. */
  columnsOf: ColumnsOf;
  emit: EmitEvent;
}
