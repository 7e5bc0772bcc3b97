// Writes objects without end in the folder of its argument, and prints each key and version once it is acknowledged.
import { openStorageHarness, versionText, WRITTEN_KEYS } from './storage-harness.js';
import { BUCKET } from './storage-harness.js';

const lake = openStorageHarness({ folder: process.argv[2] as string });
const write = async (key: string) => {
  for (let version = Number(process.argv[3]); ; version++) {
    const contentType = `text/version-${version}`;
    await lake.storage.put(BUCKET, key, Buffer.from(versionText(key, version)), { contentType });
    process.stdout.write(`${key} ${version}\n`);
  }
};
await Promise.all(WRITTEN_KEYS.map(write));
