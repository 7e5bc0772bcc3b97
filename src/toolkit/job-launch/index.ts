// Launching a Glue job when what it depends on is done: once, safely, and with a reason for every no.
export { evaluateEvent, type Decision, type Evaluation } from './evaluate.js';
export type { GateResult, Verdict } from './gates/gate.js';
export { isAtWork } from './job-runs.js';
export { launch, type LaunchOutcome, type LaunchRequest } from './launch.js';
export { parseLaunchEvent, type LaunchEvent } from './launch-event.js';
export {
  isLaunching,
  openLaunchRecords,
  type LaunchRecord,
  type LaunchRecords,
  type Lease,
} from './launch-records.js';
export type { LaunchScope } from './launch-scope.js';
export { manifestPreset, type PresetSpec } from './manifest-preset/manifest-preset.js';
export { undoPreparation, type Undone } from './prepare.js';
export { parseLaunchSpec, readLaunchSpec, type ReadText } from './read-launch-spec.js';
export { readObjectText } from './read-object.js';
export type { LaunchSpec } from './spec.js';
export { settle, type RunChange } from './settle.js';
export { sweep } from './sweep.js';
export { launchPolicy, type LaunchPolicyPlace } from './launch-policy.js';
export type { Notice } from './notify.js';
