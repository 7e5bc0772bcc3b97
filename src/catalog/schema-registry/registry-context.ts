// What every part of the schema registry is opened with.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { State } from '../../state/state.js';
import type { Tags } from '../tag.js';

export interface RegistryContext {
  state: State;
  clock: Clock;
  ids: Ids;
  accountId: string;
  region: string;
  tags: Tags;
}
