// --store: where snapshots are kept.
import { Option } from 'commander';

export interface StoreOptions {
  store?: string;
}

export function storeOption(): Option {
  return new Option(
    '--store <place>',
    'where snapshots are kept: a folder or s3://BUCKET/PREFIX (default: snapshots/ in the data directory)',
  ).env('GLUEPOT_SNAPSHOT_STORE');
}
