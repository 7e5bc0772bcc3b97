// All functions by name.
import { AGGREGATE_FUNCTIONS } from './aggregate-functions.js';
import { COLLECTION_FUNCTIONS } from './collection-functions.js';
import { DERIVED_COLLECTION_FUNCTIONS } from './derived-collection-functions.js';
import { FORMAT_FUNCTIONS } from './format-function.js';
import type { FunctionDefinition } from './function-definition.js';
import { JSON_FUNCTIONS } from './json-functions.js';
import { NUMBER_FUNCTIONS } from './number-functions.js';
import { OTHER_FUNCTIONS } from './other-functions.js';
import { TEXT_FUNCTIONS } from './text-functions.js';
import { TIME_FUNCTIONS } from './time-functions.js';

export const FUNCTIONS: ReadonlyMap<string, readonly FunctionDefinition[]> = byName();

function byName(): Map<string, FunctionDefinition[]> {
  const functions = new Map<string, FunctionDefinition[]>();
  const all = [
    ...TEXT_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...TIME_FUNCTIONS,
    ...COLLECTION_FUNCTIONS,
    ...DERIVED_COLLECTION_FUNCTIONS,
    ...FORMAT_FUNCTIONS,
    ...JSON_FUNCTIONS,
    ...AGGREGATE_FUNCTIONS,
    ...OTHER_FUNCTIONS,
  ];
  for (const each of all) functions.set(each.name, [...(functions.get(each.name) ?? []), each]);
  return functions;
}
