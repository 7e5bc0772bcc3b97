// Whose a resource is, told by its tags: the only evidence on which anything is changed or deleted.
import type { StackScope } from './stack-scope.js';

const STACK_TAG = 'gluepot:stack';
// IAM roles have no region, so the same stack in two regions could take one role for its own.
const REGION_TAG = 'gluepot:region';
const ADOPTED_TAG = 'gluepot:adopted';

export interface Ownership {
  /** `adopted` is ours to update but was there before us, so destroy leaves it. */
  kind: 'ours' | 'adopted' | 'foreign';
  /** Why `kind`, as the end of a sentence about the resource. */
  evidence: string;
  /** What the tags of a foreign resource say it belongs to; undefined when nothing made by gluepot owns it. */
  owner?: string;
}

export function ownershipTags(
  scope: Pick<StackScope, 'stack' | 'region' | 'tags'>,
  options: { isAdopted?: boolean } = {},
): Record<string, string> {
  return {
    ...scope.tags,
    [STACK_TAG]: scope.stack,
    [REGION_TAG]: scope.region,
    ...(options.isAdopted ? { [ADOPTED_TAG]: 'true' } : {}),
  };
}

export function ownershipOf(
  tags: Readonly<Record<string, string>>,
  scope: Pick<StackScope, 'stack' | 'region' | 'tags'>,
): Ownership {
  const stack = tags[STACK_TAG];
  const region = tags[REGION_TAG];
  if (stack === undefined) return { kind: 'foreign', evidence: `it has no tag ${STACK_TAG}` };
  if (stack !== scope.stack || region !== scope.region) {
    return {
      kind: 'foreign',
      evidence: `its tags say that it belongs to stack "${stack}" in ${region ?? 'no region'}`,
      owner: stack,
    };
  }
  for (const [name, value] of Object.entries(scope.tags ?? {})) {
    if (tags[name] === value) continue;
    const said = tags[name] === undefined ? 'is not there' : `says "${tags[name]}"`;
    return { kind: 'foreign', evidence: `its tag ${name} ${said}`, owner: tags[name] ?? stack };
  }
  if (tags[ADOPTED_TAG] === 'true')
    return { kind: 'adopted', evidence: 'it was there before this stack adopted it' };
  return { kind: 'ours', evidence: `its tag ${STACK_TAG} says "${stack}"` };
}
