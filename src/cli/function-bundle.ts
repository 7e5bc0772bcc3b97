// The Lambda functions that come with gluepot: their code as it is deployed, and what a deployment needs to know.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../base/package-file.js';

export interface FunctionBundle {
  /** As its folder in deploy/ and its guide, e.g. `catalog-snapshot`. */
  name: string;
  description: string;
  handler: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** The template's variables with the defaults of its parameters. */
  environment: Record<string, string>;
  /** Variables that nobody can guess, with what they are like: `s3://${BucketName}/gluepot/snapshots`. */
  needs: Record<string, string>;
  /** Where its code is. */
  folder: string;
}

/** In order of names: whatever the build has made of the templates in deploy/. */
export function readFunctionBundles(): FunctionBundle[] {
  const root = packageFile('dist/function-bundles');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort()
    .map((name) => {
      const folder = join(root, name);
      const facts = JSON.parse(readFileSync(join(folder, 'function.json'), 'utf8')) as Omit<
        FunctionBundle,
        'folder'
      >;
      return { ...facts, folder };
    });
}
