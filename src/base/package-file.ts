// Files of this package that are no modules. They are found by the package's name, since bundles stand elsewhere than sources.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The absolute path of a file of the package, given relative to its root. */
export function packageFile(path: string): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve('gluepot/package.json')), path);
}
