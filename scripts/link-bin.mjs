// Puts the gluepot command into node_modules/.bin, so that `npx gluepot` works in a checkout without a registry.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';

const link = 'node_modules/.bin/gluepot';
if (existsSync('src') && !existsSync(link) && process.platform !== 'win32') {
  mkdirSync('node_modules/.bin', { recursive: true });
  symlinkSync('../../bin/gluepot.mjs', link);
}
