// What npm runs in a checkout after an install and before it packs: builds, and puts the gluepot command into node_modules/.bin.
import { execSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';

// What is published holds nothing of files that are gone from src.
if (['pack', 'publish'].includes(process.env.npm_command)) rmSync('dist', { recursive: true, force: true });

// The first `npx gluepot` in a checkout prepares it as well. What `npm ci` built a moment ago is not built again: that takes half a
// minute in which nothing is printed, and takes away the files of a gluepot that runs.
const isBuilt = existsSync('dist/command/main.js');
if (process.env.npm_command !== 'exec' || !isBuilt) execSync('npm run build', { stdio: 'inherit' });

// `npx gluepot` works in a checkout without a registry.
const link = 'node_modules/.bin/gluepot';
if (!existsSync(link) && process.platform !== 'win32') {
  mkdirSync('node_modules/.bin', { recursive: true });
  // One to a command of an earlier version leads nowhere.
  rmSync(link, { force: true });
  symlinkSync('../../bin/gluepot.cjs', link);
}
