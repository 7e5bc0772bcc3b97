// Fills the small disk of its argument, and prints what storage made of it as JSON.
import { BUCKET, openStorageHarness } from './storage-harness.js';
import type { AwsError } from '../../src/wire/aws-error.js';

const lake = openStorageHarness({ folder: process.argv[2] as string });
const failure = async (write: Promise<unknown>) => {
  const error = (await write.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as AwsError | undefined;
  return error && { name: error.name, statusCode: error.statusCode, message: error.message };
};

await lake.put('large', 'x'.repeat(1024 * 1024));
const large = await failure(lake.put('large', 'x'.repeat(8 * 1024 * 1024)));

// Until there is no room for the least thing: a folder, a row of the state.
const written: string[] = [];
let small: Awaited<ReturnType<typeof failure>>;
while (!small) {
  const key = `folder-${written.length}/k`;
  small = await failure(lake.put(key, 'y'.repeat(2000)));
  if (!small) written.push(key);
}
const source = lake.storage.open(BUCKET, 'large');
const copied = await failure(lake.storage.putCopy(BUCKET, 'copy', source, {}));
source.close();
const outcome = {
  large,
  small,
  copied,
  unfinished: lake.unfinished(),
  isComplete: JSON.stringify(lake.keys()) === JSON.stringify([...written, 'large'].sort()),
  isUnchanged: lake.storage.head(BUCKET, 'large')?.size === 1024 * 1024,
  isWhole: written.every((key) => lake.storage.head(BUCKET, key)?.size === 2000),
};
lake.storage.delete(BUCKET, 'large');
await lake.put('afterwards', 'written once there was room');
console.log(JSON.stringify({ ...outcome, afterwards: await lake.text('afterwards') }));
lake.close();
