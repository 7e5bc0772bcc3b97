// What users import in their own tests: an embedded AWS, and a clock and identifiers that the test owns.
export { manualClock, steppingClock, type Clock, type ManualClock } from '../base/clock.js';
export { countingIds, type Ids } from '../base/ids.js';
export { openEmbedded, type Embedded, type EmbeddedClients, type EmbeddedOptions } from '../embedded.js';
