// A pipeline described in one file: planned, applied, verified and destroyed, on an account or on the embedded AWS.
export { applyStack, type AppliedRun, type ApplyReport, type StackProgress } from './apply.js';
export type { StackChange } from './decide.js';
export type { DestroyStep } from './decide-destroy.js';
export type { RunDecision } from './decide-runs.js';
export { destroyStack, planDestroy, type DestroyPlan, type DestroyReport } from './destroy.js';
export type { Difference } from './differences.js';
export { countPlan, planStack, type PlanCounts, type PlanOptions, type StackPlan } from './plan.js';
export { previewStack, type OutputPreview, type StackPreview } from './preview.js';
export type { StackSpec } from './spec.js';
export { parseStackSpec, readStackSpec } from './spec-reading.js';
export { openStackScope, type StackScope } from './stack-scope.js';
export { verifyStack, type StackCheck } from './verify.js';
export type { TableSummary } from './tables.js';
