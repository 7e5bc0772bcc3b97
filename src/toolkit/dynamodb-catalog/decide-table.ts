// From what a table asks for and what is there to its changes, each with its reason. Pure.
import { comparableCrawler } from '../stack/crawler.js';
import type { StackChange } from '../stack/decide.js';
import { differencesOf } from '../stack/differences.js';
import type { ObservedResource, Resource } from '../stack/resource.js';

/** What is found under one name that a table could have. */
export interface NameObservation {
  name: string;
  role: ObservedResource | undefined;
  crawler: ObservedResource | undefined;
}

const isOurs = (item: ObservedResource | undefined) =>
  item !== undefined && item.ownership.kind !== 'foreign';
const isOthers = (item: ObservedResource | undefined) => item?.ownership.owner !== undefined;

/**
 * The name that a table's role and crawler have or get: one under which something is ours, otherwise the first that
 * nothing made by gluepot for another table, region or catalog has. `isClaimed` tells of names that other tables take now.
 */
export function chooseName(
  candidates: readonly NameObservation[],
  isClaimed: (name: string) => boolean,
): NameObservation | undefined {
  const free = candidates.filter(
    ({ name, role, crawler }) => !isClaimed(name) && !isOthers(role) && !isOthers(crawler),
  );
  return free.find(({ role, crawler }) => isOurs(role) || isOurs(crawler)) ?? free[0];
}

/** The change that makes `current` what is wanted. */
export function decideObject(
  wanted: Resource,
  current: ObservedResource | undefined,
  adopt: boolean,
): StackChange {
  const { kind, name } = wanted;
  const change = (action: StackChange['action'], reason: string) => ({
    kind,
    name,
    action,
    reason,
    differences: [],
  });
  if (!current) return change('create', 'it is not there yet');
  const isForeign = current.ownership.kind === 'foreign';
  if (isForeign && !adopt) {
    return change(
      'conflict',
      `there is a ${kind} of this name that is not this catalog’s: ${current.ownership.evidence}. Take it over with --adopt`,
    );
  }
  const differences =
    kind === 'role'
      ? roleDifferences(wanted, current)
      : differencesOf(comparableCrawler(wanted.members), comparableCrawler(current.members));
  if (isForeign) {
    const reason = `taken over with --adopt: ${current.ownership.evidence}`;
    return { kind, name, action: 'update', reason, differences, isAdoption: true };
  }
  if (differences.length === 0) return change('skip', 'it is as the table asks');
  return { kind, name, action: 'update', reason: 'it is not as the table asks', differences };
}

// All policies of a role count, also those that others put on it. A boundary that nobody asked for is others' to set.
function roleDifferences(wanted: Resource, current: Resource) {
  const { PermissionsBoundary, ...members } = current.members;
  const isBound = wanted.members.PermissionsBoundary !== undefined;
  return differencesOf(wanted.members, isBound ? { ...members, PermissionsBoundary } : members, true);
}
