// The one way to alter a catalog: observe, decide by three states, plan, guard, apply with a journal, resume or roll back.
export type {
  CatalogObject,
  CatalogObjectKey,
  CatalogObjectKind,
  Definition,
  DefinitionOfKind,
  ObjectOf,
  Provenance,
} from './catalog-object.js';
export { isSameDefinition } from './canonical-definition.js';
export { keyLabel, keyText, ownersOf, tableKeyOf } from './catalog-key.js';
export { KeyNumbers } from './key-numbers.js';
export type { CatalogAccess } from './catalog-access.js';
export { requireHome, requireReach } from './catalog-home.js';
export { definitionDifferences, type DefinitionDifference } from './definition-differences.js';
export type { Action, Change, Evidence, Plan, PlanSubject } from './plan.js';
export {
  decideChange,
  type ConflictPolicy,
  type Knowledge,
  type ObjectStates,
  type ThreeWayOptions,
} from './three-way.js';
export { tableFormatOf, type TableFormat } from './table-format.js';
export {
  buildPlan,
  countActions,
  databasesOf,
  isActing,
  openPlan,
  planHash,
  requirePlan,
  type ActionCounts,
  type PlanBuilder,
  type PlanParts,
} from './plan/build-plan.js';
export { openChangePacker } from './plan/pack-changes.js';
export { type PackedChange } from './plan/change-block.js';
export { lossesOfPlan, statisticsRead, type StatisticsRead } from './plan/losses.js';
export { lookedAt, objectsLookedAt } from './plan/objects-looked-at.js';
export { parsePlanGzip } from './plan/plan-gzip.js';
export {
  openPlanReader,
  parsePlan,
  planGzip,
  planParts,
  planText,
  type PlanReader,
} from './plan/plan-text.js';
export {
  checkGuards,
  guardRefusals,
  parseDeleteLimit,
  PROTECTED_PARAMETER,
  type DeleteLimit,
  type GuardLimits,
} from './guards.js';
export { openDocumentStore, type DocumentStore } from './document-store.js';
export { applyPlan } from './apply/apply-plan.js';
export { resumeApply } from './apply/resume-apply.js';
export { rollBackApply } from './apply/roll-back-apply.js';
export type { ApplyOptions, ApplyPlanOptions } from './apply/apply-options.js';
export { requireFresh } from './apply/first-look.js';
export {
  PartialApplyError,
  type ApplyEvent,
  type ApplyReport,
  type Shortcoming,
} from './apply/apply-report.js';
export { openJournal, type Journal } from './journal/journal.js';
export { changesDatabase, readJournalHead, type JournalHead } from './journal/journal-head.js';
export { journalTime, lastWrites, listJournals } from './journal/journal-names.js';
export type { JournalEntry, JournalOperation } from './journal/journal-entry.js';
export { readObjects, type ReadObjects, type VisitObject } from './read-objects.js';
