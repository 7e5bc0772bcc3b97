// Batch calls: each item succeeds or fails for itself.
import { AwsError } from '../wire/aws-error.js';

interface ErrorDetail {
  ErrorCode: string;
  ErrorMessage: string;
}

/** Does `act` for each item and answers with an entry for each that failed; what is not an AwsError ends the batch. */
export function errorsOf<Item, Entry>(
  items: readonly Item[],
  act: (item: Item) => void,
  entryOf: (item: Item, error: ErrorDetail) => Entry,
): Entry[] {
  const entries: Entry[] = [];
  for (const item of items) {
    try {
      act(item);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      entries.push(entryOf(item, { ErrorCode: error.name, ErrorMessage: error.message }));
    }
  }
  return entries;
}
