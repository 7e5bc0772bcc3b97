// The version in package.json.
import { readFileSync } from 'node:fs';
import { packageFile } from '../base/package-file.js';

export function readVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}
