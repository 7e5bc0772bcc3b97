// A command that goes on with what another one did, as it can be typed: in the same store, account and data directory.
import { DEFAULT_DATA_DIR } from '../connect.js';
import type { GlobalOptions } from './global-options.js';
import type { StoreOptions } from './store-option.js';

/** Where something was done: what the command line said of it. */
export interface GivenPlace {
  options: GlobalOptions;
  given: StoreOptions;
}

export function commandToType({ options, given }: GivenPlace, ...words: string[]): string {
  const { target, dataDir, region, profile, endpointUrl } = options;
  const flags = {
    '--store': given.store,
    '--target': target === 'local' ? undefined : target,
    '--data-dir': target !== 'local' || dataDir === DEFAULT_DATA_DIR ? undefined : dataDir,
    '--region': region,
    '--profile': profile,
    '--endpoint-url': endpointUrl,
  };
  const places = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  return ['gluepot', ...[...words, ...places].map(quoted)].join(' ');
}

/** For a shell. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
