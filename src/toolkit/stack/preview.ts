// A look at what a stack produced: its tables, and the first rows of its outputs.
import { listObjects } from './objects.js';
import { readOutputRows, type OutputRows } from './output-rows.js';
import type { ObservedObject } from './resource.js';
import type { StackSpec } from './spec.js';
import type { StackScope } from './stack-scope.js';
import { listTables, summarizeTable, type TableSummary } from './tables.js';
import { isOutput } from './verify.js';
import { wantedStack } from './wanted.js';

export interface OutputPreview {
  prefix: string;
  objects: ObservedObject[];
  /** Of the first object; undefined when there is none. */
  first: OutputRows | undefined;
}

export interface StackPreview {
  bucket: string;
  tables: TableSummary[];
  outputs: OutputPreview[];
}

/** The tables of the stack's database, and a look at each output that the file's `verify` names. */
export async function previewStack(
  scope: StackScope,
  spec: StackSpec,
  rowCountMax: number,
): Promise<StackPreview> {
  const { bucket, database, verify } = wantedStack(spec, scope);
  const tables = database === undefined ? [] : (await listTables(scope, database)).map(summarizeTable);
  const outputs: OutputPreview[] = [];
  for (const { prefix } of verify.outputs ?? []) {
    const objects: ObservedObject[] = [];
    for await (const object of listObjects(scope, bucket, prefix))
      if (isOutput(object.key)) objects.push(object);
    const [first] = objects;
    outputs.push({
      prefix,
      objects,
      first: first && (await readOutputRows(scope, bucket, first, rowCountMax)),
    });
  }
  return { bucket, tables, outputs };
}
